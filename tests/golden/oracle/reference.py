"""Reference: every edition of the county's own tables, by the day it held."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Row = Mapping[str, str | None]
Table = Mapping[str, Row]


@dataclass(frozen=True)
class Reference:
    """Editions by table: the first day each holds, and its rows by key."""

    editions: Mapping[str, Sequence[tuple[date, Table]]]

    def at(self, name: str, day: date) -> Table:
        """Return a table as it held on a day; before the first edition, the first."""
        editions = self.editions.get(name, ())
        if not editions:
            return {}
        starts = [start for start, _ in editions]
        return editions[max(bisect_right(starts, day) - 1, 0)][1]

    def says(self, name: str, key: str | None, column: str, day: date) -> str | None:
        """Look one cell up as it held on a day."""
        row = self.at(name, day).get(key or "")
        return None if row is None else row.get(column)

    def is_urban_community(self, code: str | None, day: date) -> bool:
        """Tell whether a community lay in the urban area on a day."""
        return self.says("communities", code, "in_urban_area", day) == "是"

    def is_urban_town(self, code: str | None, day: date) -> bool:
        """Tell whether a town was urban on a day."""
        return self.says("towns", code, "is_urban", day) == "是"


KEYS = {
    "towns": "town_code",
    "communities": "community_code",
    "departments": "dept_code",
    "contractors": "contractor_code",
    "facilities": "facility_id",
    "road_segments": "segment_id",
    "ops_waivers": "waiver_id",
}


def table_key(name: str, row: Row) -> str:
    """Return the key of a reference row; categories are known by kind and code."""
    if name == "case_categories":
        return f"{row['kind']}/{row['category_code']}"
    return row[KEYS[name]] or ""
