"""Contractor queries: scorecards and what they were derived from."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dashboards.published import Edition, ask


@dataclass(frozen=True)
class Score:
    """One contractor's month."""

    contractor_code: str
    contractor_name: str
    month: str
    daily: float | None
    joint: float | None
    data: float | None
    public: float | None
    bonus: float | None
    score: float | None
    grade: str | None
    fee_yuan: Decimal | None
    deduct_pct: float | None
    direct_pct: float | None
    payable_yuan: Decimal | None
    adjustment_yuan: Decimal | None
    to_pay_yuan: Decimal | None
    flags: list[str] | None
    scheme_version: str | None
    stage: str
    frozen_on: date | None


@dataclass(frozen=True)
class Line:
    """One line of a derivation, from the amount down to a deduction."""

    line_number: int
    level: int
    step: str
    label: str
    value: float | None
    unit: str | None
    weight_used: float | None
    record_count: int | None
    quantity: float | None
    unit_points: float | None
    repeat_multiplier: float | None
    overdue_multiplier: float | None
    record_key: str | None
    happened_at: datetime | None
    note: str | None


@dataclass(frozen=True)
class Segment:
    """A road segment and the days it was not swept as often as required."""

    segment_id: str
    road_name: str
    road_class: str | None
    town_name: str
    community_name: str
    days: int
    days_missed: int
    missed_pct: float | None
    length_m: float | None
    required_passes: float
    done_passes: float
    done_pct: float | None
    last_missed_on: date | None


@dataclass(frozen=True)
class Adjustment:
    """What a frozen month that was corrected later carries into another."""

    month: str
    carried_by_month: str | None
    frozen_score: float | None
    score: float | None
    paid_yuan: Decimal | None
    payable_yuan: Decimal | None
    adjustment_yuan: Decimal | None


def scores(edition: Edition) -> list[Score]:
    """Return every month of every contractor, the newest first."""
    return ask(
        edition,
        """
        select
            contractor_code, contractor_name, month, daily, joint, data, public,
            bonus, score, grade, fee_yuan, deduct_pct, direct_pct, payable_yuan,
            adjustment_yuan, to_pay_yuan, flags, scheme_version, stage, frozen_on
        from contractor_scores
        order by month desc, contractor_code
        """,
        _row=Score,
    )


def lines(edition: Edition, contractor: str, month: str) -> list[Line]:
    """Return the derivation of one month, in the order it is read."""
    return ask(
        edition,
        """
        select
            line_number, level, step, label, value, unit, weight_used,
            record_count, quantity, unit_points, repeat_multiplier,
            overdue_multiplier, record_key, happened_at, note
        from contractor_score_lines
        where contractor_code = ? and month = ?
        order by line_number
        """,
        contractor,
        month,
        _row=Line,
    )


def segments(edition: Edition, contractor: str, month: str) -> list[Segment]:
    """Return a contractor's segments, the most missed first."""
    return ask(
        edition,
        """
        select
            segment_id, road_name, road_class, town_name, community_name, days,
            days_missed, missed_pct, length_m, required_passes, done_passes,
            done_pct, last_missed_on
        from segment_misses
        where contractor_code = ? and month = ?
        order by missed_pct desc, segment_id
        """,
        contractor,
        month,
        _row=Segment,
    )


def adjustments(edition: Edition, contractor: str) -> list[Adjustment]:
    """Return what later corrections changed in a contractor's paid months."""
    return ask(
        edition,
        """
        select
            month, carried_by_month, frozen_score, score, paid_yuan,
            payable_yuan, adjustment_yuan
        from contractor_adjustments
        where contractor_code = ?
        order by month desc
        """,
        contractor,
        _row=Adjustment,
    )
