"""Queries: what the public page asks of the released figures, one table at a time."""

from dataclasses import dataclass
from datetime import date, datetime

from dashboards.published import Edition, ask, newest_edition

COUNTY = "420323000000"


@dataclass(frozen=True)
class Release:
    """One approved release."""

    release_id: str
    version: str
    period: str
    published_at: datetime
    reason: str | None


@dataclass(frozen=True)
class Released:
    """An indicator's value as it was released."""

    indicator_id: str
    period_type: str
    period: str
    value: float | None
    null_reason: str | None
    n: int | None
    target: float | None
    status: str
    quality: str | None
    target_claim_id: str | None
    as_of: date


@dataclass(frozen=True)
class Indicator:
    """What an indicator is called and how it is counted."""

    indicator_id: str
    name_zh: str
    group_zh: str | None
    unit: str
    nature: str | None
    scope_zh: str | None
    formula_zh: str | None


@dataclass(frozen=True)
class Complaints:
    """Complaints of a month, for the county, a town or a class of case."""

    month: str
    town_name: str
    class_name: str | None
    complaints: int | None


@dataclass(frozen=True)
class Waste:
    """What a month's waste of one class weighed."""

    month: str
    waste_class: str
    direction: str
    is_secondary: bool
    net_kg: float


@dataclass(frozen=True)
class Grade:
    """A contractor's month."""

    month: str
    contractor: str
    score: float | None
    grade: str | None


@dataclass(frozen=True)
class Claim:
    """A target and where it is written."""

    claim_id: str
    indicator_id: str
    op: str
    value: float
    value_high: float | None
    document: str | None
    location: str | None


@dataclass(frozen=True)
class Change:
    """A released figure that a later release changed."""

    release_id: str
    indicator_id: str
    period: str
    old_value: float | None
    new_value: float | None
    kind: str
    reason: str | None


def newest() -> Edition:
    """Find the public file that is published now."""
    return newest_edition("public.duckdb")


def releases(edition: Edition) -> list[Release]:
    """Return the releases in force, the newest first."""
    return ask(
        edition,
        """
        select release_id, version, period, published_at, reason
        from releases
        where withdrawn_at is null
        order by published_at desc
        """,
        _row=Release,
    )


def released(edition: Edition, release_id: str) -> list[Released]:
    """Return a release's values for the county, in the plan's order."""
    return ask(
        edition,
        """
        select
            indicator_id, period_type, period, value, null_reason, n, target, status,
            quality, target_claim_id, as_of
        from indicator_values
        where release_id = ? and area_code = ?
        order by indicator_id, period
        """,
        release_id,
        COUNTY,
        _row=Released,
    )


def indicators(edition: Edition) -> list[Indicator]:
    """Return the public indicators, in the plan's order."""
    return ask(
        edition,
        """
        select
            indicator_id, name_zh, group_zh, unit, nature, scope_zh, formula_zh
        from indicators
        order by indicator_id
        """,
        _row=Indicator,
    )


def claims(edition: Edition) -> list[Claim]:
    """Return the targets and where they are written."""
    return ask(
        edition,
        """
        select
            claim_id, indicator_id, op, "value", value_high, document, location
        from targets
        order by claim_id
        """,
        _row=Claim,
    )


def changes(edition: Edition) -> list[Change]:
    """Return what releases changed in figures released before, newest release first."""
    return ask(
        edition,
        """
        select
            release_id, indicator_id, period, old_value, new_value, kind, reason
        from changes
        where area_code = ? and kind != '首发'
        order by release_id desc, indicator_id, period
        """,
        COUNTY,
        _row=Change,
    )


def complaints(edition: Edition) -> list[Complaints]:
    """Return complaints by month; a count too small to be shown is empty."""
    return ask(
        edition,
        """
        select month, town_name, class_name, complaints
        from complaint_monthly
        where breakdown != '乡镇和大类'
        order by month desc, breakdown, town_name, class_name
        """,
        _row=Complaints,
    )


def waste(edition: Edition) -> list[Waste]:
    """Return waste by month and class."""
    return ask(
        edition,
        """
        select month, waste_class, direction, is_secondary, net_kg
        from waste_monthly
        order by month desc, waste_class, direction, is_secondary
        """,
        _row=Waste,
    )


def grades(edition: Edition) -> list[Grade]:
    """Return contractors' frozen months."""
    return ask(
        edition,
        """
        select month, contractor, score, grade
        from contractor_grades
        order by month desc, contractor
        """,
        _row=Grade,
    )
