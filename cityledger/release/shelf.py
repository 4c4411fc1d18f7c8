"""Shelf: where releases lie, and what state each of them is in.

    releases/draft/<id>/        the one open draft
    releases/published/<id>/    decided for publication, read-only, never removed
    releases/closed/<id>-<time> drafts that came to nothing

Each has `object/` (the files) and `steps/` (its journal).
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from cityledger.errors import OperatorError, UsageError
from cityledger.release import journal, rules
from cityledger.release.journal import REVIEWS, Entry
from cityledger.release.version import Version, require_id
from cityledger.settings import DataDir

CONTENTS: Final = "contents.json"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"


@dataclass(frozen=True)
class Release:
    """One release on the shelf."""

    folder: Path

    @property
    def release_id(self) -> str:
        """Its name and address."""
        return str(self.contents["release_id"])

    @property
    def version(self) -> Version:
        """Its place in the series."""
        return Version.parse(self.contents["version"])

    @property
    def object(self) -> Path:
        """The files that citizens get."""
        return self.folder / "object"

    @property
    def steps(self) -> Path:
        """The journal."""
        return self.folder / "steps"

    @cached_property
    def contents(self) -> dict[str, Any]:
        """What was drafted."""
        path = self.object / CONTENTS
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            Version.parse(found["version"])
            require_id(found["release_id"])
        except (ValueError, TypeError, KeyError, AttributeError):
            raise OperatorError(f"{path} 读不出来，被改动过") from None
        return found

    @cached_property
    def entries(self) -> list[Entry]:
        """Who did what."""
        return journal.read(self.steps)

    def last(self, step: str) -> Entry | None:
        """Return the last entry of a step."""
        return rules.last(self.entries, step)

    @property
    def drafted_by(self) -> str:
        """Who drafted it."""
        return self.entries[0].by

    @property
    def published_at(self) -> datetime | None:
        """When it may be seen; in the future while under embargo."""
        entry = self.last("发布")
        return datetime.fromisoformat(entry.details["published_at"]) if entry else None

    def has_come_out(self, now: datetime) -> bool:
        """Say whether it may be known of; one withdrawn before its time never may."""
        at, gone = self.published_at, self.withdrawal
        if at is None or at > now:
            return False
        return not (gone and gone.at < at)

    @property
    def withdrawal(self) -> Entry | None:
        """Why it was withdrawn, and since when; erased later, in the later words."""
        first = next((e for e in self.entries if e.step == "撤回"), None)
        last = self.last("撤回")
        return replace(last, at=first.at) if first and last else None

    @property
    def is_erased(self) -> bool:
        """Say whether its figures may no longer be shown at all."""
        return bool(self.withdrawal and self.withdrawal.details.get("erase"))

    @property
    def roles(self) -> list[str]:
        """Return the roles that agreed, in the order of the steps."""
        return rules.roles(self.entries)

    def state(self, now: datetime) -> str:
        """Say in a word how it stands."""
        if self.withdrawal:
            return "已撤回"
        if self.last("作废"):
            return "已作废"
        if self.published_at:
            return "已发布" if self.published_at <= now else "待发布"
        refused = [self.last(s) for s in REVIEWS]
        if any(e and e.outcome == "不予公开" for e in refused):
            return "不予公开"
        if any(e and e.outcome == "送审" for e in refused):
            return "送审中"
        return "已签发" if len(self.roles) == len(REVIEWS) else "审查中"


def draft(folders: DataDir) -> Release | None:
    """Return the open draft."""
    found = _in(folders.releases / "draft")
    return found[0] if found else None


def decided(folders: DataDir) -> list[Release]:
    """Return every release that people decided to publish, embargoed ones too."""
    found = _in(folders.releases / "published")
    return sorted(found, key=lambda release: release.version)


def public(folders: DataDir, now: datetime) -> list[Release]:
    """Return what citizens may know of at a moment: the one door to every exit."""
    return [r for r in decided(folders) if r.has_come_out(now)]


def waiting(folders: DataDir, now: datetime) -> list[Release]:
    """Return what people decided to publish at a time that has not come."""
    return [
        release
        for release in decided(folders)
        if not release.withdrawal and not release.has_come_out(now)
    ]


def standing(releases: list[Release], at: datetime) -> list[Release]:
    """Return what was out and not withdrawn at a moment."""
    return [
        release
        for release in releases
        if release.has_come_out(at)
        and not (release.withdrawal and release.withdrawal.at <= at)
    ]


def latest(releases: list[Release]) -> Release | None:
    """Return the release in force among some."""
    standing = [release for release in releases if not release.withdrawal]
    return standing[-1] if standing else None


def find(folders: DataDir, release_id: str) -> Release:
    """Return a release by its name, the open draft included."""
    require_id(release_id)
    opened = draft(folders)
    for release in ([opened] if opened else []) + decided(folders):
        if release.release_id == release_id:
            return release
    raise UsageError(f"没有发布版 {release_id}；用 cityledger release list 查看")


def closed(folders: DataDir) -> list[Release]:
    """Return the drafts that came to nothing."""
    return _in(folders.releases / "closed")


def _in(folder: Path) -> list[Release]:
    return [
        Release(path)
        for path in sorted(folder.glob("[!.]*"))
        if (path / "object" / CONTENTS).exists()
    ]
