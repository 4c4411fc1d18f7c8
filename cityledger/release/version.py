"""Version: what a release is called, computed from what it changes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from cityledger.errors import UsageError

_ID: Final = re.compile(r"(?P<period>\d{4}(?:-\d{2}|Q[1-4])?)-v(?P<version>[\d.]+)")


@dataclass(frozen=True, order=True)
class Version:
    """Semantic version of the county's one public series.

    Major: something published is no longer there, or is defined otherwise. Minor:
    figures were added. Patch: published figures have other values.
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1.2.3`."""
        return cls(*(int(part) for part in text.split(".")))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def after(self, kinds: Iterable[str], *, redefines: bool) -> "Version":
        """Return the version of a release with these kinds of change."""
        seen = set(kinds)
        if "撤回" in seen or redefines:
            return Version(self.major + 1, 0, 0)
        if "首发" in seen:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


FIRST: Final = Version(1, 0, 0)


def release_id(period: str, version: Version) -> str:
    """Return the name of a release, which is also its address."""
    return f"{period}-v{version}"


def require_id(text: str) -> str:
    """Return the id if it is one: it names folders, so nothing else may pass."""
    if not _ID.fullmatch(text):
        raise UsageError(f"{text} 不是发布版编号；应像 2025-06-v1.0.0")
    return text
