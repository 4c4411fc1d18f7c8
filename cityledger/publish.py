"""Publish: show readers what the audit has passed, all at once or not at all."""

from dataclasses import dataclass, replace

import duckdb

from cityledger import (
    audit,
    ledger,
    runs,
    score_ledger,
    snapshot,
    versions,
    warehouse,
)
from cityledger.errors import PUBLISHED, PUBLISHED_INCOMPLETE, REFUSED, OperatorError
from cityledger.landed import SOURCES
from cityledger.locks import WAIT_S, writer
from cityledger.progress import SILENT, Teller
from cityledger.release import public_file
from cityledger.runs import Counts, Run
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS, PUBLIC, Version


class PublishError(OperatorError):
    """The warehouse holds nothing that may be published."""

    exit_code = REFUSED


@dataclass(frozen=True)
class Published:
    """What a publication did."""

    version: str
    run: Run
    was_shown: bool
    new_editions: int
    incomplete: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Return 5 when a source was missing or late, else 0."""
        return PUBLISHED_INCOMPLETE if self.incomplete else PUBLISHED


def publish(
    settings: Settings,
    force: bool = False,
    tell: Teller = SILENT,
    wait_s: float = WAIT_S,
) -> Published:
    """Replace what is shown with the marts of the warehouse, which an audit passed.

    Editions are recorded before the swap, so that no shown figure is missing from
    the ledger; a night that dies between the two is published by running it again.
    """
    folders = settings.folders
    with writer(folders, tell, wait_s), warehouse.read(folders) as connection:
        run = _audited_run(connection, folders)
        incomplete = _incomplete_sources(connection, run)
        editions = ledger.append(connection, run.run_id, folders).rows
        score_ledger.append(connection, run.run_id, folders)
        closing = _closing(connection, run, incomplete)
        shown = versions.current(folders)
        if shown and shown.as_of > run.as_of and not force:
            tell.note(_too_old(shown, run))
            closed = runs.finish(
                closing, closing.outcome, folders, _too_old(shown, run)
            )
            return Published(shown.name, closed, False, editions, incomplete)
        version = _show(closing, folders)
        versions.prune(folders, settings.keep_versions)
        closed = runs.finish(closing, closing.outcome, folders, *_words(incomplete))
        return Published(version.name, closed, True, editions, incomplete)


def _audited_run(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> Run:
    run = runs.built(connection, folders)
    if not run.audit_passed:
        raise PublishError(
            f"{run.as_of} 的结果还没有通过质量闸门，不能发布；请先运行 cityledger audit"
        )
    return run


def rollback(settings: Settings, name: str | None = None) -> Version:
    """Show an older version of the leaders' file; the public file stays as it is."""
    folders = settings.folders
    with writer(folders):
        version = versions.previous(folders, name)
        versions.carry(folders, PUBLIC, folders.versions / version.name)
        versions.show(folders, version)
    return version


def _show(run: Run, folders: DataDir) -> Version:
    moment = runs.county_now()
    version = Version(
        name=f"{run.as_of:%Y%m%d}-{moment:%Y%m%dT%H%M%S%f}",
        as_of=run.as_of,
        run_id=run.run_id,
        published_at=moment,
        is_incomplete=run.outcome == "published_incomplete",
    )
    building = versions.begin(folders, version.name)
    judged = audit.last(folders, run.run_id)
    snapshot.write(folders, building / LEADERS, run, judged)
    if not versions.carry(folders, PUBLIC, building):
        public_file.write_empty(building / PUBLIC)
    versions.finish(folders, building, version)
    versions.show(folders, version)
    return version


def _incomplete_sources(
    connection: duckdb.DuckDBPyConnection, run: Run
) -> tuple[str, ...]:
    """Return the sources that failed, are missing, late or mostly refused."""
    loaded = connection.execute(
        "select source from ops.loads where load_date = ? and outcome = 'ok'",
        [run.as_of],
    ).fetchall()
    words = {source: "没有取到" for source in SOURCES if (source,) not in loaded}
    late = connection.execute(
        "select source, status from marts.source_summary "
        "where status in ('缺失', '迟到', '多数不合格')"
    ).fetchall()
    for source, status in late:
        words.setdefault(source, status)
    return tuple(f"{source} {word}" for source, word in sorted(words.items()))


def _closing(
    connection: duckdb.DuckDBPyConnection, run: Run, incomplete: tuple[str, ...]
) -> Run:
    """Return the run as it will stand once it is shown."""
    counts = connection.execute(
        "select rows_in, rows_accepted, rows_quarantined, rows_superseded, "
        "rows_ignored from marts.runs where run_id = ?",
        [run.run_id],
    ).fetchone()
    return replace(
        run,
        outcome="published_incomplete" if incomplete else "published",
        finished_at=runs.county_now(),
        stage="published",
        counts=Counts(*counts) if counts else run.counts,
    )


def _too_old(shown: Version, run: Run) -> str:
    return (
        f"已发布的是 {shown.as_of} 的数据，比 {run.as_of} 新，没有替换；"
        "台账已照常记录（要替换请加 --force）"
    )


def _words(incomplete: tuple[str, ...]) -> tuple[str, ...]:
    return (f"数据源没有到齐：{'、'.join(incomplete)}",) if incomplete else ()
