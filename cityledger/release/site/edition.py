"""Edition: one release as the pages need it, read once."""

from dataclasses import dataclass
from functools import cached_property

from cityledger.county import COUNTY
from cityledger.release import draft, public_file, shelf
from cityledger.release.badge import RULES
from cityledger.release.files.bulletin import newest_by_indicator
from cityledger.release.files.metadata import About, sha256
from cityledger.release.opened import Row
from cityledger.release.shelf import Release


@dataclass
class Edition:
    """A published release with its tables."""

    release: Release

    @property
    def id(self) -> str:
        """Its name."""
        return self.release.release_id

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.release.version)

    @property
    def published(self) -> str:
        """When it was published, to the minute."""
        at = self.release.published_at
        return f"{at:%Y-%m-%d %H:%M}" if at else ""

    @property
    def as_of(self) -> str:
        """What was known when it was drafted."""
        return str(self.release.contents["as_of"])

    @property
    def reason(self) -> str:
        """Why it was made."""
        return str(self.release.contents["reason"])

    @property
    def roles(self) -> str:
        """Who cleared it, by role."""
        return "、".join(self.release.roles)

    @property
    def period(self) -> str:
        """The newest period it speaks of."""
        return str(self.release.contents["period"])

    @cached_property
    def manifest_sha256(self) -> str:
        """The fingerprint of its manifest."""
        return sha256(self.release.object / shelf.MANIFEST)

    @cached_property
    def about(self) -> About:
        """What its metadata say of it."""
        names = About.__dataclass_fields__
        return About(**{name: self.release.contents[name] for name in names})

    @cached_property
    def values(self) -> list[Row]:
        """Every figure."""
        return draft.read_table(self.release, "indicator_values")

    @cached_property
    def indicators(self) -> list[Row]:
        """Definitions of the indicators that have figures, in the plan's order."""
        present = {row["indicator_id"] for row in self.values}
        return [r for code, r in self.defined.items() if code in present]

    @cached_property
    def defined(self) -> dict[str, Row]:
        """Every indicator's definition, with figures or without."""
        rows = draft.read_table(self.release, "indicators")
        return {row["indicator_id"]: row for row in rows}

    @cached_property
    def area_names(self) -> dict[str, str]:
        """Towns by code, and the county."""
        return {row["area_code"]: row["area_name"] for row in self.values}

    @cached_property
    def targets(self) -> dict[str, Row]:
        """Targets by claim."""
        rows = draft.read_table(self.release, "targets")
        return {row["claim_id"]: row for row in rows}

    @cached_property
    def newest(self) -> dict[str, Row]:
        """Each indicator's newest county figure."""
        return {r["indicator_id"]: r for r in newest_by_indicator(self.values)}

    @cached_property
    def _by_indicator(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.values:
            found.setdefault(row["indicator_id"], []).append(row)
        return found

    def county(self, indicator_id: str) -> list[Row]:
        """Return an indicator's county figures, years and quarters after months."""
        rows = self._by_indicator.get(indicator_id, [])
        order = {"M": 0, "Q": 1, "Y": 2}
        return sorted(
            (r for r in rows if r["area_code"] == COUNTY),
            key=lambda r: (order[r["period_type"]], r["period"]),
        )

    def towns(self, indicator_id: str, period: str) -> list[Row]:
        """Return an indicator's town figures of a period."""
        rows = self._by_indicator.get(indicator_id, [])
        return [r for r in rows if r["area_code"] != COUNTY and r["period"] == period]

    @cached_property
    def changes(self) -> list[Row]:
        """What it changed."""
        return public_file.changes_of(self.release)


def badge_rows(language: str) -> list[list[str]]:
    """Return the rule of the quality badge as a table."""
    rows = []
    for rule in RULES:
        sign = "≥" if rule.more_is_better else "≤"
        name = rule.name_zh if language == "zh" else rule.name_en
        consequence = ("不公布", "withheld") if rule.withholds else ("C", "C")
        rows.append(
            [
                name,
                *(f"{sign} {limit:.0%}" for limit in rule.limits),
                consequence[0 if language == "zh" else 1],
            ]
        )
    return rows
