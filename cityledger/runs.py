"""Run log: one file per night, what it was asked and what became of it."""

import json
import os
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from cityledger.calendar import COUNTY_TIME
from cityledger.errors import OperatorError
from cityledger.files import write_text
from cityledger.settings import DataDir

INTERRUPTED: Final = "中断：进程已不在，再运行一次即可修复"
REPLACED: Final = "没有走完，被后一次运行取代"
PUBLISHED_OUTCOMES: Final = ("published", "published_incomplete")

# A chain of single commands (the DAG) lies still between two of them.
_CHAIN_PAUSE: Final = timedelta(hours=12)

Outcome = Literal["running", "published", "published_incomplete", "refused", "failed"]


class NoRunError(OperatorError):
    """There is no run to go on with."""


@dataclass(frozen=True)
class Counts:
    """Rows of a run; received = accepted + quarantined + superseded + ignored."""

    received: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    superseded: int | None = None
    ignored: int | None = None


@dataclass(frozen=True)
class Worker:
    """The process at work on a run; the start tick tells it from a later namesake."""

    pid: int
    started_tick: str


@dataclass(frozen=True)
class Run:
    """One night; times are county local."""

    run_id: str
    as_of: date
    started_at: datetime
    code_version: str
    reason: str | None = None
    finished_at: datetime | None = None
    outcome: Outcome = "running"
    stage: str = ""
    is_built: bool = False
    audit_passed: bool | None = None
    counts: Counts = field(default_factory=Counts)
    messages: tuple[str, ...] = ()
    worker: Worker | None = None
    touched_at: datetime | None = None


def county_now() -> datetime:
    """Return the time on the county's clocks, naive as all times in the warehouse."""
    return datetime.now(COUNTY_TIME).replace(tzinfo=None)


def start(day: date, folders: DataDir, reason: str | None = None) -> Run:
    """Open a night's entry."""
    moment = datetime.now(UTC)
    run = Run(
        run_id=f"{day:%Y%m%d}-{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}",
        as_of=day,
        started_at=county_now(),
        code_version=code_version(),
        reason=reason,
    )
    return save(replace(run, worker=_this_process()), folders)


def finish(run: Run, outcome: Outcome, folders: DataDir, *messages: str) -> Run:
    """Close a night's entry with what became of it."""
    closed = replace(
        run,
        outcome=outcome,
        finished_at=county_now(),
        messages=(*run.messages, *messages),
        worker=None,
    )
    return save(closed, folders)


def pause(run: Run, folders: DataDir, stage: str) -> Run:
    """Note that one command of a chain is done and the next has not begun."""
    return save(replace(run, stage=stage, worker=None), folders)


def resume(run: Run, folders: DataDir, stage: str) -> Run:
    """Note that this process is at work on the run."""
    return save(replace(run, stage=stage, worker=_this_process()), folders)


def save(run: Run, folders: DataDir) -> Run:
    """Write a run's entry in one step."""
    touched = replace(run, touched_at=county_now())
    text = json.dumps(asdict(touched), ensure_ascii=False, indent=1, default=str)
    write_text(folders.run_log / f"{run.run_id}.json", text)
    return touched


def read(folders: DataDir) -> list[Run]:
    """Return every night, oldest first; one whose process died has failed."""
    paths = sorted(folders.run_log.glob("[!.]*.json"))
    return [_judged(_parsed(path)) for path in paths]


def settle(folders: DataDir, shown: Mapping[str, bool]) -> None:
    """Write down how the nights ended whose process died, before another begins.

    A chain of single commands that was left half way cannot go on after it.

    One that died after its version was shown, before it could say so, was published:
    `shown` says of each run that has a version whether it was incomplete.
    """
    for path in sorted(folders.run_log.glob("[!.]*.json")):
        entry = _parsed(path)
        if entry.outcome != "running" or (entry.worker and _is_alive(entry)):
            continue
        if entry.run_id in shown:
            is_incomplete = shown[entry.run_id]
            outcome: Outcome = "published_incomplete" if is_incomplete else "published"
            finish(entry, outcome, folders)
        else:
            finish(entry, "failed", folders, INTERRUPTED if entry.worker else REPLACED)


def find(run_id: str, folders: DataDir) -> Run | None:
    """Return one run's entry."""
    path = folders.run_log / f"{run_id}.json"
    return _judged(_parsed(path)) if path.exists() else None


def built(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> Run:
    """Return the run whose results the warehouse holds, whole."""
    row = connection.execute("select run_id from ops.parameters").fetchone()
    run = find(row[0], folders) if row else None
    if not run:
        raise NoRunError("仓库里没有一次完整的计算；请先运行 cityledger build")
    if not run.is_built:
        raise NoRunError(f"{run.as_of} 的计算没有完成；请先重新运行 cityledger build")
    if not folders.marts.exists():
        raise NoRunError(f"找不到 {folders.marts}；请先重新运行 cityledger build")
    return run


def published(folders: DataDir) -> list[Run]:
    """Return the nights that were published."""
    return [run for run in read(folders) if run.outcome in PUBLISHED_OUTCOMES]


@cache
def code_version() -> str:
    """Return what git calls this checkout, or else the package's version."""
    root = Path(__file__).parents[1]
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--tags"]
    try:
        described = subprocess.run(  # noqa: S603 - fixed words
            command, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return version("cityledger")
    return described.stdout.strip()


def _parsed(path: Path) -> Run:
    entry: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    entry["as_of"] = date.fromisoformat(entry["as_of"])
    for name in ("started_at", "finished_at", "touched_at"):
        entry[name] = entry[name] and datetime.fromisoformat(entry[name])
    entry["counts"] = Counts(**entry["counts"])
    entry["worker"] = entry["worker"] and Worker(**entry["worker"])
    entry["messages"] = tuple(entry["messages"])
    return Run(**entry)


def _judged(run: Run) -> Run:
    if run.outcome != "running" or _is_alive(run):
        return run
    return replace(run, outcome="failed", messages=(*run.messages, INTERRUPTED))


def _is_alive(run: Run) -> bool:
    if run.worker:
        return _start_tick(run.worker.pid) == run.worker.started_tick
    return run.touched_at is not None and county_now() - run.touched_at < _CHAIN_PAUSE


def _this_process() -> Worker:
    return Worker(os.getpid(), _start_tick(os.getpid()))


def _start_tick(pid: int) -> str:
    """Return when a process began, in the kernel's ticks; empty when there is none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    after_name = status.rpartition(")")[2].split()
    is_dead = after_name[0] in "ZX"
    return "" if is_dead else after_name[19]
