"""Lighting database: one read-only snapshot of the street-light control system.

Rows leave it as CSV through COPY, the fastest way out of PostgreSQL, and are typed
again by DuckDB. Timestamps without a zone stay so.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

import psycopg
from psycopg import IsolationLevel, sql

from cityledger.settings import Settings
from cityledger.sources.contracts import DatabaseTable
from cityledger.sources.job import SourceError

_CONNECT_TIMEOUT_S: Final = 15
_POSTGRES_TYPES: Final = {
    "VARCHAR": sql.SQL("text"),
    "DOUBLE": sql.SQL("float8"),
    "BOOLEAN": sql.SQL("boolean"),
    "DATE": sql.SQL("date"),
    "TIMESTAMP": sql.SQL("timestamp"),
}
_SESSION: Final = {
    "timezone": "Asia/Shanghai",
    "datestyle": "ISO, YMD",
    "idle_in_transaction_session_timeout": "0",
}
_COLUMNS: Final = """
select attname
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
        present = [str(row[0]) for row in self._rows(_COLUMNS, [table.table])]
        _check(table, present)
        if with_extras:
            columns |= {n: "VARCHAR" for n in present if n not in columns}
        query = sql.SQL("select {} from {}").format(
            sql.SQL(", ").join(_typed(name, kind) for name, kind in columns.items()),
            sql.Identifier(table.table),
        )
        return columns, query

    def value(self, query: str) -> object:
        """Return the one value of a query."""
        return self._rows(query, [])[0][0]

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
        """Say what the database said; whoever writes it down leaves out the secrets."""
        return SourceError(f"路灯库：{' '.join(str(error).split())}")


def _check(table: DatabaseTable, present: Sequence[str]) -> None:
    if not present:
        raise SourceError(f"路灯库里没有表 {table.table}，或没有读它的权限")
    missing = [name for name in table.columns if name not in present]
    if missing:
        raise SourceError(f"路灯库的表 {table.table} 缺少列：{'、'.join(missing)}")


def _typed(name: str, kind: str) -> sql.Composed:
    return sql.SQL("cast({name} as {kind}) as {name}").format(
        name=sql.Identifier(name), kind=_POSTGRES_TYPES[kind]
    )
