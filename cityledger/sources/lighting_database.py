"""Lighting database: one read-only snapshot of the street-light control system.

Rows leave it as CSV through COPY, the fastest way out of PostgreSQL, and are typed
again by DuckDB. Timestamps without a zone stay so.

What PostgreSQL can hold and nobody after it can lands as a value that is told apart, so
that one odd row never keeps a table from landing: a date or time before year 1 is
`-infinity`, one after 9999 `infinity`, as those two themselves; `NaN` stays NaN and a
numeric beyond a double is an infinite one; a text longer than a cell may be is cut and
says so.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import IsolationLevel, sql

from cityledger.settings import Settings
from cityledger.sources.contracts import DatabaseTable
from cityledger.sources.file_content import LONGEST_CELL
from cityledger.sources.job import SourceError

_CONNECT_TIMEOUT_S: Final = 15
_MOMENT: Final = """case
    when cast({name} as {kind}) < '0001-01-01' then '-infinity'
    when cast({name} as {kind}) >= '10000-01-01' then 'infinity'
    else cast({name} as {kind})
end"""
_TEXT: Final = f"""case
    when length(cast({{name}} as text)) <= {LONGEST_CELL} then cast({{name}} as text)
    else left(cast({{name}} as text), {LONGEST_CELL}) || '……（超长，其余未保留）'
end"""
_POSTGRES: Final = {
    "VARCHAR": _TEXT,
    "DOUBLE": "cast({name} as float8)",
    "BOOLEAN": "cast({name} as boolean)",
    "DATE": _MOMENT.replace("{kind}", "date"),
    "TIMESTAMP": _MOMENT.replace("{kind}", "timestamp"),
}
# A numeric has no bounds, a double has; NaN is beyond every number.
_NUMERIC: Final = """case
    when abs({name}) between 1e-300 and 1e300 then cast({name} as float8)
    when abs({name}) < 1 then 0
    when {name} = 'NaN' then 'NaN'
    when {name} > 0 then 'Infinity'
    when {name} < 0 then '-Infinity'
end"""
_SESSION: Final = {
    "client_encoding": "UTF8",
    "timezone": "Asia/Shanghai",
    "datestyle": "ISO, YMD",
    "idle_in_transaction_session_timeout": "0",
}
_COLUMNS: Final = """
select attname, cast(cast(atttypid as regtype) as text)
from pg_attribute
where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
order by attnum
"""


class LightingDatabase:
    """A transaction that sees one moment of the database and can only read."""

    def __init__(self, settings: Settings) -> None:
        self._dsn = settings.required("LIGHTING_DSN")
        self._timeout_ms = int(settings.lighting_statement_timeout_s * 1000)
        if urlsplit(self._dsn).netloc.count("@") > 1:
            raise SourceError("LIGHTING_DSN 里密码中的 @ 须写成 %40")

    def __enter__(self) -> Self:
        try:
            self._connection = psycopg.connect(
                self._dsn,
                connect_timeout=_CONNECT_TIMEOUT_S,
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
            )
        except psycopg.ProgrammingError:
            raise SourceError("LIGHTING_DSN 的写法有误") from None
        except psycopg.Error as error:
            raise self._source_error(error) from None
        self._connection.read_only = True
        self._connection.isolation_level = IsolationLevel.REPEATABLE_READ
        for name, value in _SESSION.items() | {("statement_timeout", self._timeout_ms)}:
            self._rows("select set_config(%s, %s, false)", [name, str(value)])
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def select(
        self, table: DatabaseTable, *, with_extras: bool = False
    ) -> tuple[dict[str, str], sql.Composed]:
        """Return a table's columns with the types they land with, and their query."""
        columns = dict(table.columns)
        present = {str(n): str(t) for n, t in self._rows(_COLUMNS, [table.table])}
        _check(table, present)
        if with_extras:
            columns |= {n: "VARCHAR" for n in present if n not in columns}
        query = sql.SQL("select {} from {}").format(
            sql.SQL(", ").join(
                _typed(name, kind, present[name]) for name, kind in columns.items()
            ),
            sql.Identifier(table.table),
        )
        return columns, query

    def row(self, query: str) -> tuple[object, ...]:
        """Return the one row of a query."""
        return self._rows(query, [])[0]

    def copy(
        self, query: sql.Composable, values: Mapping[str, object], path: Path
    ) -> int:
        """Write a query's rows to a CSV file without header; return how many."""
        count = 0
        command = sql.SQL("copy ({}) to stdout (format csv)").format(query)
        try:
            with (
                self._connection.cursor() as cursor,
                path.open("wb") as file,
                cursor.copy(command, values) as rows,
            ):
                for row in rows:
                    file.write(row)
                    count += 1
        except psycopg.Error as error:
            raise self._source_error(error) from None
        return count

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        try:
            return self._connection.execute(query.encode(), values).fetchall()
        except psycopg.Error as error:
            raise self._source_error(error) from None

    def _source_error(self, error: psycopg.Error) -> SourceError:
        """Say what the database said, but never the password."""
        text = " ".join(str(error).split())
        password = urlsplit(self._dsn).password
        for secret in {password, unquote(password)} if password else ():
            text = text.replace(secret, "***")
        return SourceError(f"路灯库：{text}")


def _check(table: DatabaseTable, present: Collection[str]) -> None:
    if not present:
        raise SourceError(f"路灯库里没有表 {table.table}，或没有读它的权限")
    missing = [name for name in table.columns if name not in present]
    if missing:
        raise SourceError(f"路灯库的表 {table.table} 缺少列：{'、'.join(missing)}")


def _typed(name: str, kind: str, source: str) -> sql.Composed:
    """Return a column as the type it lands with, whatever stands in its rows."""
    unbounded = kind == "DOUBLE" and source == "numeric"
    typed = _NUMERIC if unbounded else _POSTGRES[kind]
    return sql.SQL(f"{typed} as {{name}}").format(name=sql.Identifier(name))
