"""Export: make every public exit anew from the releases that may be seen now.

There is one list of what may be seen (`shelf.public`), so embargo and withdrawal hold
at every exit: the public file, the site, its files, feeds and catalogues.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from cityledger import versions
from cityledger.errors import OperatorError
from cityledger.files import let_through, open_to_all, point, sync
from cityledger.locks import writer
from cityledger.release import (
    corrections,
    journal,
    proof,
    public_file,
    shelf,
    workflow,
)
from cityledger.release.shelf import Release
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS, PUBLIC

_KEPT_BEFORE: Final = 1
# What a site is named by: when it was made.
_MOMENT: Final = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Exported:
    """What was made."""

    releases: int
    pages: int
    site: Path


def export(settings: Settings, now: datetime) -> Exported:
    """Replace what citizens see, all at once or not at all."""
    from cityledger.release.site import render  # noqa: PLC0415 - heavy

    folders = settings.folders
    with writer(folders):
        workflow.complete(folders, now)
        releases = shelf.public(folders, now)
        _require_whole(folders, releases)
        site = folders.site / f"{now:{_MOMENT}}"
        building = folders.site / f".building-{site.name}"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        pages = render.render(
            building, releases, corrections.read(folders), settings, now
        )
        open_to_all(building)
        let_through(folders.root, folders.site)
        building.rename(site)
        _show_public_file(folders, now, settings.keep_versions)
        point(folders.site / "current", site.name)
        proof.exported(folders, site, now)
        # What was erased must not lie in the site before this one either.
        keep = 0 if any(release.is_erased for release in releases) else _KEPT_BEFORE
        _prune(folders.site, site, keep)
    return Exported(len(releases), pages, folders.site / "current")


def is_due(folders: DataDir, now: datetime) -> bool:
    """Say whether a release has come out or was withdrawn since the exits were made."""
    known = shelf.public(folders, now)
    shown = folders.site / "current"
    if not shown.is_symlink():
        return bool(known)
    recorded = journal.read(folders.exits)[-1:]
    if not recorded or recorded[0].details["site"] != str(shown.readlink()):
        return True  # killed in between, or not ours
    made = recorded[0].at
    return any(
        not release.has_come_out(made)
        or ((last := release.last("撤回")) is not None and last.at > made)
        for release in known
    )


def _require_whole(folders: DataDir, releases: list[Release]) -> None:
    """Show only what is as it was cleared; else the exits in force stay as they are."""
    register = journal.read(folders.signers)
    for release in releases:
        wrong = [] if release.is_erased else proof.of_release(release, register)
        if wrong:
            raise OperatorError(
                f"{release.release_id} 与公布时不符（{wrong[0]}），公众出口没有更新；"
                "请用 cityledger release verify 查看，从备份恢复该版本后再 export，"
                "或用 withdraw --erase 撤下它"
            )


def _show_public_file(folders: DataDir, now: datetime, keep: int) -> None:
    """Put a new public file beside the leaders' file in force."""
    shown = versions.current(folders)
    if not shown:
        return
    version = replace(
        shown,
        name=f"{shown.as_of:%Y%m%d}-{now:%Y%m%dT%H%M%S%f}",
        published_at=now,
        note="公开发布",
    )
    building = versions.begin(folders, version.name)
    versions.carry(folders, LEADERS, building)
    public_file.write(building / PUBLIC, shelf.public(folders, now))
    versions.finish(folders, building, version)
    versions.show(folders, version)
    versions.prune(folders, keep)
    # What was withdrawn must not lie in the versions before this one either.
    for older in versions.every(folders):
        versions.carry(folders, PUBLIC, folders.versions / older.name)


def _prune(root: Path, shown: Path, keep: int) -> None:
    """Keep the site in force and the one before; a reader may still be inside."""
    older = sorted(p for p in root.glob("[0-9]*") if p.is_dir() and p != shown)
    for path in older[: len(older) - keep]:
        shutil.rmtree(path)
    for path in root.glob(".building-*"):
        shutil.rmtree(path)
    sync(root)
