"""Working days are the State Council's, and a period freezes on the fifth."""

from datetime import date, datetime, timedelta

import pytest

from cityledger.calendar import (
    as_of,
    calendar_table,
    freeze,
    horizon,
    is_known,
    is_workday,
)


@pytest.mark.parametrize(
    ("period_end", "frozen"),
    [
        # Dragon boat: 2 June 2025 is a holiday.
        (date(2025, 5, 31), datetime.fromisoformat("2025-06-10")),
        # National day until 8 October; Saturday 11 October is a make-up workday.
        (date(2025, 9, 30), datetime.fromisoformat("2025-10-15")),
        # Spring festival from 28 January; Sunday 26 January was worked before it.
        (date(2025, 1, 31), datetime.fromisoformat("2025-02-11")),
        (date(2025, 6, 30), datetime.fromisoformat("2025-07-08")),
    ],
)
def test_a_month_freezes_at_the_end_of_its_fifth_working_day(
    period_end: date, frozen: datetime
) -> None:
    assert freeze(period_end) == frozen


def test_a_make_up_saturday_is_worked_and_a_holiday_monday_is_not() -> None:
    assert is_workday(date(2025, 10, 11))
    assert not is_workday(date(2025, 6, 2))


def test_beyond_the_horizon_weekdays_are_worked_and_said_to_be_unknown() -> None:
    monday = horizon() + timedelta(days=1)
    while monday.weekday() != 0:
        monday += timedelta(days=1)

    week = calendar_table(monday, monday + timedelta(days=6))

    assert [day.is_workday for day in week] == [True] * 5 + [False] * 2
    assert not any(day.is_known for day in week)


def test_the_table_has_each_day_once_with_both_ends() -> None:
    table = calendar_table(date(2019, 12, 31), date(2020, 3, 1))

    assert [day.day for day in table] == [
        date(2019, 12, 31) + timedelta(days=n) for n in range(62)
    ]
    assert all(day.is_known for day in table)


def test_a_day_is_known_until_its_midnight() -> None:
    assert as_of(date(2025, 2, 28)) == datetime.fromisoformat("2025-03-01")
    assert is_known(horizon())
