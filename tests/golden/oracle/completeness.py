"""Completeness: how much of what a period owes has arrived."""

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from tests.golden.oracle.family_roads import elapsed
from tests.golden.oracle.night import Night
from tests.golden.oracle.workdays import Period

QUARTER_ENDS = (3, 6, 9, 12)
Share = Callable[[Night, Period], Fraction]


def share(received: int, expected: int) -> Fraction:
    """Divide; nothing owed is complete."""
    return Fraction(received, expected) if expected else Fraction(1)


def api(*tables: str) -> Share:
    """Return the smallest share of some tables of the platform."""
    return lambda night, period: min(_api(night, period, table) for table in tables)


def _api(night: Night, period: Period, table: str) -> Fraction:
    loads = [day for day in night.memory.loads[table] if day <= night.day]
    if night.day in loads:
        return Fraction(1)
    days = elapsed(night, table, period)
    last = max(loads, default=date.min)
    return share(sum(day <= last for day in days), len(days))


def weighbridge(night: Night, period: Period) -> Fraction:
    """Count facility-days with an accepted file."""
    there = _senders(night, "weighbridge")
    owed = [
        (facility, day)
        for day in elapsed(night, "weighbridge", period)
        for facility in night.reference.at("facilities", day)
    ]
    return share(sum(each in there for each in owed), len(owed))


def roads(night: Night, period: Period) -> Fraction:
    """Count contractor-days with an accepted file."""
    there = _senders(night, "sanitation")
    owed = [
        (contractor, day)
        for day in elapsed(night, "sanitation", period)
        for contractor in contracted(night, day)
    ]
    return share(sum(each in there for each in owed), len(owed))


def _senders(night: Night, source: str) -> set[tuple[str, date | None]]:
    names = [version.name for version in night.accepted_files(source)]
    return {(name.owner, name.day) for name in names}


def contracted(night: Night, day: date) -> list[str]:
    """List the contractors under contract on a day."""
    iso = day.isoformat()
    return [
        code
        for code, row in night.reference.at("contractors", day).items()
        if (row["contract_from"] or "") <= iso <= (row["contract_to"] or "9999")
    ]


def register(name: str, owed: Iterable[int] = range(1, 13)) -> Share:
    """Count the ended months since a register's first one that have it."""
    numbers = tuple(owed)

    def figures(night: Night, period: Period) -> Fraction:
        first = night.first_months.get(f"register:{name}")
        there = night.registers.get(name, {})
        ended = [
            month
            for month in period.months
            if month.next.first <= night.as_of.date()
            and month.number in numbers
            and (first is None or first <= month)
        ]
        return share(sum(month in there for month in ended), len(ended))

    return figures


def rubble(night: Night, period: Period) -> Fraction:
    """Take the worse of the weighbridges and the register."""
    registered = register("construction_waste")(night, period)
    return min(weighbridge(night, period), registered)


def whole(night: Night, period: Period) -> Fraction:
    """Say that nothing is owed."""
    del night, period
    return Fraction(1)
