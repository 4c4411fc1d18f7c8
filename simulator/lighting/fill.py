"""Fill: bring the control database to the end of a day, from where it is."""

import io
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import sql

from simulator.county import County
from simulator.lighting.polls import as_table
from simulator.lighting.tables import table_versions
from simulator.lighting.telemetry import arriving
from simulator.versions import Version, night_of

_SCHEMA = Path(__file__).with_name("schema.sql")
_KEYS = {
    "lamp": ("lamp_id",),
    "switch_plan": ("circuit_id", "night_date"),
    "planned_outage": ("outage_id",),
    "lamp_fault": ("fault_id",),
}
_INDEXES = (
    "alter table lamp_telemetry add primary key (lamp_id, ts)",
    "create index lamp_telemetry_ts on lamp_telemetry (ts)",
)


def fill(dsn: str, county: County, day: date, polls_since: date | None = None) -> int:
    """Insert and update what the database learned by the end of a day.

    Returns the number of polls inserted. The first call builds the schema and the
    indexes after its bulk load; a call for a day already there does nothing. Polls that
    arrived before `polls_since` are left out: a source may keep only the last nights.
    """
    with psycopg.connect(dsn) as connection:
        until = _progress(connection, county)
        is_new = until is None
        since = county.start if until is None else until + timedelta(days=1)
        if since > day:
            return 0
        polls = sum(
            _copy_polls(connection, county, arrival)
            for arrival in county.days(
                since=max(since, polls_since or since), until=day
            )
        )
        _upsert_changes(connection, county, since, day)
        if is_new:
            for statement in _INDEXES:
                connection.execute(statement)
        connection.execute("update simulator.progress set until = %s", (day,))
        if is_new:
            connection.execute("analyze")
    return polls


def _progress(connection: psycopg.Connection, county: County) -> date | None:
    """Return the day the database stands at; build the schema if there is none."""
    fingerprint = county.parameters.fingerprint
    there = connection.execute("select to_regclass('simulator.progress')").fetchone()
    if there is None or there[0] is None:
        connection.execute(_SCHEMA.read_text())
        connection.execute(
            "insert into simulator.progress values (%s, null)", (fingerprint,)
        )
        return None
    row = connection.execute("select county, until from simulator.progress").fetchone()
    if row is None or row[0] != fingerprint:
        msg = "the street-light database holds another county"
        raise ValueError(msg)
    until: date | None = row[1]
    return until


def _upsert_changes(
    connection: psycopg.Connection, county: County, since: date, until: date
) -> None:
    for table, versions in table_versions(county, since, until).items():
        changed = [v for v in versions if since <= night_of(v.at) <= until]
        _upsert(connection, table, changed)


def _upsert(
    connection: psycopg.Connection, table: str, versions: list[Version]
) -> None:
    """Bring rows to the newest of the given versions."""
    newest = {v.record: v.body for v in sorted(versions, key=lambda v: v.at)}
    if not newest:
        return
    columns = list(next(iter(newest.values())))
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL(
        "insert into {table} ({names}) values ({values}) "
        "on conflict ({keys}) do update set ({names}) = row({excluded})"
    ).format(
        table=sql.Identifier(table),
        names=names,
        values=sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
        keys=sql.SQL(", ").join(map(sql.Identifier, _KEYS[table])),
        excluded=sql.SQL(", ").join(
            sql.SQL("excluded.{}").format(sql.Identifier(name)) for name in columns
        ),
    )
    with connection.cursor() as cursor:
        rows = [tuple(body[name] for name in columns) for body in newest.values()]
        cursor.executemany(statement, rows)


def _copy_polls(connection: psycopg.Connection, county: County, day: date) -> int:
    """Copy the polls that arrive on a day."""
    count = 0
    for polls, _ in arriving(county, day):
        count += len(polls)
        _copy(connection, as_table(county, polls))
    return count


def _copy(connection: psycopg.Connection, table: pa.Table) -> None:
    buffer = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=False)
    pa.csv.write_csv(table, buffer, options)
    with (
        connection.cursor() as cursor,
        cursor.copy("copy lamp_telemetry from stdin (format csv)") as copy,
    ):
        copy.write(buffer.getbuffer())
