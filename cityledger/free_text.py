"""Free text: the marts' columns that hold what somebody typed, and what becomes of it.

The restricted schema ends before the marts, but a place, a basis or an id is typed by
people, and people type names and numbers into them. The gate tells where; the leaders'
file shows a mark instead of such a text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import duckdb

from cityledger.release.personal import Scanner

UNSAID: Final = "（疑似个人信息，不显示）"

# Typed by people, and only shown: hidden where it is personal.
SHOWN: Final = frozenset({
    "detail", "example_file", "example_line_or_key", "facility_name", "fault", "file",
    "label", "location", "note", "origin_name", "project_name", "road_name",
    "subject_name", "toilet_name",
})  # fmt: skip
# Typed by people, and compared or counted by elsewhere: only told. What an edition or
# the gate itself says is compared word for word.
COMPARED: Final = frozenset({
    "area_name", "community_name", "contractor_name", "dept_name", "member",
    "member_name", "observed", "owner", "owner_name", "part_name", "reason",
    "register_no", "town_name",
})  # fmt: skip
# Given by a source without a form of their own: told where they are a number or a name.
IDS: Final = frozenset({
    "case_id", "circuit_id", "community_code", "component_id", "contractor_code",
    "dept_code", "facility_id", "item_id", "lamp_id", "module_id", "origin_code",
    "outage_id", "owner_code", "part_id", "project_no", "record_key", "segment_id",
    "subject_code", "toilet_id",
})  # fmt: skip

# What an id must hold before it is worth reading: a million are plain.
_ODD_ID: Final = (
    r"[^\x00-\x7F]|@|[A-Za-z]{5}|(^|\D)1[3-9]\d{9}(\D|$)"
    r"|(^|\D)\d{15}(\d\d[\dXx])?(\D|$)|(^|\D)62\d{14,17}(\D|$)|\d[ -]\d"
)
_KEYS: Final = 3
_TOLD: Final = 5


@dataclass(frozen=True)
class Place:
    """Where something personal stands; `text` is for masking, never for telling."""

    table: str
    column: str
    record: str
    kind: str
    text: str


def find(
    connection: duckdb.DuckDBPyConnection, database: str, scanner: Scanner
) -> Iterator[Place]:
    """Find personal data in the typed columns of the marts' own tables."""
    kind_of = cache(lambda text: _kind(scanner, text))
    for table, column in _columns(connection, database):
        for text in _texts(connection, database, table, column):
            if not (kind := kind_of(text)):
                continue
            for record in _records(connection, database, (table, column, text)):
                told = (
                    "…" if kind_of(part) or part == text else part for part in record
                )
                yield Place(table, column, " ".join(told), kind, text)


def hide(
    connection: duckdb.DuckDBPyConnection, database: str, found: list[Place]
) -> None:
    """Put a mark in the place of personal texts that are only shown."""
    for table, column, text in {(p.table, p.column, p.text) for p in found}:
        if column in SHOWN:
            connection.execute(
                f'update "{database}".main."{table}" set "{column}" = ? '  # noqa: S608
                f'where "{column}" = ?',
                [UNSAID, text],
            )


def _kind(scanner: Scanner, text: str) -> str:
    """Return what is surely personal in a text."""
    return next((f.kind for f in scanner.scan(text, "") if f.level == "error"), "")


def _columns(
    connection: duckdb.DuckDBPyConnection, database: str
) -> list[tuple[str, str]]:
    return connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "inner join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = ? and schema_name = 'main' and data_type = 'VARCHAR' "
        "and list_contains(?, column_name) order by table_name, column_index",
        [database, sorted(SHOWN | COMPARED | IDS)],
    ).fetchall()


def _texts(
    connection: duckdb.DuckDBPyConnection, database: str, table: str, column: str
) -> list[str]:
    odd = f"and regexp_matches(\"{column}\", '{_ODD_ID}')" if column in IDS else ""
    rows = connection.execute(
        f'select distinct "{column}" from "{database}".main."{table}" '  # noqa: S608
        f'where "{column}" is not null {odd}'
    ).fetchall()
    return [text for (text,) in rows]


def _records(
    connection: duckdb.DuckDBPyConnection, database: str, where: tuple[str, str, str]
) -> list[tuple[str, ...]]:
    """Return what the first columns say of the rows that hold a text."""
    table, column, text = where
    names = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? "
        "and schema_name = 'main' and table_name = ? order by column_index limit ?",
        [database, table, _KEYS],
    ).fetchall()
    keys = ", ".join(f"coalesce(cast(\"{name}\" as varchar), '')" for (name,) in names)
    return connection.execute(
        f'select distinct {keys} from "{database}".main."{table}" '  # noqa: S608
        f'where "{column}" = ? order by all limit {_TOLD}',
        [text],
    ).fetchall()
