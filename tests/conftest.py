"""Every test: a DuckDB of its own behind the module's functions, and its own umask."""

import os
from collections.abc import Iterator

import duckdb
import pytest


@pytest.fixture(autouse=True)
def own_default_connection() -> Iterator[None]:
    """Keep a result that one test left unread from standing in another's way."""
    with duckdb.connect() as connection:
        duckdb.set_default_connection(connection)
        yield


@pytest.fixture(autouse=True)
def own_umask() -> Iterator[None]:
    """Keep a command line that one test ran from closing the files of another."""
    before = os.umask(0o022)
    yield
    os.umask(before)
