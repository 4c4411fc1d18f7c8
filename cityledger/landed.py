"""Landed: bring new landing files into the warehouse, each once and whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
from filelock import Timeout

from cityledger.landing_files import finish_interrupted
from cityledger.load_log import source_lock
from cityledger.settings import DataDir
from cityledger.sources.contracts import LIGHTING_SMALL_TABLES, DatabaseTable

# One transaction takes at most this many files, so that a rebuild does not need one
# per file; a file and the note that it was taken always share one.
_BATCH: Final = 200

_ROW_COLUMNS: Final = {
    "load_id": "varchar",
    "load_date": "date",
    "landed_at": "timestamp",
    "owner": "varchar",
    "file": "varchar",
    "file_hash": "varchar",
    "file_date": "date",
    "sheet": "varchar",
    "line": "bigint",
    "defect": "varchar",
    "raw": "varchar",
}
_FILE_COLUMNS: Final = {
    "load_id": "varchar",
    "load_date": "date",
    "landed_at": "timestamp",
    "owner": "varchar",
    "file": "varchar",
    "file_hash": "varchar",
    "file_date": "date",
    "bytes": "bigint",
    "row_count": "bigint",
    "defect": "varchar",
}
_LOAD_COLUMNS: Final = {
    "load_id": "varchar",
    "load_date": "date",
    "landed_at": "timestamp",
}
# Within a load a row is found again by its file's rank and its line.
_ROW_ID: Final = (
    "load_id || ':{unit}:' "
    "|| dense_rank() over (partition by load_id order by file nulls first) "
    "|| ':' || line"
)
_FILE_ID: Final = (
    "load_id || ':files:' || row_number() over (partition by load_id order by file)"
)
_TYPED_ID: Final = "load_id || ':{unit}:' || (file_row_number + 1)"


@dataclass(frozen=True)
class Feed:
    """One folder of landing files and the table it goes to."""

    source: str
    folder: str
    table: str
    columns: dict[str, str]
    row_id: str
    names_source: bool = False


@dataclass(frozen=True)
class Appended:
    """What a build found new."""

    files: int = 0
    rows: int = 0

    def plus(self, other: "Appended") -> "Appended":
        """Add up."""
        return Appended(self.files + other.files, self.rows + other.rows)


def _rows(source: str, folder: str, table: str) -> Feed:
    return Feed(source, folder, table, _ROW_COLUMNS, _ROW_ID.format(unit=folder))


def _file_versions(source: str) -> Feed:
    return Feed(source, "files", "landed_files", _FILE_COLUMNS, _FILE_ID, True)


def _lighting(table: DatabaseTable) -> Feed:
    columns = {**table.columns, **_LOAD_COLUMNS}
    row_id = _TYPED_ID.format(unit=table.table)
    return Feed("lighting", table.table, f"landed_{table.table}", columns, row_id)


FEEDS: Final = (
    _rows("cases", "cases", "landed_cases"),
    _rows("case_events", "case_events", "landed_case_events"),
    _rows("callbacks", "callbacks", "landed_callbacks"),
    _rows("weighbridge", "tickets", "landed_tickets"),
    _file_versions("weighbridge"),
    _rows("sanitation", "sweeping", "landed_sweeping"),
    _file_versions("sanitation"),
    _rows("inspections", "sheets", "landed_inspection_sheets"),
    _rows("inspections", "deductions", "landed_inspection_deductions"),
    _file_versions("inspections"),
    _rows("registers", "rows", "landed_register_rows"),
    _file_versions("registers"),
    _rows("reference", "rows", "landed_reference_rows"),
    _file_versions("reference"),
    *(_lighting(table) for table in LIGHTING_SMALL_TABLES),
)

SOURCES: Final = tuple(dict.fromkeys(feed.source for feed in FEEDS))


def append(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> Appended:
    """Append every landing file that the warehouse has not taken yet."""
    for source in SOURCES:
        _finish_dead_load(source, folders)
    create_tables(connection)
    total = Appended()
    for feed in FEEDS:
        for paths in _batches(_new_files(connection, folders, feed)):
            total = total.plus(_take(connection, folders, feed, paths))
    return total


def _finish_dead_load(source: str, folders: DataDir) -> None:
    """Complete what a killed load had committed, so that it is seen whole or not.

    A source that is landing at this moment finishes by itself.
    """
    try:
        with source_lock(folders.root, source).acquire(timeout=0):
            finish_interrupted(folders.root, source)
    except Timeout:
        return


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the landed tables, which exist also when nothing has come yet."""
    for feed in FEEDS:
        columns = {"row_id": "varchar"} | _extra(feed) | feed.columns
        shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(
            f"create table if not exists restricted.{feed.table} ({shape})"
        )


