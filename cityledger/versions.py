"""Versions: published files side by side, and the pointer to the one in force."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from cityledger.errors import OperatorError
from cityledger.files import let_through, open_to_all, point, sync, write_text
from cityledger.settings import DataDir

LEADERS: Final = "leaders.duckdb"
PUBLIC: Final = "public.duckdb"
_NOTE: Final = "version.json"
_UNFINISHED: Final = ".building-"


class VersionError(OperatorError):
    """There is no such version, or none to go back to."""


@dataclass(frozen=True)
class Version:
    """One published pair of files; `published_at` is county time."""

    name: str
    as_of: date
    run_id: str
    published_at: datetime
    is_incomplete: bool = False
    note: str = ""


def every(folders: DataDir) -> list[Version]:
    """Return all versions, first published first."""
    notes = folders.versions.glob(f"[!.]*/{_NOTE}")
    return sorted(
        (_parsed(note) for note in notes), key=lambda v: (v.published_at, v.name)
    )


def current(folders: DataDir) -> Version | None:
    """Return the version in force."""
    note = folders.current / _NOTE
    return _parsed(note) if note.exists() else None


def previous(folders: DataDir, name: str | None) -> Version:
    """Return the version asked for, or the last one from another run."""
    known = every(folders)
    if name:
        for version in known:
            if version.name == name:
                return version
        raise VersionError(f"没有版本 {name}；用 cityledger publish --list 查看")
    shown = current(folders)
    older = [
        version
        for version in known
        if shown
        and version.published_at < shown.published_at
        and version.run_id != shown.run_id
    ]
    if not older:
        raise VersionError("没有更早的版本可以退回")
    return older[-1]


def begin(folders: DataDir, name: str) -> Path:
    """Return an empty folder, invisible until it is finished."""
    folders.versions.mkdir(parents=True, exist_ok=True)
    remove_unfinished(folders)
    building = folders.versions / f"{_UNFINISHED}{name}"
    building.mkdir()
    return building


def finish(folders: DataDir, building: Path, version: Version) -> None:
    """Make a built folder a version; it is not shown yet."""
    write_text(
        building / _NOTE,
        json.dumps(asdict(version), ensure_ascii=False, indent=1, default=str),
    )
    let_through(folders.root, folders.published, folders.versions, building)
    for file in building.iterdir():
        if file.name == PUBLIC:
            open_to_all(file)
        sync(file)
    sync(building)
    building.rename(folders.versions / version.name)
    sync(folders.versions)


def show(folders: DataDir, version: Version) -> None:
    """Put a version in force: one rename, and no reader is disturbed."""
    point(folders.current, f"versions/{version.name}")
    for name in (LEADERS, PUBLIC):
        link = folders.published / name
        if not link.is_symlink() or str(link.readlink()) != f"current/{name}":
            point(link, f"current/{name}")


def carry(folders: DataDir, name: str, into: Path) -> bool:
    """Take a file of the version in force along, if there is one."""
    source = folders.current / name
    if not source.exists():
        return False
    temporary = into / f".{name}.tmp"
    temporary.unlink(missing_ok=True)
    try:
        os.link(source.resolve(), temporary)
    except OSError:
        shutil.copy2(source, temporary)
    temporary.replace(into / name)
    # Where both were one file already, the system leaves the link as it is.
    temporary.unlink(missing_ok=True)
    return True


def prune(folders: DataDir, keep: int) -> list[str]:
    """Remove all but the newest versions, never the one in force."""
    shown = current(folders)
    removed = [
        version.name
        for version in every(folders)[:-keep]
        if not shown or version.name != shown.name
    ]
    for name in removed:
        shutil.rmtree(folders.versions / name)
    remove_unfinished(folders)
    return removed


def remove_unfinished(folders: DataDir) -> None:
    """Remove what a killed publication left behind."""
    for orphan in folders.versions.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(orphan)
    for orphan in folders.published.glob(".*.tmp"):
        orphan.unlink()


def _parsed(note: Path) -> Version:
    entry = json.loads(note.read_text(encoding="utf-8"))
    entry["as_of"] = date.fromisoformat(entry["as_of"])
    entry["published_at"] = datetime.fromisoformat(entry["published_at"])
    return Version(**entry)
