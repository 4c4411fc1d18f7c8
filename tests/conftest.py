"""Every test: a DuckDB of its own behind the module's functions."""

from collections.abc import Iterator

import duckdb
import pytest


@pytest.fixture(autouse=True)
def own_default_connection() -> Iterator[None]:
    """Keep a result that one test left unread from standing in another's way."""
    with duckdb.connect() as connection:
        duckdb.set_default_connection(connection)
        yield
