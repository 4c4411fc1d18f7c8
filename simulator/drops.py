"""Drops: the files that the county's offices leave in the landing folder."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from simulator.county import County
from simulator.planted import Planted

# Folders that stand from the first day, also while they are empty.
_OFFICES = ("weighbridge", "sanitation", "inspections", "registers", "reference")
_STATE_FILE = ".simulator.json"


@dataclass(frozen=True)
class Content:
    """What one version of a file holds: its bytes on demand, and the truth of it."""

    write: Callable[[], bytes]
    rows: dict[str, int]
    planted: list[Planted] = field(default_factory=list)


@dataclass(frozen=True)
class Drop:
    """A file that arrives on a day; a later drop on its path replaces it."""

    path: str
    day: date
    content: Callable[[], Content]


def drops_of(county: County, day: date) -> Iterator[Drop]:
    """Return the files that arrive on a day, in order."""
    # Imported here: the offices build drops, so they import this module.
    from simulator import inspections, reference_files, sanitation  # noqa: PLC0415
    from simulator.registers import files as registers  # noqa: PLC0415
    from simulator.weighbridge import files as weighbridge  # noqa: PLC0415

    yield from reference_files.drops(county, day)
    yield from weighbridge.drops(county, day)
    yield from sanitation.drops(county, day)
    yield from inspections.drops(county, day)
    yield from registers.drops(county, day)


def write_drops(county: County, landing_dir: Path, day: date) -> list[str]:
    """Write everything that has arrived by the end of a day; return what changed.

    Writing the same day twice changes nothing; the folder remembers how far it is.
    A file that arrived several times in between is there in its last version only:
    to see every version, advance day by day.
    """
    for office in _OFFICES:
        (landing_dir / office).mkdir(parents=True, exist_ok=True)
    written = written_until(county, landing_dir)
    if written is not None and day < written:
        msg = f"{landing_dir} already holds {written}; it cannot go back to {day}"
        raise ValueError(msg)
    since = county.start if written is None else written + timedelta(days=1)
    latest: dict[str, Drop] = {}
    for arrived in county.days(since=since, until=day):
        latest |= {drop.path: drop for drop in drops_of(county, arrived)}
    for path, drop in latest.items():
        _write(landing_dir / path, drop.content().write())
    state = {"county": county.parameters.fingerprint, "until": f"{day}"}
    _write(landing_dir / _STATE_FILE, json.dumps(state).encode())
    return sorted(latest)


def written_until(county: County, landing_dir: Path) -> date | None:
    """Return the day that a landing folder stands at, if it holds this county."""
    state_file = landing_dir / _STATE_FILE
    if not state_file.exists():
        return None
    state = json.loads(state_file.read_text())
    if state["county"] != county.parameters.fingerprint:
        msg = f"{landing_dir} holds the files of another county"
        raise ValueError(msg)
    return date.fromisoformat(state["until"])


def _write(path: Path, data: bytes) -> None:
    """Replace a file at once: a night may be reading the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.part")
    staged.write_bytes(data)
    staged.replace(path)
