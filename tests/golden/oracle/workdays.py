"""Calendar: periods, working days and the freeze of a period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar

FREEZE_WORKDAYS = 5
MONTHS_PER_QUARTER = 3
SATURDAY = 5


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, compact: str) -> "Month":
        """Read `202506`."""
        return cls.of(date(int(compact[:4]), int(compact[4:]), 1))

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month.of(self.first + timedelta(days=31))

    @property
    def last(self) -> date:
        """The last day."""
        return self.next.first - timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A month, quarter or year as the indicator tables name it."""

    kind: str
    label: str
    months: tuple[Month, ...]

    @property
    def first(self) -> date:
        """The first day."""
        return self.months[0].first

    @property
    def last(self) -> date:
        """The last day."""
        return self.months[-1].last

    @property
    def start(self) -> datetime:
        """The first moment."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment that no longer belongs to the period."""
        return midnight(self.last + timedelta(days=1))

    def holds(self, when: datetime) -> bool:
        """Tell whether a moment lies in the half-open period."""
        return self.start <= when < self.end


def midnight(day: date) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(day, time())


def as_of(day: date) -> datetime:
    """Return 24:00 of a day."""
    return midnight(day + timedelta(days=1))


def days(first: date, last: date) -> list[date]:
    """List the days from first to last, both included."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def month(of: Month) -> Period:
    """Return a month as a period."""
    return Period("M", f"{of.year}-{of.number:02d}", (of,))


def quarter(of: Month) -> Period:
    """Return the quarter of a month."""
    index = (of.number - 1) // MONTHS_PER_QUARTER
    numbers = range(index * 3 + 1, index * 3 + 4)
    months = tuple(Month(of.year, n) for n in numbers)
    return Period("Q", f"{of.year}Q{index + 1}", months)


def year(of: Month) -> Period:
    """Return the year of a month."""
    months = tuple(Month(of.year, n) for n in range(1, 13))
    return Period("Y", str(of.year), months)


def months_between(first: Month, last: Month) -> list[Month]:
    """List the months from first to last, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = first.next
    return found


def periods(months: Iterable[Month]) -> list[Period]:
    """List every month, quarter and year that some months touch."""
    found: dict[str, Period] = {}
    for each in months:
        for period in (month(each), quarter(each), year(each)):
            found.setdefault(period.label, period)
    return list(found.values())


def is_workday(day: date) -> bool:
    """Ask the State Council's calendar; beyond it weekends are free."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def freeze(period: Period) -> datetime:
    """Return 24:00 of the fifth working day after the period."""
    day, left = period.last, FREEZE_WORKDAYS
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return as_of(day)
