"""Opened: the leaders' file as far as its columns are marked public, and no further.

What is not marked does not exist for a query here, so nothing can be published by
oversight: a dataset that asks for more fails, and is left out with a note.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from cityledger import transform
from cityledger.errors import OperatorError
from cityledger.settings import DataDir
from cityledger.text import printable

Row = dict[str, Any]


@contextmanager
def opened(
    leaders: Path, columns: dict[str, set[str]]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the public columns as schema `shown`; the whole file as `inside`."""
    with duckdb.connect() as connection:
        path = str(leaders).replace("'", "''")
        connection.execute(f"attach '{path}' as inside (read_only)")
        connection.execute("create schema shown")
        for mart, allowed in sorted(columns.items()):
            _open(connection, mart, allowed)
        yield connection


def public_columns(folders: DataDir) -> dict[str, set[str]]:
    """Return, for each mart, the columns whose yml says that they may go public."""
    return {
        mart: {name for name, column in described.items() if column["public"]}
        for mart, described in dictionary(folders).items()
    }


def dictionary(folders: DataDir) -> dict[str, dict[str, Row]]:
    """Return description, type and publicity of each column of each mart."""
    path = transform.manifest_file(folders)
    if not path.exists():
        raise OperatorError("找不到模型说明；请先运行一次 cityledger build")
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: {
            name: {
                "description": str(column.get("description") or "").strip(),
                "type": column.get("data_type") or "",
                "public": _is_public(column),
            }
            for name, column in node["columns"].items()
        }
        for node in nodes
        if node["resource_type"] == "model" and node["database"] == "marts"
    }


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, **values: object
) -> list[Row]:
    """Return a query's rows by column name, in text that every format can hold."""
    cursor = connection.execute(query, values) if values else connection.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [
        {
            name: printable(cell) if isinstance(cell, str) else cell
            for name, cell in zip(names, row, strict=True)
        }
        for row in cursor.fetchall()
    ]


def _open(connection: duckdb.DuckDBPyConnection, mart: str, allowed: set[str]) -> None:
    there = connection.execute(
        "select column_name from duckdb_columns() "
        "where database_name = 'inside' and table_name = ?",
        [mart],
    ).fetchall()
    listed = ", ".join(f'"{name}"' for (name,) in there if name in allowed)
    if listed:
        connection.execute(
            f'create view shown."{mart}" as '  # noqa: S608 - names of our own marts
            f'select {listed} from inside.main."{mart}"'
        )


def _is_public(column: dict[str, Any]) -> bool:
    meta = column.get("config", {}).get("meta") or column.get("meta") or {}
    return meta.get("public") is True
