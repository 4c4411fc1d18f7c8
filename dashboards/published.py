"""Published: the one file a set of pages may read, as it stands at this moment."""

import os
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
class Edition:
    """One published file, which a later night replaces but never changes."""

    path: Path
    version: str


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
            answer = marts.execute(sql, list(values))
            names = [column[0] for column in answer.description]
            rows = answer.fetchall()
    except duckdb.Error as error:
        raise UnreadableEditionError(str(error)) from error
    return [_row(**dict(zip(names, row, strict=True))) for row in rows]
