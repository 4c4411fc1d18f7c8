"""Ledger: what was reported, written once and never changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from cityledger.errors import OperatorError
from cityledger.files import sync
from cityledger.settings import DataDir

COLUMNS: Final = {
    "indicator_id": "varchar",
    "period_type": "varchar",
    "period": "varchar",
    "area_code": "varchar",
    "edition": "integer",
    "stage": "varchar",
    "numerator": "double",
    "denominator": "double",
    "value": "double",
    "null_reason": "varchar",
    "target": "double",
    "formula_version": "varchar",
    "target_claim_id": "varchar",
    "as_of": "date",
    "recorded_at": "timestamp",
    "reason": "varchar",
    "run_id": "varchar",
}
_NAMES: Final = ", ".join(COLUMNS)
CREATE_TABLE: Final = (
    "create table if not exists ops.ledger ("
    + ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    + ")"
)
_KEY: Final = "indicator_id, period, area_code"


class LedgerError(OperatorError):
    """The ledger contradicts itself or what is to be written."""


@dataclass(frozen=True)
class Edition:
    """What one night wrote."""

    path: Path | None
    rows: int


def append(
    connection: duckdb.DuckDBPyConnection, run_id: str, folders: DataDir
) -> Edition:
    """Write the editions that a run has made, if any, to a file of their own.

    The connection is the audited warehouse. A night that died after this step and is
    published again finds its file and leaves it alone.
    """
    found = connection.execute(
        "select as_of_date from ops.parameters where run_id = ?", [run_id]
    ).fetchone()
    if not found:
        raise LedgerError(f"仓库里不是第 {run_id} 次运行的结果，台账没有写入")
    path = folders.ledger / f"{found[0]:%Y-%m-%d}-{run_id}.parquet"
    if path.exists():
        return Edition(path, 0)
    rows = _new_rows(connection, run_id)
    if not rows:
        return Edition(None, 0)
    _refuse_gaps(connection, run_id, folders)
    _write(connection, run_id, path)
    return Edition(path, rows)


def query(folders: DataDir) -> str:
    """Return the SELECT that reads every edition, also when there is none yet."""
    if not files(folders):
        typed = ", ".join(f"cast(null as {t}) as {n}" for n, t in COLUMNS.items())
        return f"select {typed} where false"
    pattern = str(folders.ledger / "[0-9]*.parquet").replace("'", "''")
    return f"select {_NAMES} from read_parquet('{pattern}', union_by_name = true)"  # noqa: S608


def files(folders: DataDir) -> list[Path]:
    """Return the ledger's files, oldest logical date first."""
    return sorted(folders.ledger.glob("[0-9]*.parquet"))


def read(folders: DataDir) -> list[dict[str, Any]]:
    """Return every edition ever reported, oldest first."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"{query(folders)} order by as_of, recorded_at, {_KEY}, edition"
        ).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def verify(folders: DataDir) -> list[str]:
    """Return what is wrong with the ledger: gaps and repeats of edition numbers."""
    with duckdb.connect() as connection:
        wrong = connection.execute(
            f"select {_KEY}, count(*), max(edition) from ({query(folders)}) "  # noqa: S608
            f"group by {_KEY} having min(edition) != 1 or max(edition) != count(*) "
            f"or count(distinct edition) != count(*) order by {_KEY}"
        ).fetchall()
    return [
        f"{indicator} {period} {area}：{count} 个版次，最大版次号 {last}"
        for indicator, period, area, count, last in wrong
    ]


def _new_rows(connection: duckdb.DuckDBPyConnection, run_id: str) -> int:
    counted = connection.execute(
        "select count(*) from marts.indicator_ledger where run_id = ?", [run_id]
    ).fetchone()
    return int(counted[0]) if counted else 0


def _refuse_gaps(
    connection: duckdb.DuckDBPyConnection, run_id: str, folders: DataDir
) -> None:
    """Refuse editions that do not follow on from what the files hold now."""
    wrong = connection.execute(
        f"with recorded as ({query(folders)}), "  # noqa: S608 - our own
        f"latest as (select {_KEY}, max(edition) as edition from recorded group by all)"
        f"select {_KEY}, added.edition, coalesce(latest.edition, 0) "
        "from marts.indicator_ledger as added "
        f"left join latest using ({_KEY}) where added.run_id = ? "
        f"qualify added.edition != coalesce(latest.edition, 0) "
        f"+ row_number() over (partition by {_KEY} order by added.edition) limit 1",
        [run_id],
    ).fetchone()
    if wrong:
        raise LedgerError(
            f"指标 {wrong[0]} {wrong[1]} {wrong[2]} 的新版次号是 {wrong[3]}，"
            f"而台账最后一版是 {wrong[4]}；请重新运行这一晚"
        )


def _write(connection: duckdb.DuckDBPyConnection, run_id: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    connection.execute(
        f"copy (select {_NAMES} from marts.indicator_ledger "  # noqa: S608 - our own
        f"where run_id = $run order by {_KEY}, edition) "
        "to '" + str(temporary).replace("'", "''") + "' (format parquet)",
        {"run": run_id},
    )
    sync(temporary)
    temporary.chmod(0o400)
    temporary.rename(path)
    sync(path.parent)
