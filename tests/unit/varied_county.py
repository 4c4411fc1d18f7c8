"""Varied county: a published file in which no two figures are alike.

A page that shows the wrong month, contractor or column then shows a wrong figure.
"""

from pathlib import Path

import duckdb

from tests.browser.published_fixture import County, publish_leaders

# Figures that are shares of one, and those by which something is found or ordered.
SHARES = {"completeness", "share"}
KEPT = {
    "position", "line_number", "level", "weekday", "hour_of_day", "edition", "year",
    "stars", "quarter_stars", "rank", "rank_best", "rank_worst", "target", "value_high",
    "age_days", "claim_count",
}  # fmt: skip
UNTOUCHED = {"indicators", "targets", "runs"}


def publish(data_dir: Path, months: int = 3) -> Path:
    """Publish a night and give every figure in it a value of its own."""
    built = publish_leaders(data_dir, County(months=months))
    with duckdb.connect(str(built)) as marts:
        for (table,) in marts.execute("select name from (show tables)").fetchall():
            if table not in UNTOUCHED:
                _vary(marts, table)
    return built


def _vary(marts: duckdb.DuckDBPyConnection, table: str) -> None:
    columns = marts.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ?",
        [table],
    ).fetchall()
    numeric = [
        (name, kind)
        for name, kind in columns
        if name not in KEPT
        and kind.split("(")[0] in {"DOUBLE", "BIGINT", "INTEGER", "DECIMAL"}
    ]
    for name, kind in numeric:
        drawn = f"hash('{table}.{name}.' || rowid)"
        # A figure that a mart does not have stays missing.
        figure = f"cast({_figure(drawn, name, kind)} as {kind})"
        marts.execute(
            f'update {table} set "{name}" = {figure} where "{name}" is not null'  # noqa: S608
        )


def _figure(drawn: str, name: str, kind: str) -> str:
    if kind in {"BIGINT", "INTEGER"}:
        return f"10 + {drawn} % 98765"
    if name in SHARES:
        return f"({drawn} % 999983) / 1e6"
    if kind == "DOUBLE":
        return f"1 + ({drawn} % 9899999) / 1e5"
    return f"({drawn} % 999999937) / 100"
