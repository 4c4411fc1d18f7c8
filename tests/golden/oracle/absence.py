"""Absence: fields that nobody fills in a month, by the contract's last decision.

A case field is absent in a month that has thirty cases or more, reported, registered,
disposed of or closed in it, none of which fills it; it is absent in every month when no
case ever filled it. A register's column is absent in a month all of whose rows leave it
empty. An empty feed of call-backs has never filled anything.
"""

from fractions import Fraction

from tests.golden.oracle.family_registers import present_months
from tests.golden.oracle.night import Entry, Night
from tests.golden.oracle.workdays import Month, Period, days, month

MOVES = ("reported_at", "registered_at", "disposed_at", "closed_at")
ENOUGH = 30


def lacking(
    night: Night, needs: tuple[str, ...], begins_with: str, period: Period
) -> list[Month]:
    """List the begun months of a period that lack any of some fields."""
    begun = night.begun(period, begins_with)
    return [of for of in begun if any(is_absent(night, need, of) for need in needs)]


def is_absent(night: Night, need: str, of: Month) -> bool:
    """Tell whether nobody fills a field, named feed.field, in a month."""
    feed, field = need.split(".")
    key = (feed, field, of)
    known = night.absences
    if key not in known:
        known[key] = _is_absent(night, feed, field, of)
    return known[key]


def _is_absent(night: Night, feed: str, field: str, of: Month) -> bool:
    if feed == "cases":
        return _of_cases(night, field, month(of))
    if feed == "callbacks":
        calls = [call for calls in night.callbacks.values() for call in calls]
        return not any(_value(call, field) is not None for call in calls)
    rows = night.registers.get(feed.removeprefix("register:"), {}).get(of, [])
    return bool(rows) and all(row[field] is None for row in rows)


def _of_cases(night: Night, field: str, period: Period) -> bool:
    if not any(_fills(night, case, field) for case in night.cases):
        return True
    moved = [case for case in night.cases if _moves_in(case, period)]
    filled = any(_fills(night, case, field) for case in moved)
    return len(moved) >= ENOUGH and not filled


def _moves_in(case: Entry, period: Period) -> bool:
    times = [case.times[move] for move in MOVES]
    return any(time is not None and period.holds(time) for time in times)


def _fills(night: Night, case: Entry, field: str) -> bool:
    if field == "dispatch":
        sent = case.record["case_id"] in night.dispatched_cases
        return sent or case.times["dispatched_at"] is not None
    return _value(case, field) is not None


def _value(entry: Entry, field: str) -> object:
    return entry.times[field] if field in entry.times else entry.record.get(field)


def lacking_share(night: Night, months: list[Month], feed: str, of: Period) -> Fraction:
    """Return the share of a period's elapsed days that lie in some months."""
    first = night.first_days.get(feed) or night.first_months[feed].first
    elapsed = days(max(of.first, first), min(of.last, night.day))
    out = sum(Month.of(day) in months for day in elapsed)
    return Fraction(out, len(elapsed))


def asked_month(night: Night, feed: str, period: Period) -> Month | None:
    """Return the last register month of a period that is there."""
    present = present_months(night, feed.removeprefix("register:"), period)
    return present[-1] if present else None
