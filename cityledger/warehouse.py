"""Warehouse: the DuckDB file that can be deleted and rebuilt from what was landed.

Its marts are a file of their own, attached as `marts`: what the gate has judged is then
published by copying that file.
"""

import shutil
import time
from pathlib import Path
from typing import Final

import duckdb

from cityledger import ledger
from cityledger.errors import OperatorError
from cityledger.locks import BusyError
from cityledger.progress import Teller
from cityledger.settings import DataDir

SCHEMAS: Final = (
    "restricted",
    "ops",
    "staging",
    "intermediate",
    "indicators",
)

# Rises when a table of ours changes shape: an older file is then rebuilt.
SHAPE: Final = 4

_PATIENCE_S: Final = 60.0

_OPS_TABLES: Final = """
create table if not exists ops.loaded_files (path varchar primary key);
create table if not exists ops.parameters (
    as_of_date date, as_of timestamp, run_id varchar, started_at timestamp,
    code_version varchar, reason varchar, history_from date,
    stored_tare_facilities varchar[]
);
create table if not exists ops.calendar (
    day date, is_workday boolean, is_known boolean
);
create table if not exists ops.loads (
    load_id varchar, source varchar, load_date date, started_at timestamp,
    finished_at timestamp, outcome varchar, load_window varchar, rows bigint,
    rows_fetched bigint, bytes bigint, hash varchar, duration_s double,
    message varchar, files_new bigint, files_changed bigint, files_refused bigint,
    newest_item_at timestamp
);
create table if not exists ops.unread_files (
    source varchar, file varchar, reason varchar, since date
);
create table if not exists ops.runs (
    run_id varchar, as_of date, started_at timestamp, finished_at timestamp,
    outcome varchar, rows_in bigint, rows_accepted bigint, rows_quarantined bigint,
    rows_superseded bigint, rows_ignored bigint, code_version varchar,
    reason varchar, message varchar
);
create table if not exists ops.audits (
    run_id varchar, as_of date, checks integer, failures integer, warnings integer
);
create table if not exists ops.audit_findings (
    run_id varchar, as_of date, position integer, severity varchar, check_name varchar,
    note varchar, places bigint, observed varchar
);
create table if not exists ops.waivers (
    quarantine_id varchar, waived_as_of date, reason varchar, waived_by varchar
);
create table if not exists ops.telemetry_files (
    path varchar, day date, load_id varchar, load_date date
);
create table if not exists ops.build_state (
    shape integer, newest_as_of date, incremental_hash varchar, project_hash varchar
);
"""


class WarehouseError(OperatorError):
    """The warehouse cannot be opened, and rebuilding would not help."""


def connect(folders: DataDir, tell: Teller) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for writing; a broken one is put aside and begun again.

    A reader, such as `quarantine list`, is given a minute to end.
    """
    give_up = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return _connect(folders, tell)
        except BusyError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.5)


def _connect(folders: DataDir, tell: Teller) -> duckdb.DuckDBPyConnection:
    folders.root.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(_spill(folders.warehouse), ignore_errors=True)
    try:
        connection = duckdb.connect(str(folders.warehouse))
        if not _is_of_this_shape(connection):
            connection.close()
            tell.note("仓库文件是旧结构，移开并从落地文件重建。")
            connection = _begin_again(folders)
    except duckdb.Error as error:
        _refuse_what_rebuilding_cannot_mend(folders, error)
        tell.note(f"仓库文件无法打开（{_first_line(error)}），移开并从落地文件重建。")
        connection = _begin_again(folders)
    _create_ops(connection)
    _attach_marts(connection, folders)
    return connection


def begin_marts(folders: DataDir) -> None:
    """Put the last marts away, so that none of an older build is ever taken for new."""
    for path in (folders.marts, _log(folders.marts)):
        path.unlink(missing_ok=True)


def read(folders: DataDir) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for reading, attached so that other files can be written."""
    if not folders.warehouse.exists():
        raise WarehouseError("仓库还没有建立；请先运行 cityledger nightly")
    connection = duckdb.connect()
    try:
        for name, path in (("warehouse", folders.warehouse), ("marts", folders.marts)):
            if path.exists():
                connection.execute(f"attach '{_quoted(path)}' as {name} (read_only)")
    except duckdb.Error as error:
        connection.close()
        _refuse_what_rebuilding_cannot_mend(folders, error)
        raise WarehouseError(
            f"仓库文件无法打开（{_first_line(error)}）；请重新运行 cityledger nightly"
        ) from None
    connection.execute("use warehouse.main")
    return connection


def aside(folders: DataDir) -> Path:
    """Where a broken warehouse is kept; only the last one."""
    return folders.root / "warehouse.broken.duckdb"


def _attach_marts(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> None:
    """Attach the marts for writing; broken ones are begun anew by the next build."""
    attach = f"attach '{_quoted(folders.marts)}' as marts"
    try:
        connection.execute(attach)
    except duckdb.Error as error:
        try:
            _refuse_what_rebuilding_cannot_mend(folders, error)
        except OperatorError:
            connection.close()
            raise
        begin_marts(folders)
        connection.execute(attach)


def _begin_again(folders: DataDir) -> duckdb.DuckDBPyConnection:
    broken = aside(folders)
    for path, kept in (
        (folders.warehouse, broken),
        (_log(folders.warehouse), _log(broken)),
    ):
        kept.unlink(missing_ok=True)
        if path.exists():
            path.replace(kept)
    return duckdb.connect(str(folders.warehouse))


def _create_ops(connection: duckdb.DuckDBPyConnection) -> None:
    connection.begin()
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    connection.execute(_OPS_TABLES)
    connection.execute(ledger.CREATE_TABLE)
    if connection.execute("select count(*) from ops.build_state").fetchone() == (0,):
        connection.execute(
            "insert into ops.build_state values (?, null, null, null)", [SHAPE]
        )
    connection.commit()


def _is_of_this_shape(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the file is new or has the tables this version writes."""
    known = connection.execute(
        "select count(*) from duckdb_tables() "
        "where schema_name = 'ops' and table_name = 'build_state'"
    ).fetchone()
    if known == (0,):
        tables = connection.execute("select count(*) from duckdb_tables()").fetchone()
        return tables == (0,)
    return connection.execute("select shape from ops.build_state").fetchall() == [
        (SHAPE,)
    ]


def _refuse_what_rebuilding_cannot_mend(folders: DataDir, error: duckdb.Error) -> None:
    text = str(error)
    if "Could not set lock" in text or "Conflicting lock" in text:
        raise BusyError("仓库文件正被另一个进程打开；请等它结束或关闭后再试") from None
    for words, meaning in (
        ("Permission denied", "没有读写权限"),
        ("No space left", "磁盘已满"),
        ("Too many open files", "打开的文件过多"),
        ("Read-only file system", "文件系统只读"),
        ("Out of Memory", "内存不足"),
    ):
        if words.lower() in text.lower():
            raise WarehouseError(
                f"仓库文件 {folders.warehouse} 无法打开：{meaning}"
            ) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _log(database: Path) -> Path:
    return database.with_name(database.name + ".wal")


def _spill(database: Path) -> Path:
    return database.with_name(database.name + ".tmp")
