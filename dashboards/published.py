"""Published: the one file a set of pages may read, as it stands at this moment."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb
import streamlit as st

Row = TypeVar("Row")
Parameter = str | int | float | None

# Nothing a query says can reach another file or the network.
CONFIG = {"enable_external_access": "false", "threads": "2"}


class NothingPublishedError(Exception):
    """No night, or no release, has been published yet."""


class UnreadableEditionError(Exception):
    """The published file is there and cannot answer."""


@dataclass(frozen=True)
class Limits:
    """Which rows of which marts are shown: conditions by mart, and whose rows.

    A mart without a condition shows no row.
    """

    conditions: tuple[tuple[str, str], ...]
    scope: str


@dataclass(frozen=True)
class Edition:
    """One published file, which a later night replaces but never changes.

    Every question asked of it is answered within its limits.
    """

    path: Path
    version: str
    limits: Limits | None = None


def newest_edition(file_name: str) -> Edition:
    """Find the edition that is published now."""
    published = Path(os.environ.get("DATA_DIR", "var")) / "published" / file_name
    try:
        path = published.resolve(strict=True)
        seen = path.stat()
    except OSError as missing:
        raise NothingPublishedError(str(published)) from missing
    return Edition(path, f"{path}:{seen.st_ino}:{seen.st_mtime_ns}:{seen.st_size}")


@st.cache_data(show_spinner=False, max_entries=500)
def ask(
    edition: Edition, sql: str, *values: Parameter, _row: Callable[..., Row]
) -> list[Row]:
    """Answer one question from one edition.

    The file is open only while it is asked, so readers never hold up a night.
    """
    try:
        with duckdb.connect(str(edition.path), read_only=True, config=CONFIG) as marts:
            if edition.limits:
                _limit(marts, edition.limits, sql)
            answer = marts.execute(sql, list(values))
            names = [column[0] for column in answer.description]
            rows = answer.fetchall()
    except duckdb.Error as error:
        raise UnreadableEditionError(str(error)) from error
    return [_row(**dict(zip(names, row, strict=True))) for row in rows]


def _limit(marts: duckdb.DuckDBPyConnection, limits: Limits, sql: str) -> None:
    """Stand a view of the shown rows before each mart that a query names."""
    conditions = dict(limits.conditions)
    (catalog,) = marts.execute("select current_database()").fetchone() or ("",)
    marts.execute("set variable scope = ?", [limits.scope])
    for mart in set(re.findall(r"(?i)\b(?:from|join)\s+(\w+)", sql)):
        marts.execute(
            f"create temp view {mart} as select * from "  # noqa: S608 - our own words
            f"{catalog}.main.{mart} where {conditions.get(mart, 'false')}"
        )
