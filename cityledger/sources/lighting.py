"""Lighting: the street-light control database (contract section D)."""

from typing import TYPE_CHECKING, Final

from psycopg import sql

from cityledger.landing_files import landed_files, workbench
from cityledger.sources.contracts import LIGHTING_SMALL_TABLES, DatabaseTable
from cityledger.sources.job import Fetched, Job
from cityledger.sources.lighting_copy import Copies
from cityledger.sources.lighting_database import LightingDatabase
from cityledger.sources.lighting_telemetry import land_telemetry

if TYPE_CHECKING:
    import duckdb

_SINCE: Final = sql.SQL(" where updated_at is null or updated_at >= %(since)s")
_NOTHING_LANDED: Final = "create or replace temp table landed as from received limit 0"
_LANDED: Final = """
create or replace temp table landed as
select * exclude (load_id, load_date, landed_at)
from read_parquet($files, union_by_name = true)
where coalesce(updated_at >= cast($since as timestamp), true)
"""
# Both sides get the same columns: the database may gain or lose one between loads.
_NEW_ROWS: Final = """
create or replace temp table new_rows as
select *, cast($landed_at as timestamp) as landed_at
from (
    (from received union all by name (from landed limit 0))
    except
    ((from received limit 0) union all by name from landed)
)
"""
_GONE: Final = (
    "select count(*) from (select {key} from landed except select {key} from received)"
)


def fetch(job: Job) -> Fetched:
    """Land what has changed in the small tables, and the polls not landed yet.

    Asked for everything, it also says how many landed rows the source has no longer:
    they stay, for what was counted must remain to be seen.
    """
    gone: dict[str, int] = {}
    with LightingDatabase(job.settings) as database, workbench(job.draft) as duck:
        copies = Copies(job, database, duck)
        for table in LIGHTING_SMALL_TABLES:
            _land_small_table(table, job, database, copies)
            if job.since is None:
                gone[table.table] = _gone(table, duck)
        land_telemetry(job, database, copies)
    since = job.since or "最早"
    said = [f"{table} 新 {rows:,}" for table, rows in copies.landed.items()]
    said += [f"{table} 源库已删 {rows:,}" for table, rows in gone.items() if rows]
    return Fetched(
        window=f"{since} 起，采样到 {job.load.load_date} 24:00",
        rows=copies.landed.total(),
        rows_fetched=copies.received,
        bytes=copies.bytes,
        hash=copies.digest.hexdigest(),
        message="，".join([*said, *copies.remarks]) or "无新数据",
    )


def _land_small_table(
    table: DatabaseTable, job: Job, database: LightingDatabase, copies: Copies
) -> None:
    """Land the versions of a table's rows that have not landed in the same words."""
    columns, query = database.select(table, with_extras=True)
    changed = query if job.since is None else query + _SINCE
    copies.receive(columns, changed, {"since": job.since})
    files = landed_files(job.settings.data_dir, job.load.source, table.table)
    if files:
        values = {"files": [str(path) for path in files], "since": job.since}
        copies.duck.execute(_LANDED, values)
    else:
        copies.duck.execute(_NOTHING_LANDED)
    copies.duck.execute(_NEW_ROWS, {"landed_at": job.load.started_at})
    copies.land(table.table, table.table)


def _gone(table: DatabaseTable, duck: "duckdb.DuckDBPyConnection") -> int:
    """Count the landed rows that a whole table received no longer has."""
    query = _GONE.format(key=", ".join(table.key))
    (rows,) = duck.execute(query).fetchall()[0]
    return int(rows)
