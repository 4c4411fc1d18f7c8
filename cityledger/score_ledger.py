"""Score ledger: what a contractor's month was worth when it was frozen, and why.

One row per contractor and month, written once, with the whole derivation and the
scheme it was scored by. It lives outside the warehouse like the ledger of indicators.
"""

from pathlib import Path
from typing import Final

import duckdb

from cityledger.errors import OperatorError
from cityledger.files import sync
from cityledger.settings import DataDir

_SCORE: Final = {
    "contractor_code": "varchar",
    "contractor_name": "varchar",
    "month": "varchar",
    "daily": "double",
    "joint": "double",
    "data": "double",
    "public": "double",
    "bonus": "double",
    "score": "double",
    "grade": "varchar",
    "fee_yuan": "decimal(14, 2)",
    "deduct_pct": "double",
    "direct_pct": "double",
    "payable_yuan": "decimal(14, 2)",
    "adjustment_yuan": "decimal(14, 2)",
    "to_pay_yuan": "decimal(14, 2)",
    "flags": "varchar[]",
    "scheme_version": "varchar",
    "scheme_key": "varchar",
    "stage": "varchar",
    "frozen_on": "date",
}
_LINE: Final = {
    "line_number": "integer",
    "level": "integer",
    "step": "varchar",
    "component_id": "varchar",
    "module_id": "varchar",
    "record_type": "varchar",
    "record_key": "varchar",
    "label": "varchar",
    "value": "double",
    "unit": "varchar",
    "weight": "double",
    "weight_used": "double",
    "record_count": "bigint",
    "numerator": "double",
    "denominator": "double",
    "quantity": "double",
    "unit_points": "double",
    "repeat_multiplier": "double",
    "overdue_multiplier": "double",
    "happened_at": "timestamp",
    "note": "varchar",
}
_OWN: Final = {
    "scheme": "varchar",
    "lines": "struct("
    + ", ".join(f'"{name}" {kind}' for name, kind in _LINE.items())
    + ")[]",
    "recorded_at": "timestamp",
    "run_id": "varchar",
}
_ALL: Final = _SCORE | _OWN
_KEY: Final = "contractor_code, month"


class ScoreLedgerError(OperatorError):
    """The warehouse does not hold the run whose months are to be recorded."""


def write(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> None:
    """Lay the frozen months and their lines before dbt, as tables of schema `ops`."""
    scores = ", ".join(f'"{name}"' for name in _ALL if name != "lines")
    lines = ", ".join(f'line."{name}"' for name in _LINE)
    connection.execute(
        "create or replace table ops.score_ledger as "  # noqa: S608 - our own words
        f"select {scores} from ({query(folders)})"
    )
    connection.execute(
        "create or replace table ops.score_ledger_lines as "  # noqa: S608 - our own
        f"select {_KEY}, frozen_on, {lines} from ("
        f"select {_KEY}, frozen_on, unnest(lines) as line from ({query(folders)}))"
    )


def append(connection: duckdb.DuckDBPyConnection, run_id: str, folders: DataDir) -> int:
    """Record the months that a run has frozen, if any, and return how many.

    The connection is the audited warehouse. A month that stands in the ledger is never
    recorded again, so a night that is published twice, or replayed, adds nothing.
    """
    if not _has_scores(connection):
        return 0
    found = connection.execute(
        "select as_of_date from ops.parameters where run_id = ?", [run_id]
    ).fetchone()
    if not found:
        raise ScoreLedgerError(f"仓库里不是第 {run_id} 次运行的结果，没有冻结得分")
    new = _new_months(folders)
    counted = connection.execute(f"select count(*) from ({new})").fetchone()  # noqa: S608
    if not counted or not counted[0]:
        return 0
    _copy(connection, new, folders.score_ledger / f"{found[0]:%Y-%m-%d}-{run_id}")
    return int(counted[0])


def query(folders: DataDir) -> str:
    """Return the SELECT that reads every frozen month, also when there is none yet."""
    names = ", ".join(f'"{name}"' for name in _ALL)
    if not files(folders):
        typed = ", ".join(f'cast(null as {t}) as "{n}"' for n, t in _ALL.items())
        return f"select {typed} where false"
    pattern = str(folders.score_ledger / "[0-9]*.parquet").replace("'", "''")
    return f"select {names} from read_parquet('{pattern}', union_by_name = true)"  # noqa: S608


def files(folders: DataDir) -> list[Path]:
    """Return the ledger's files, oldest logical date first."""
    return sorted(folders.score_ledger.glob("[0-9]*.parquet"))


def _has_scores(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = 'marts' and table_name = 'contractor_scores'"
    ).fetchone()
    return found == (1,)


def _new_months(folders: DataDir) -> str:
    """Return the SELECT of final months that no file holds; what has no score waits."""
    scores = ", ".join(f'scores."{name}"' for name in _SCORE)
    line = ", ".join(f'"{name}": "{name}"' for name in _LINE)
    return f"""
with lines as (
    select {_KEY}, list({{{line}}} order by line_number) as lines
    from marts.contractor_score_lines group by {_KEY}
)
select
    {scores}, versions.content as scheme, lines.lines,
    parameters.started_at as recorded_at, parameters.run_id
from marts.contractor_scores as scores
inner join lines using ({_KEY})
inner join ops.scheme_versions as versions using (scheme_key)
cross join ops.parameters as parameters
anti join ({query(folders)}) as recorded using ({_KEY})
where scores.stage = '终报' and scores.score is not null
order by {_KEY}
"""  # noqa: S608 - our own words


def _copy(connection: duckdb.DuckDBPyConnection, rows: str, name: Path) -> None:
    path = name.with_name(f"{name.name}.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    connection.execute(
        f"copy ({rows}) to '" + str(temporary).replace("'", "''") + "' (format parquet)"
    )
    sync(temporary)
    temporary.chmod(0o400)
    temporary.rename(path)
    sync(path.parent)
