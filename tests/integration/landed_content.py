"""Landed content: what lies in the landing folders, apart from who landed it when."""

from pathlib import Path

import duckdb

_OF_THE_LOAD = ("load_id", "load_date", "landed_at")


def rows(data_dir: Path, source: str, table: str) -> list[dict[str, object]]:
    """Return a table's rows in order of load id and line, as landed."""
    folder = data_dir / "landing" / source / table
    if not any(folder.glob("**/*.parquet")):
        return []
    with duckdb.connect() as duck:
        result = duck.execute(
            "from read_parquet($files, union_by_name = true) order by all",
            {"files": [str(p) for p in sorted(folder.glob("**/[0-9]*.parquet"))]},
        )
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def content(data_dir: Path, source: str) -> dict[str, list[str]]:
    """Return everything landed of a source, sorted, without the marks of its loads."""
    folder = data_dir / "landing" / source
    return {
        table.name: sorted(
            str({k: v for k, v in row.items() if k not in _OF_THE_LOAD})
            for row in rows(data_dir, source, table.name)
        )
        for table in folder.iterdir()
        if table.is_dir() and any(table.glob("**/[0-9]*.parquet"))
    }


def unfinished(data_dir: Path) -> list[Path]:
    """Return the temporary files left in the landing folders."""
    return sorted((data_dir / "landing").rglob(".*"))
