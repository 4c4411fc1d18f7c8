"""Load log: what each attempt to land a source did, one JSON file per attempt."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from cityledger.files import write_text
from cityledger.settings import DataDir

Outcome = Literal["running", "ok", "failed"]
_INTERRUPTED: Final = "中断：进程没有走完就结束了，重跑即可补齐"


@dataclass(frozen=True)
class FileCounts:
    """How many files a load saw, by what became of them."""

    new: int = 0
    changed: int = 0
    refused: int = 0
    unchanged: int = 0
    not_taken: int = 0


@dataclass(frozen=True, order=True)
class NotTaken:
    """What lay in the drop and was not taken, and why.

    `is_new`: the load before it did not find the same name with the same reason.
    """

    name: str
    reason: str
    is_new: bool = True


@dataclass(frozen=True)
class Load:
    """One attempt to land one source for one logical date; times are county local."""

    load_id: str
    source: str
    load_date: date
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Outcome = "running"
    window: str = ""
    rows: int = 0
    rows_fetched: int = 0
    bytes: int = 0
    hash: str = ""
    duration_s: float = 0.0
    message: str = ""
    files: FileCounts = field(default_factory=FileCounts)
    newest_item_at: datetime | None = None
    not_taken: tuple[NotTaken, ...] = ()


_LOAD: Final = TypeAdapter(Load)


def read(data_dir: Path) -> list[Load]:
    """Return every attempt in order of load id; one whose process died has failed."""
    return [_settled(data_dir, _entry(path)) for path in _paths(data_dir, "*")]


def of_source(data_dir: Path, source: str) -> dict[str, Load]:
    """Return a source's attempts by load id."""
    return {path.stem: _entry(path) for path in _paths(data_dir, source)}


def last_ok(data_dir: Path, source: str) -> Load | None:
    """Return the successful load of the latest logical date."""
    newest_first = map(_entry, reversed(_paths(data_dir, source)))
    return next((load for load in newest_first if load.outcome == "ok"), None)


def write(data_dir: Path, load: Load) -> None:
    """Write or replace one entry, atomically."""
    path = DataDir(data_dir).load_log / f"{load.load_id}.json"
    write_text(path, to_json(load))


def to_json(load: Load) -> str:
    """Return an entry as it stands in its file."""
    return _LOAD.dump_json(load, indent=2).decode()


def from_json(text: str | bytes) -> Load:
    """Read an entry back."""
    return _LOAD.validate_json(text)


def source_lock(data_dir: Path, source: str) -> FileLock:
    """Return the lock that one load of a source holds while its process lives."""
    folder = DataDir(data_dir).state
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"land-{source}.lock")


def _paths(data_dir: Path, source: str) -> list[Path]:
    return sorted(DataDir(data_dir).load_log.glob(f"[0-9]*-{source}.json"))


def _entry(path: Path) -> Load:
    return from_json(path.read_bytes())


def _settled(data_dir: Path, load: Load) -> Load:
    """Call an entry failed when nobody holds its source's lock any more."""
    if load.outcome != "running":
        return load
    try:
        with source_lock(data_dir, load.source).acquire(timeout=0):
            return replace(load, outcome="failed", message=_INTERRUPTED)
    except Timeout:
        return load
