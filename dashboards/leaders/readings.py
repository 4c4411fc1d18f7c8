"""Readings: an indicator in one period and area, with what a page says about it.

Nothing is computed here: published rows are picked and put beside each other.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboards.leaders.queries import Claim, Indicator, SourceDay, Value
from dashboards.wording import Target, enclosing_periods

PLAN_TABLE = re.compile(r"I\d\d")
VARIANT = re.compile(r"(I\d\d)[a-z]")
OTHER_TARGETS, DESCRIPTIVE = "规划正文指标", "参考指标"
BINDING = "约束性"
MONTHS_SHOWN = 12
NORMAL = "正常"
NEVER_CAME = "从未到数"
MONTHLY = {"registers", "inspections"}


@dataclass(frozen=True)
class Reading:
    """One indicator as it stands in a period, and how it got there."""

    indicator: Indicator
    value: Value
    target: Target | None
    course: tuple[Value, ...]

    @property
    def is_binding(self) -> bool:
        """Whether the plan makes the target binding."""
        return self.indicator.nature == BINDING

    @property
    def is_in_plan_table(self) -> bool:
        """Whether the indicator is one of the plan's table 1."""
        return bool(PLAN_TABLE.fullmatch(self.indicator.indicator_id))

    @property
    def is_missed(self) -> bool:
        """Whether the target is missed."""
        return self.value.status == "未达标"

    @property
    def last_known(self) -> Value | None:
        """The last period that has a value."""
        known = (value for value in reversed(self.course) if value.value is not None)
        return next(known, None)

    @property
    def base_id(self) -> str | None:
        """The indicator that this one is another way of counting, if it is."""
        variant = VARIANT.fullmatch(self.indicator.indicator_id)
        return variant.group(1) if variant else None


@dataclass(frozen=True)
class Group:
    """Indicators under one heading."""

    name: str
    readings: list[Reading]


def read(
    indicators: Sequence[Indicator],
    claims: Sequence[Claim],
    values: Sequence[Value],
    period: str,
) -> list[Reading]:
    """Read every indicator in a period.

    A yearly indicator has no value of its own in a month: it is read in the
    narrowest period around the one asked for. One that had not begun is not read.
    """
    courses: dict[str, dict[str, Value]] = {}
    for value in values:
        courses.setdefault(value.indicator_id, {})[value.period] = value
    readings = []
    for indicator in indicators:
        course = courses.get(indicator.indicator_id, {})
        kinds = {value.period_type for value in course.values()}
        around = enclosing_periods(period)
        found = next((p for p in around if _kind(p) in kinds), None)
        if found in course:
            readings.append(_reading(indicator, claims, course[found], course.values()))
    return readings


def not_begun(
    indicators: Iterable[Indicator], readings: Iterable[Reading]
) -> list[Indicator]:
    """Name the indicators of the plan's table that have no value of any sort yet."""
    read = {reading.indicator.indicator_id for reading in readings}
    return [
        one
        for one in indicators
        if PLAN_TABLE.fullmatch(one.indicator_id) and one.indicator_id not in read
    ]


def periods(values: Iterable[Value]) -> list[str]:
    """List the periods there are, months first, the newest of each kind first."""
    kinds = {value.period: value.period_type for value in values}
    newest_first = sorted(kinds, reverse=True)
    return sorted(newest_first, key=lambda period: "MQY".index(kinds[period]))


def groups(readings: Iterable[Reading]) -> list[Group]:
    """Group readings as the plan does, missed binding targets first in each.

    What is not in the plan's table 1 comes after it, apart.
    """
    named: dict[str, list[Reading]] = {}
    for reading in readings:
        named.setdefault(_heading(reading), []).append(reading)
    in_order = sorted(named, key=(OTHER_TARGETS, DESCRIPTIVE).__contains__)
    return [
        Group(
            name, sorted(named[name], key=lambda r: not (r.is_missed and r.is_binding))
        )
        for name in in_order
    ]


def variants(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    """List the other ways of counting an indicator, by its id."""
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.base_id:
            found.setdefault(reading.base_id, []).append(reading)
    return found


def latest(days: Iterable[SourceDay]) -> list[SourceDay]:
    """Pick the day that speaks for each source now, troubled sources first.

    It is the last one; of a monthly source the month before counts too, since the
    running month says that all is well until it has ended.
    """
    by_source: dict[str, list[SourceDay]] = {}
    for day in days:
        by_source.setdefault(day.source, []).append(day)
    speaking = [
        next(
            (day for day in reversed(of_source[-2:]) if _is_troubled(day)),
            of_source[-1],
        )
        if source in MONTHLY
        else of_source[-1]
        for source, of_source in by_source.items()
    ]
    return sorted(speaking, key=lambda day: not _is_troubled(day))


def target_of(value: Value, claims: Iterable[Claim]) -> Target | None:
    """Return the target that a value was held against when it was computed."""
    if value.target is None:
        return None
    claim = next((c for c in claims if c.claim_id == value.target_claim_id), None)
    if claim is None:
        return Target(value.target)
    return Target(value.target, claim.op, claim.value_high)


def _reading(
    indicator: Indicator,
    claims: Sequence[Claim],
    value: Value,
    all_values: Iterable[Value],
) -> Reading:
    course = [
        other
        for other in all_values
        if other.period_type == value.period_type and other.period <= value.period
    ]
    return Reading(
        indicator,
        value,
        target_of(value, claims),
        tuple(course[-MONTHS_SHOWN:]),
    )


def _is_troubled(day: SourceDay) -> bool:
    return day.status != NORMAL


def _heading(reading: Reading) -> str:
    if reading.is_in_plan_table:
        return reading.indicator.group_zh or OTHER_TARGETS
    return DESCRIPTIVE if reading.target is None else OTHER_TARGETS


def _kind(period: str) -> str:
    if "Q" in period:
        return "Q"
    return "M" if "-" in period else "Y"
