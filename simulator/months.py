"""Months: first and last days, and the freeze after them."""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar


def first_of_month(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the next month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_of_month(month: date) -> date:
    """Return the last day of a month."""
    return next_month(month) - timedelta(days=1)


def months_between(since: date, until: date) -> Iterator[date]:
    """Iterate over the months that two days span."""
    month = first_of_month(since)
    while month <= until:
        yield month
        month = next_month(month)


def freeze_day(month: date) -> date:
    """Return the 5th working day after a month: its figures freeze at 24:00."""
    day, working = next_month(month), 0
    while True:
        working += _is_workday(day)
        if working == 5:
            return day
        day += timedelta(days=1)


def _is_workday(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        # Beyond the library's horizon only weekends are known.
        return day.weekday() < 5
