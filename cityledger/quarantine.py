"""Quarantine: rows that broke a rule, back to their owner; or waived, by name."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import duckdb

from cityledger import runs, warehouse
from cityledger.errors import OperatorError, UsageError
from cityledger.files import name_for, write_text
from cityledger.settings import DataDir, Settings
from cityledger.text import clean

STATUSES: Final = {"open": "待处理", "resubmitted": "已重报", "waived": "已豁免"}
SOURCES: Final = {
    "cases": "案卷平台",
    "case_events": "案卷平台",
    "callbacks": "案卷平台",
    "weighbridge": "地磅",
    "sanitation": "环卫作业",
    "inspections": "检查考核",
    "lighting": "路灯控制系统",
    "registers": "台账",
    "reference": "基础代码表",
}
_SHORT: Final = 12


@dataclass(frozen=True)
class Unit:
    """One quarantined row or file; `raw` may hold personal data."""

    quarantine_id: str
    source: str
    source_table: str
    owner: str
    rule: str
    message: str
    file: str | None
    sheet: str | None
    line_or_key: str | None
    status: str
    first_seen_as_of: date
    raw: str | None

    @property
    def short_id(self) -> str:
        """Enough of the id to name it on a screen."""
        return self.quarantine_id[:_SHORT]


@dataclass(frozen=True)
class Filter:
    """Which units are meant; an empty field means any."""

    source: str = ""
    rule: str = ""
    status: str = "open"
    owner: str = ""


@dataclass(frozen=True)
class Waiver:
    """Who let a broken row rest, why and when."""

    quarantine_id: str
    waived_as_of: date
    waived_at: datetime
    reason: str
    waived_by: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with some quarantined rows, with one of them to look at."""

    source: str
    source_table: str
    rule: str
    fault: str
    rows_quarantined: int
    open: int
    example_file: str | None
    example_line_or_key: str | None


class QuarantineError(OperatorError):
    """There is no such quarantined unit."""


def units(settings: Settings, wanted: Filter) -> list[Unit]:
    """Return the quarantined units that a filter means, by owner and place."""
    with warehouse.read(settings.folders) as connection:
        _require_quarantine(connection)
        rows = connection.execute(
            "with owners as ("
            "  select row_id, any_value(owner) as owner from restricted.verdicts"
            "  where verdict = 'quarantined' and owner is not null group by row_id) "
            "select q.quarantine_id, q.source, q.source_table, o.owner, q.rule, "
            "q.message, q.file, q.sheet, q.line_or_key, q.status, "
            "q.first_seen_as_of, q.raw "
            "from main.quarantine as q left join owners as o using (row_id) "
            "where ($source = '' or q.source = $source) "
            "and ($rule = '' or q.rule = $rule) "
            "and ($status = '' or q.status = $status)",
            {"source": wanted.source, "rule": wanted.rule, "status": wanted.status},
        ).fetchall()
    found = [_unit(row) for row in rows]
    chosen = [unit for unit in found if wanted.owner in ("", unit.owner)]
    return sorted(chosen, key=_place)


def summary(found: list[Unit]) -> list[tuple[str, str, str, int]]:
    """Return how many units there are by owner, source and rule."""
    counts: dict[tuple[str, str, str], int] = {}
    for unit in found:
        key = (unit.owner, unit.source, unit.rule)
        counts[key] = counts.get(key, 0) + 1
    return [(*key, count) for key, count in sorted(counts.items())]


def faults(settings: Settings, source: str = "", rule: str = "") -> list[Fault]:
    """Return every fault of the rows in quarantine, the most frequent first.

    A row with two faults is in both; `open` are those nobody has mended or waived.
    """
    with warehouse.read(settings.folders) as connection:
        _require_quarantine(connection)
        rows = connection.execute(
            "select source, source_table, rule, fault, rows_quarantined, open, "
            "example_file, example_line_or_key from marts.quarantine_faults "
            "where ($source = '' or source = $source) "
            "and ($rule = '' or rule = $rule) "
            "order by open desc, rows_quarantined desc, source, rule, fault",
            {"source": source, "rule": rule},
        ).fetchall()
    return [Fault(*row) for row in rows]


