"""Database: the street-light control tables, and every poll that has arrived."""

import io
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pandas as pd
import psycopg
from psycopg.abc import Buffer
from psycopg.rows import dict_row
from psycopg.types.datetime import DateLoader as PlainDateLoader
from psycopg.types.datetime import TimestampLoader as PlainTimestampLoader

DbRow = Mapping[str, str | float | date | datetime | None]

QUERIES = {
    "lamp": "select * from lamp",
    "switch_plan": "select * from switch_plan",
    "planned_outage": "select * from planned_outage",
    "lamp_fault": "select * from lamp_fault",
}
POLLS = """copy (
    select
        lamp_id, extract(epoch from ts)::bigint as ts, power_state, online,
        (case when power_w = 'NaN' then -1 else power_w end)::double precision
            as power_w
    from lamp_telemetry where ts >= {since} and ts < {until}
) to stdout with (format csv, header, null '\\N')"""
# How "for ever" is read: as the ends of the calendar.
FIRST_MOMENT = datetime.combine(date.min, time.min)
LAST_MOMENT = datetime.combine(date.max, time.max)
FOREVER = (date.min, date.max, FIRST_MOMENT, LAST_MOMENT)
COLUMNS = ["lamp_id", "ts", "power_state", "online", "power_w"]


class _DateLoader(PlainDateLoader):
    """Reads `infinity` as the last day there is, `-infinity` as the first."""

    def load(self, data: Buffer) -> date:
        ends = {b"infinity": date.max, b"-infinity": date.min}
        return ends.get(bytes(data)) or super().load(data)


class _TimestampLoader(PlainTimestampLoader):
    """Reads `infinity` as the last moment there is, `-infinity` as the first."""

    def load(self, data: Buffer) -> datetime:
        ends = {b"infinity": LAST_MOMENT, b"-infinity": FIRST_MOMENT}
        return ends.get(bytes(data)) or super().load(data)


def connect(dsn: str) -> psycopg.Connection:
    """Open the database for one consistent reading."""
    link = psycopg.connect(re.sub(r"^postgresql\+\w+:", "postgresql:", dsn))
    link.adapters.register_loader("date", _DateLoader)
    link.adapters.register_loader("timestamp", _TimestampLoader)
    link.read_only = True
    link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return link


def read_small_tables(link: psycopg.Connection) -> dict[str, list[DbRow]]:
    """Read every table but the polls, as it stands."""
    with link.cursor(row_factory=dict_row) as cursor:
        return {
            name: cursor.execute(query).fetchall() for name, query in QUERIES.items()
        }


def count_polls(link: psycopg.Connection, until: datetime) -> int:
    """Count the polls there are before a moment."""
    query = "select count(*) from lamp_telemetry where ts < %s"
    row = link.execute(query, (until,)).fetchone()
    return 0 if row is None else row[0]


def read_polls(
    link: psycopg.Connection, since: datetime, until: datetime
) -> pd.DataFrame:
    """Read polls of a span, times as seconds."""
    query = psycopg.sql.SQL(POLLS).format(since=since, until=until)
    buffer = io.BytesIO()
    with link.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    polls = pd.read_csv(
        buffer,
        keep_default_na=False,
        na_values=["\\N"],
        dtype={"lamp_id": str, "power_state": str, "online": str, "power_w": float},
    )
    polls["ts"] = polls["ts"].astype("int64")
    for column in ("lamp_id", "power_state", "online"):
        polls[column] = polls[column].astype("category")
    return polls


def merge_polls(
    known: pd.DataFrame | None, fresh: pd.DataFrame, seen: date
) -> pd.DataFrame:
    """Add the polls not known before, with the night they were first seen."""
    fresh = fresh.assign(seen=pd.Timestamp(seen))
    if known is None or known.empty:
        return fresh
    whole = pd.concat([known, fresh], ignore_index=True)
    for column in ("lamp_id", "power_state", "online"):
        whole[column] = whole[column].astype("category")
    return whole.drop_duplicates(["lamp_id", "ts"], keep="first", ignore_index=True)


LATE = timedelta(days=4)
