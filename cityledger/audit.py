"""Audit: judge the marts of a build before anyone is shown them.

The expectations are in `expectations/`. One of severity `critical` stops the night, a
`warning` tells; a question that could not be answered stops it too. Before it judges,
the gate is shown rows that it must refuse: if it lets them pass, it is broken.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from cityledger import free_text, ledger, runs, warehouse
from cityledger.errors import OperatorError
from cityledger.files import write_text
from cityledger.release.personal import Scanner, names_in
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition

    from expectations import Check

KEEP_AUDITS: Final = 60
_SHOWN_ROWS: Final = 5
_CRITICAL: Final = "critical"
SEVERITIES: Final = {_CRITICAL: "停止", "warning": "警告"}
# What a row holds, as the operator calls it.
_WORDS: Final = {
    "value": "数值",
    "target": "目标",
    "denominator": "分母",
    "completeness": "完整度",
    "null_reason": "无数据原因",
    "status": "状态",
    "stage": "阶段",
    "lost": "相差行数",
    "share_of_usual": "为平时的倍数",
    "quarantined_share": "隔离占比",
    "jump_points": "变动百分点",
    "jump_percent": "变动%",
    "gap_percent": "差额%",
    "unread_files": "未取用文件",
    "share_of_one_rule": "占当日磅单",
    "kg_per_ticket": "每车kg",
    "usual_kg_per_ticket": "此前每车kg",
    "times_usual_load": "为此前的倍数",
    "top_mark": "最高分",
    "odd_cases": "案卷数",
    "difference_kg": "相差kg",
    "difference_lit": "相差盏夜",
    "difference_due": "相差盏夜",
    "green_cover_percent": "绿化覆盖率",
    "green_space_percent": "绿地率",
    "county_rows": "全县行数",
    "rows_of_this_night": "本晚行数",
    "records_without_period": "记录数",
    "kind": "类别",
}


class AuditError(OperatorError):
    """The gate itself does not work, so nothing may pass it."""


@dataclass(frozen=True)
class Finding:
    """One expectation that was not met: what is wrong, where, and what to do."""

    check: str
    suite: str
    severity: str
    notes: str
    count: int
    rows: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in a line."""
        if not self.rows:
            return f"{self.check}：{self.notes}"
        shown = "；".join(self.rows)
        more = f" 等 {self.count} 处" if self.count > len(self.rows) else ""
        return f"{self.check}：{self.notes}【{shown}{more}】"


@dataclass(frozen=True)
class AuditResult:
    """What the gate found in one build."""

    run_id: str
    as_of: date
    audited_at: datetime
    failures: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    canary_ok: bool
    expectations: int
    duration_s: float

    @property
    def passed(self) -> bool:
        """Say whether the build may be published."""
        return self.canary_ok and not self.failures


def audit(settings: Settings) -> AuditResult:
    """Judge the marts in the warehouse; nothing is changed but the audit's own note."""
    began = time.monotonic()
    # Here, not above: importing Great Expectations takes seconds.
    checks, canary = _expectations()
    folders = settings.folders
    with warehouse.read(folders) as connection:
        run_id, as_of = _built(connection)
        _show_ledgers(connection, folders)
        _show_telemetry(connection, folders)
        _show_personal(connection)
        _prove_the_gate_can_refuse(connection, canary)
        findings = [
            finding for check in checks for finding in _judge(connection, check)
        ]
    result = AuditResult(
        run_id=run_id,
        as_of=as_of,
        audited_at=runs.county_now(),
        failures=tuple(f for f in findings if f.severity == _CRITICAL),
        warnings=tuple(f for f in findings if f.severity != _CRITICAL),
        canary_ok=True,
        expectations=sum(len(check.suite.expectations) for check in checks),
        duration_s=round(time.monotonic() - began, 2),
    )
    keep(result, folders)
    return result


