"""Store: the platform's versions in the order of its API, grown day by day."""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simulator.cases.platform import TABLES, reports_of
from simulator.county import County


@dataclass(frozen=True, slots=True)
class Item:
    """A version as the API hands it over, with its place in the order."""

    at: datetime
    record: str
    replaced_at: datetime | None
    text: str


class CaseStore:
    """All items by table and day of their version time.

    Cases are made when a day is first asked for, so a clock that is moved night by
    night never waits for a year to be made.
    """

    def __init__(self, county: County) -> None:
        self.county = county
        self._made_until = county.start - timedelta(days=1)
        self._days: dict[str, dict[date, list[Item]]] = {
            name: defaultdict(list) for name in TABLES
        }
        self._lock = threading.Lock()

    def make_until(self, day: date) -> None:
        """Make all cases reported by the end of a day."""
        with self._lock:
            for made in self.county.days(
                since=self._made_until + timedelta(days=1), until=day
            ):
                self._add(made)
                self._made_until = made

    def items(
        self, table: str, since: datetime, clock: datetime, *, every_version: bool
    ) -> list[Item]:
        """Return what a reader sees at a time, in ascending order of version time."""
        self.make_until(clock.date())
        return [
            item
            for item in self._between(table, since, clock)
            if every_version or item.replaced_at is None or item.replaced_at > clock
        ]

    def _between(self, table: str, since: datetime, clock: datetime) -> Iterator[Item]:
        for day in self.county.days(since=since.date(), until=clock.date()):
            for item in self._days[table].get(day, ()):
                if since <= item.at <= clock:
                    yield item

    def _add(self, day: date) -> None:
        reports = reports_of(self.county, day)
        for name in TABLES:
            touched = set()
            for version in reports.table(name):
                item = Item(
                    version.at,
                    version.record,
                    version.replaced_at,
                    json.dumps(version.body, ensure_ascii=False),
                )
                self._days[name][version.at.date()].append(item)
                touched.add(version.at.date())
            for when in touched:
                self._days[name][when].sort(key=lambda item: (item.at, item.record))