def export(settings: Settings, wanted: Filter) -> list[Path]:
    """Write one workbook per owner, which may hold personal data."""
    from cityledger.quarantine_book import write_book  # noqa: PLC0415 - xlsxwriter

    folders = settings.folders
    with warehouse.read(folders) as connection:
        day = _as_of(connection)
    folders.quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = []
    by_owner = sorted(units(settings, wanted), key=lambda unit: unit.owner)
    for owner, rows in groupby(by_owner, key=lambda unit: unit.owner):
        path = folders.quarantine / f"{day}-{name_for(owner)}.xlsx"
        write_book(path, owner, day, sorted(rows, key=_place))
        paths.append(path)
    return paths


def waive(
    settings: Settings, quarantine_ids: list[str], reason: str, waived_by: str
) -> list[Waiver]:
    """Let broken units rest; the next build shows them as waived."""
    reason, waived_by = clean(reason), clean(waived_by)
    if not reason or not waived_by:
        raise UsageError("请写明豁免原因（--reason）和批准人（--by）")
    known = [unit.quarantine_id for unit in units(settings, Filter(status=""))]
    whole = [_whole_id(short, known) for short in quarantine_ids]
    with warehouse.read(settings.folders) as connection:
        day = _as_of(connection)
    waivers = [Waiver(one, day, runs.county_now(), reason, waived_by) for one in whole]
    for waiver in waivers:
        text = json.dumps(asdict(waiver), ensure_ascii=False, indent=1, default=str)
        write_text(_waiver_file(settings.folders, waiver.quarantine_id), text)
    return waivers


def unwaive(settings: Settings, quarantine_ids: list[str]) -> list[str]:
    """Take waivers back; the next build shows the units as open again."""
    folder = settings.folders.waivers
    known = [path.stem for path in folder.glob("[!.]*.json")]
    whole = [_whole_id(short, known) for short in quarantine_ids]
    for one in whole:
        _waiver_file(settings.folders, one).unlink()
    return whole


def waivers(folders: DataDir) -> Iterator[Waiver]:
    """Return the waivers in force."""
    for path in sorted(folders.waivers.glob("[!.]*.json")):
        entry: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        entry["waived_as_of"] = date.fromisoformat(entry["waived_as_of"])
        entry["waived_at"] = datetime.fromisoformat(entry["waived_at"])
        yield Waiver(**entry)


def _as_of(connection: duckdb.DuckDBPyConnection) -> date:
    """Return the day the quarantine is of, also when the build then failed."""
    row = connection.execute("select as_of_date from ops.parameters").fetchone()
    if not row:
        raise QuarantineError("仓库里还没有计算过；请先运行 cityledger nightly")
    day: date = row[0]
    return day


def _require_quarantine(connection: duckdb.DuckDBPyConnection) -> None:
    known = connection.execute(
        "select 1 from information_schema.tables "
        "where table_schema = 'main' and table_name = 'quarantine'"
    ).fetchone()
    if not known:
        raise QuarantineError("仓库里还没有隔离表；请先运行 cityledger nightly")


def _unit(row: tuple[Any, ...]) -> Unit:
    known = dict(zip(Unit.__dataclass_fields__, row, strict=True))
    known["owner"] = known["owner"] or SOURCES.get(known["source"], known["source"])
    return Unit(**known)


def _place(unit: Unit) -> tuple[str, str, str, str, int, str]:
    """Sort by owner and place, lines as numbers."""
    line = unit.line_or_key or ""
    number = int(line) if line.isdecimal() else 0
    return (unit.owner, unit.source, unit.file or "", unit.sheet or "", number, line)


def _whole_id(short: str, known: list[str]) -> str:
    found = [one for one in known if one.startswith(short)] if short else []
    if len(found) == 1:
        return found[0]
    if found:
        raise QuarantineError(f"编号 {short} 不唯一，请多写几位")
    raise QuarantineError(f"没有编号为 {short} 的记录；用 quarantine list 查看")


def _waiver_file(folders: DataDir, quarantine_id: str) -> Path:
    return folders.waivers / f"{quarantine_id}.json"