def keep(result: AuditResult, folders: DataDir) -> None:
    """Keep what was found for the status pages, and only the last few."""
    entry = {"passed": result.passed, **asdict(result)}
    text = json.dumps(entry, ensure_ascii=False, indent=1, default=str)
    write_text(_audits(folders) / f"{result.run_id}.json", text)
    for path in sorted(_audits(folders).glob("[!.]*.json"))[:-KEEP_AUDITS]:
        path.unlink()


def last(folders: DataDir, run_id: str | None = None) -> dict[str, Any] | None:
    """Return the newest audit, or a run's, as it was kept."""
    paths = sorted(_audits(folders).glob("[!.]*.json"))
    wanted = [path for path in paths if run_id is None or path.stem == run_id]
    if not wanted:
        return None
    newest: dict[str, Any] = json.loads(wanted[-1].read_text(encoding="utf-8"))
    return newest


def kept(folders: DataDir) -> list[dict[str, Any]]:
    """Return the audits that are kept, oldest first."""
    return [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(_audits(folders).glob("[!.]*.json"))
    ]


def totals(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a kept audit as a row of the pages: how many checks, how many failed."""
    return {
        "run_id": entry["run_id"],
        "as_of": date.fromisoformat(entry["as_of"]),
        "checks": entry["expectations"],
        "failures": len(entry["failures"]),
        "warnings": len(entry["warnings"]),
    }


def findings(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a kept audit found as rows of the pages, what stops first."""
    return [
        {
            "run_id": entry["run_id"],
            "as_of": date.fromisoformat(entry["as_of"]),
            "position": position,
            "severity": SEVERITIES[found["severity"]],
            "check_name": found["check"],
            "note": found["notes"],
            "places": found["count"],
            "observed": "；".join(found["rows"]) or None,
        }
        for position, found in enumerate(
            [*entry["failures"], *entry["warnings"]], start=1
        )
    ]


def _expectations() -> "tuple[tuple[Check, ...], tuple[Check, ...]]":
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    from expectations import CANARY, CHECKS  # noqa: PLC0415 - see audit()

    return CHECKS, CANARY


def _built(connection: duckdb.DuckDBPyConnection) -> tuple[str, date]:
    row = connection.execute("select run_id, as_of_date from ops.parameters").fetchone()
    if not row:
        raise AuditError("仓库里没有一次完整的计算；请先运行 cityledger build")
    return row[0], row[1]


def _show_ledgers(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> None:
    """Lay the ledger's files and the published ledger beside the mart."""
    connection.execute(f"create temp view recorded_editions as {ledger.query(folders)}")
    shown = folders.current / LEADERS
    if shown.exists():
        path = str(shown.resolve()).replace("'", "''")
        connection.execute(f"attach '{path}' as shown (read_only)")
        source = "shown.main.indicator_ledger"
    else:
        source = "(from recorded_editions limit 0)"
    connection.execute(f"create temp view shown_editions as from {source}")


def _show_telemetry(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> None:
    """Lay beside the marts how many rows each landed telemetry file says it holds."""
    files = folders.landing / "lighting" / "lamp_telemetry"
    if any(files.glob("*/*.parquet")):
        pattern = str(files / "*" / "*.parquet").replace("'", "''")
        source = f"parquet_file_metadata('{pattern}')"
    else:
        source = "(select null as file_name, null as num_rows limit 0)"
    connection.execute(
        "create temp view landed_polls as "  # noqa: S608 - our own words
        f"select file_name as path, num_rows as row_count from {source}"
    )


def _show_personal(connection: duckdb.DuckDBPyConnection) -> None:
    """Lay beside the marts where their texts hold personal data."""
    scanner = Scanner(names_in(connection))
    found = [
        (one.table, one.column, one.record, one.kind)
        for one in free_text.find(connection, "marts", scanner)
    ]
    connection.execute(
        "create temp table personal_texts "
        "(mart varchar, column_name varchar, record varchar, kind varchar)"
    )
    if found:
        connection.executemany("insert into personal_texts values (?, ?, ?, ?)", found)


def _prove_the_gate_can_refuse(
    connection: duckdb.DuckDBPyConnection, canary: "tuple[Check, ...]"
) -> None:
    """Show the gate what it must refuse, what it cannot answer, what it must tell."""
    impossible, unanswerable, merely_odd = (
        [finding.severity for finding in _judge(connection, check)] for check in canary
    )
    refusals = [e for e in canary[0].suite.expectations if _severity(e) == _CRITICAL]
    if (
        impossible.count(_CRITICAL) != len(refusals)
        or unanswerable != [_CRITICAL]
        or merely_odd != ["warning"]
    ):
        raise AuditError(
            "内部错误：质量闸门放过了金丝雀（故意做错的数据），说明闸门失灵，"
            "本次不予发布。请联系维护人员检查 expectations 目录和 "
            "Great Expectations 的版本"
        )


def _judge(connection: duckdb.DuckDBPyConnection, check: "Check") -> list[Finding]:
    """Ask one check's questions of its rows; return those answered badly or not."""
    try:
        frame = _frame(connection, check.rows)
    except duckdb.Error as error:
        return [_unanswered(check, _first_line(error))]
    answers = (
        _batches()
        .get_batch(batch_parameters={"dataframe": frame})
        .validate(
            check.suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": list(check.where),
            },
        )
        .results
    )
    return [_finding(check, answer) for answer in answers if not answer.success]


def _finding(check: "Check", answer: "ExpectationValidationResult") -> Finding:
    if problem := _exception(answer.exception_info or {}):
        return _unanswered(check, problem)
    expectation = answer.expectation_config
    assert expectation  # noqa: S101 - every answer names its question
    result = answer.result or {}
    rows = result.get("unexpected_index_list") or []
    count = result.get("unexpected_count") or len(rows)
    return Finding(
        check=check.title,
        suite=check.suite.name,
        severity=_severity(expectation),
        notes=str(expectation.notes),
        count=int(count),
        rows=tuple(_row(check, row) for row in rows[:_SHOWN_ROWS]),
    )


def _unanswered(check: "Check", problem: str) -> Finding:
    """Say that a question could not be answered; that is never a pass."""
    return Finding(
        check.title,
        check.suite.name,
        _CRITICAL,
        f"检验没有做成，不能算通过（{problem}）。"
        "请重新运行这一晚；仍不通过时联系维护人员。",
        1,
    )


def _exception(info: dict[str, Any]) -> str | None:
    """Return why an expectation broke down; GX reports it in two shapes."""
    each = [info] if "raised_exception" in info else list(info.values())
    for one in each:
        if one.get("raised_exception"):
            return str(one.get("exception_message") or "未知原因").split("\n")[0][:200]
    return None


def _row(check: "Check", row: dict[str, Any]) -> str:
    """Say which row is meant and what it holds."""
    place = " ".join(str(row[name]) for name in check.where if name in row)
    held = [
        f"{_WORDS.get(name, name)} {_text(value)}"
        for name, value in row.items()
        if name not in check.where
    ]
    return f"{place}（{'，'.join(held)}）" if held else place


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _severity(expectation: Any) -> str:  # noqa: ANN401 - GX has two classes for one
    return str(getattr(expectation.severity, "value", expectation.severity))


def _frame(connection: duckdb.DuckDBPyConnection, query: str) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - see audit()

    rows: pa.Table = connection.sql(query).to_arrow_table()
    frame: pd.DataFrame = rows.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


@cache
def _batches() -> "BatchDefinition[Any]":
    """Return Great Expectations' way to take a frame, set up once and silent."""
    import great_expectations as gx  # noqa: PLC0415 - see audit()
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        ProgressBarsConfig,
    )

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("marts")
    asset = source.add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all")


def _audits(folders: DataDir) -> Path:
    return folders.state / "audits"


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
