"""Versions: records that change, each state with the time it became visible."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(slots=True)
class Version:
    """One state of a record: visible from `at` until the next state replaces it."""

    record: str
    at: datetime
    body: dict[str, object]
    rule: str | None = None
    note: str = ""
    replaced_at: datetime | None = None

    def is_newest_at(self, clock: datetime) -> bool:
        """Say whether a reader of newest versions sees this one at a time."""
        if self.at > clock:
            return False
        return self.replaced_at is None or self.replaced_at > clock

    @property
    def first_night(self) -> date:
        """The first D whose night, at D 24:00, can have met this version."""
        return night_of(self.at)

    @property
    def is_met_by_a_night(self) -> bool:
        """Say whether it is the newest at some midnight, so that a night reads it."""
        return self.is_newest_at(midnight_after(self.first_night))


def midnight_after(day: date) -> datetime:
    """Return D 24:00."""
    return datetime.combine(day + timedelta(days=1), time())


def night_of(moment: datetime) -> date:
    """Return the first D with `moment` <= D 24:00; midnight is the day before's."""
    day = moment.date()
    return day - timedelta(days=1) if moment.time() == time() else day


def chain(states: Iterable[Version]) -> Iterator[Version]:
    """Link a record's states: each is replaced when the next one becomes visible."""
    previous: Version | None = None
    for state in states:
        if previous is not None:
            previous.replaced_at = state.at
            yield previous
        previous = state
    if previous is not None:
        yield previous