def list_telemetry(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> None:
    """List the polls' files; the polls themselves stay where they were landed."""
    found = _visible(folders.landing / "lighting" / "lamp_telemetry", "*/*")
    connection.begin()
    connection.execute("delete from ops.telemetry_files")
    connection.execute(
        "insert into ops.telemetry_files "
        "select path, cast(day as date), load_id, "
        "cast(strptime(left(load_id, 8), '%Y%m%d') as date) "
        "from (select unnest($paths) as path, unnest($days) as day, "
        "unnest($loads) as load_id)",
        {
            "paths": [str(path) for path in found],
            "days": [path.parent.name for path in found],
            "loads": [path.stem for path in found],
        },
    )
    connection.commit()


def _take(
    connection: duckdb.DuckDBPyConnection,
    folders: DataDir,
    feed: Feed,
    paths: list[Path],
) -> Appended:
    connection.begin()
    rows = _insert(connection, feed, paths)
    connection.execute(
        "insert into ops.loaded_files select unnest(?)",
        [[_name(path, folders) for path in paths]],
    )
    connection.commit()
    return Appended(len(paths), rows)


def _insert(
    connection: duckdb.DuckDBPyConnection, feed: Feed, paths: list[Path]
) -> int:
    names = ["row_id", *_extra(feed), *feed.columns]
    values = [
        feed.row_id,
        *_extra(feed).values(),
        *(f'cast("{name}" as {kind})' for name, kind in feed.columns.items()),
    ]
    if feed.names_source:
        values[1] = f"'{feed.source}'"
    listed = ", ".join(f'"{name}"' for name in names)
    counted = connection.execute(
        f"insert into restricted.{feed.table} ({listed}) "  # noqa: S608 - our names
        f"select {', '.join(values)} from read_parquet(?, union_by_name = true, "
        "file_row_number = true)",
        [[str(path) for path in paths]],
    ).fetchone()
    return int(counted[0]) if counted else 0


def _extra(feed: Feed) -> dict[str, str]:
    return {"source": "varchar"} if feed.names_source else {}


def _new_files(
    connection: duckdb.DuckDBPyConnection, folders: DataDir, feed: Feed
) -> list[Path]:
    known = {
        name
        for (name,) in connection.execute(
            "select path from ops.loaded_files where starts_with(path, ?)",
            [f"{feed.source}/{feed.folder}/"],
        ).fetchall()
    }
    found = _visible(folders.landing / feed.source / feed.folder, "*")
    return [path for path in found if _name(path, folders) not in known]


def _visible(folder: Path, pattern: str) -> list[Path]:
    """Return whole files, oldest load first; a name with a dot is being written."""
    found = folder.glob(f"{pattern}.parquet")
    return sorted(path for path in found if not path.name.startswith("."))


def _name(path: Path, folders: DataDir) -> str:
    return path.relative_to(folders.landing).as_posix()


def _batches(paths: list[Path]) -> Iterator[list[Path]]:
    for first in range(0, len(paths), _BATCH):
        yield paths[first : first + _BATCH]
