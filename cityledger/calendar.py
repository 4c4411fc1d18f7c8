"""Calendar: the State Council's working days, and when a period's numbers freeze."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import chinese_calendar

COUNTY_TIME: Final = ZoneInfo("Asia/Shanghai")

_FREEZE_WORKDAYS: Final = 5
_DAY: Final = timedelta(days=1)
_FIRST_KNOWN: Final = date(min(chinese_calendar.holidays).year, 1, 1)
_LAST_KNOWN: Final = date(max(chinese_calendar.holidays).year, 12, 31)
_SATURDAY: Final = 5


@dataclass(frozen=True)
class CalendarDay:
    """One row of `ops.calendar`."""

    day: date
    is_workday: bool
    is_known: bool


def horizon() -> date:
    """Return the last day whose holidays have been announced."""
    return _LAST_KNOWN


def is_known(day: date) -> bool:
    """Say whether the State Council's list for that year is in the library."""
    return _FIRST_KNOWN <= day <= _LAST_KNOWN


def is_workday(day: date) -> bool:
    """Say whether offices work that day; beyond the horizon, Monday to Friday."""
    if is_known(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def as_of(day: date) -> datetime:
    """Return 24:00 of a day, in county time: what the run for that day knows."""
    return datetime.combine(day + _DAY, time.min)


def freeze(period_end: date) -> datetime:
    """Return 24:00 of the fifth working day after a period's last day."""
    return as_of(add_workdays(period_end, _FREEZE_WORKDAYS))


def next_workday(day: date) -> date:
    """Return the first working day after a day."""
    following = day + _DAY
    while not is_workday(following):
        following += _DAY
    return following


def add_workdays(day: date, count: int) -> date:
    """Return the working day that comes so many working days after a day."""
    for _ in range(count):
        day = next_workday(day)
    return day


def calendar_table(first: date, last: date) -> list[CalendarDay]:
    """Return one row per day, both ends included."""
    return [CalendarDay(d, is_workday(d), is_known(d)) for d in _days(first, last)]


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
