"""Ops: the tables by which dbt learns what night it is and what was done before."""

import json
from datetime import date, timedelta
from typing import Any, Final

import duckdb
import pyarrow as pa

from cityledger import audit, ledger, load_log, runs, scheme_tables
from cityledger.calendar import as_of, calendar_table
from cityledger.load_log import Load, NotTaken
from cityledger.runs import Run
from cityledger.settings import DataDir, Settings

_AHEAD: Final = timedelta(days=400)


def write(connection: duckdb.DuckDBPyConnection, run: Run, settings: Settings) -> None:
    """Write the tables of schema `ops` for one run, all in one transaction."""
    folders = settings.folders
    connection.begin()
    _fill(connection, "parameters", [_parameters(run, settings)])
    _fill(connection, "calendar", _calendar(settings.history_from, run.as_of))
    loads = load_log.read(folders.root)
    _fill(connection, "loads", [_load(load) for load in loads])
    _fill(connection, "unread_files", _unread_files(loads, run.as_of))
    _fill(connection, "runs", [_run(other) for other in runs.read(folders)])
    audits = audit.kept(folders)
    _fill(connection, "audits", [audit.totals(one) for one in audits])
    found = [row for one in audits for row in audit.findings(one)]
    _fill(connection, "audit_findings", found)
    _fill(connection, "waivers", _waivers(folders))
    connection.execute("delete from ops.ledger")
    connection.execute(f"insert into ops.ledger by name {ledger.query(folders)}")
    scheme_tables.write(connection, folders)
    connection.commit()


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]
) -> None:
    """Replace a table's rows; columns are matched by name, absent ones are null."""
    connection.execute(f"delete from ops.{table}")  # noqa: S608 - our own name
    if not rows:
        return
    connection.register("new_rows", pa.Table.from_pylist(rows))
    connection.execute(
        f"insert into ops.{table} by name select * from new_rows"  # noqa: S608
    )
    connection.unregister("new_rows")


def _parameters(run: Run, settings: Settings) -> dict[str, Any]:
    return {
        "as_of_date": run.as_of,
        "as_of": as_of(run.as_of),
        "run_id": run.run_id,
        "started_at": run.started_at,
        "code_version": run.code_version,
        "reason": run.reason,
        "history_from": settings.history_from,
        "stored_tare_facilities": list(settings.stored_tare),
    }


def _calendar(first: date, day: date) -> list[dict[str, Any]]:
    return [
        {"day": d.day, "is_workday": d.is_workday, "is_known": d.is_known}
        for d in calendar_table(first, day + _AHEAD)
    ]


def _load(load: Load) -> dict[str, Any]:
    return {
        "load_id": load.load_id,
        "source": load.source,
        "load_date": load.load_date,
        "started_at": load.started_at,
        "finished_at": load.finished_at,
        "outcome": load.outcome,
        "load_window": load.window,
        "rows": load.rows,
        "rows_fetched": load.rows_fetched,
        "bytes": load.bytes,
        "hash": load.hash,
        "duration_s": load.duration_s,
        "message": load.message,
        "files_new": load.files.new,
        "files_changed": load.files.changed,
        "files_refused": load.files.refused,
        "newest_item_at": load.newest_item_at,
    }


def _unread_files(loads: list[Load], day: date) -> list[dict[str, Any]]:
    """Return what the last load of each source left in the drop, and since when."""
    left: dict[str, dict[str, tuple[str, date]]] = {}
    for load in loads:
        if load.outcome != "ok" or load.load_date > day:
            continue
        before = left.get(load.source, {})
        left[load.source] = {
            file.name: (file.reason, _since(before.get(file.name), file, load))
            for file in load.not_taken
        }
    return [
        {"source": source, "file": name, "reason": reason, "since": since}
        for source, files in left.items()
        for name, (reason, since) in files.items()
    ]


def _since(before: tuple[str, date] | None, file: NotTaken, load: Load) -> date:
    """Return the night from which on a file has lain there for the same reason."""
    if before is not None and before[0] == file.reason:
        return before[1]
    return load.load_date


def _run(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "as_of": run.as_of,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "outcome": run.outcome,
        "rows_in": run.counts.received,
        "rows_accepted": run.counts.accepted,
        "rows_quarantined": run.counts.quarantined,
        "rows_superseded": run.counts.superseded,
        "rows_ignored": run.counts.ignored,
        "code_version": run.code_version,
        "reason": run.reason,
        "message": "；".join(run.messages) or None,
    }


def _waivers(folders: DataDir) -> list[dict[str, Any]]:
    """Return the waivers in force, without when they were written."""
    rows = []
    for path in sorted(folders.waivers.glob("[!.]*.json")):
        waiver = json.loads(path.read_text(encoding="utf-8"))
        rows.append(
            {
                "quarantine_id": waiver["quarantine_id"],
                "waived_as_of": date.fromisoformat(waiver["waived_as_of"]),
                "reason": waiver["reason"],
                "waived_by": waiver["waived_by"],
            }
        )
    return rows
