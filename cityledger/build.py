"""Build: from what has landed to the marts of one night, beside what is shown."""

from dataclasses import dataclass, replace
from datetime import date

import duckdb

from cityledger import landed, ops, runs, transform, warehouse
from cityledger.landed import Appended
from cityledger.locks import WAIT_S, writer
from cityledger.progress import SILENT, Teller
from cityledger.runs import Run
from cityledger.settings import Settings
from cityledger.transform import Transformed


@dataclass(frozen=True)
class BuildResult:
    """A finished build."""

    run_id: str
    as_of: date
    appended: Appended
    transformed: Transformed
    was_full_refresh: bool


def build(
    day: date,
    settings: Settings,
    reason: str | None = None,
    run_id: str | None = None,
    tell: Teller = SILENT,
    wait_s: float = WAIT_S,
) -> BuildResult:
    """Compute the night of a day; nothing that is shown changes.

    Without a run id the build opens a run of its own.
    """
    folders = settings.folders
    with writer(folders, tell, wait_s):
        run = (run_id and runs.find(run_id, folders)) or runs.start(
            day, folders, reason
        )
        return _build(run, settings, tell)


def _build(run: Run, settings: Settings, tell: Teller) -> BuildResult:
    folders = settings.folders
    with warehouse.connect(folders, tell) as connection:
        tell.doing("并入新落地的文件")
        appended = landed.append(connection, folders)
        landed.list_telemetry(connection, folders)
        ops.write(connection, run, settings)
        full_refresh = _needs_full_refresh(connection, run.as_of)
        views_stand = _views_stand(connection)
        _note_start(connection, run.as_of, full_refresh, views_stand)
        connection.execute("checkpoint")
    warehouse.begin_marts(folders)
    if full_refresh:
        tell.doing("增量模型整体重算")
    transformed = transform.transform(folders, full_refresh, views_stand, tell)
    with warehouse.connect(folders, tell) as connection:
        _note_end(connection, run.as_of, full_refresh)
        # Published is the file alone, without its log.
        connection.execute("checkpoint marts")
    runs.save(replace(run, is_built=True), folders)
    return BuildResult(run.run_id, run.as_of, appended, transformed, full_refresh)


def _needs_full_refresh(connection: duckdb.DuckDBPyConnection, day: date) -> bool:
    """Say whether incremental models may know more than this night should.

    They also start anew when their own SQL has changed since they were filled.
    """
    state = connection.execute(
        "select newest_as_of, incremental_hash from ops.build_state"
    ).fetchone()
    if not state or state[0] is None:
        return False
    return bool(day < state[0]) or state[1] != transform.incremental_hash()


def _views_stand(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the last whole build was made by this very project."""
    state = connection.execute("select project_hash from ops.build_state").fetchone()
    return bool(state) and state == (transform.project_hash(),)


def _note_start(
    connection: duckdb.DuckDBPyConnection,
    day: date,
    full_refresh: bool,
    views_stand: bool,
) -> None:
    """From here on models may hold what is known at this day, by this project.

    A build that dies half way leaves a mixture: what it was going to make anew counts
    as nobody's until a build has ended.
    """
    connection.execute(
        "update ops.build_state "
        "set newest_as_of = greatest(coalesce(newest_as_of, $day), $day), "
        "incremental_hash = case when $full_refresh then 'unfinished' "
        "else coalesce(incremental_hash, $hash) end, "
        "project_hash = case when $views_stand then project_hash end",
        {
            "day": day,
            "hash": transform.incremental_hash(),
            "full_refresh": full_refresh,
            "views_stand": views_stand,
        },
    )


def _note_end(
    connection: duckdb.DuckDBPyConnection, day: date, was_full_refresh: bool
) -> None:
    connection.execute(
        "update ops.build_state set project_hash = ?", [transform.project_hash()]
    )
    if was_full_refresh:
        connection.execute(
            "update ops.build_state set newest_as_of = ?, incremental_hash = ?",
            [day, transform.incremental_hash()],
        )
