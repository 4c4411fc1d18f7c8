"""Case queries: departments, the way of cases, and citizens' complaints."""

from dataclasses import dataclass
from datetime import datetime

from dashboards.published import Edition, ask


@dataclass(frozen=True)
class Department:
    """One department's month."""

    dept_code: str
    dept_name: str
    month: str
    ranking_group: str | None
    case_points: float | None
    inspection_points: float | None
    complaint_points: float | None
    supervision_points: float | None
    adjust_points: float | None
    score: float | None
    due_cases: int | None
    points_with_data: float | None
    on_time_rate: float | None
    on_time_rate_low: float | None
    on_time_rate_high: float | None
    ranked: bool
    rank: int | None
    rank_best: int | None
    rank_worst: int | None
    rank_may_change: bool | None
    stage: str | None


@dataclass(frozen=True)
class Part:
    """One part of a department's score."""

    part_name: str
    component: str
    numerator: float | None
    denominator: float | None
    share: float | None
    n: int | None
    excluded: int | None
    weight: float | None
    points: float | None


@dataclass(frozen=True)
class Funnel:
    """How far the cases reported in a month got; None where nobody notes the stage."""

    month: str
    reported: int
    accepted: int | None
    registered: int | None
    dispatched: int | None
    disposed: int | None
    closed: int | None


@dataclass(frozen=True)
class Overdue:
    """A case past its due time."""

    case_id: str
    dept_code: str | None
    dept_name: str
    town_name: str
    case_class: str | None
    reported_at: datetime | None
    due_at: datetime | None
    days_over: int | None
    rework_count: int | None
    extension_count: int | None


@dataclass(frozen=True)
class Metric:
    """One life-cycle metric in a period."""

    metric_id: str
    metric_name: str
    unit: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int | None
    excluded: int | None
    null_reason: str | None


@dataclass(frozen=True)
class HeatCell:
    """Cases and complaints of one weekday and hour."""

    weekday: int
    hour_of_day: int
    cases: int
    complaints: int


@dataclass(frozen=True)
class HotSpot:
    """A community and what was reported there."""

    position: int
    town_name: str
    community_name: str
    cases: int
    complaints: int
    still_open: int


def departments(edition: Edition) -> list[Department]:
    """Return every department's months, newest first, in the order of rank."""
    return ask(
        edition,
        """
        select
            dept_code, coalesce(dept_name, dept_code) as dept_name, month,
            ranking_group, case_points,
            inspection_points, complaint_points, supervision_points,
            adjust_points, score, due_cases, points_with_data, on_time_rate,
            on_time_rate_low, on_time_rate_high, ranked, rank, rank_best,
            rank_worst, rank_may_change, stage
        from department_scores
        order by
            month desc, ranking_group, ranked desc, rank nulls last,
            due_cases desc, dept_code
        """,
        _row=Department,
    )


def parts(edition: Edition, dept_code: str, month: str) -> list[Part]:
    """Return the parts of a department's score."""
    return ask(
        edition,
        """
        select
            part_name, component, numerator, denominator, share, n, excluded,
            weight, points
        from department_parts
        where dept_code = ? and month = ?
        order by position
        """,
        dept_code,
        month,
        _row=Part,
    )


def funnels(edition: Edition, area_code: str) -> list[Funnel]:
    """Return how far cases got, the newest month first."""
    return ask(
        edition,
        """
        select
            month, reported, accepted, registered, dispatched, disposed, closed
        from case_funnel
        where area_code = ?
        order by month desc
        """,
        area_code,
        _row=Funnel,
    )


def overdue(edition: Edition) -> list[Overdue]:
    """Return the overdue cases, the oldest first."""
    return ask(
        edition,
        """
        select
            case_id, dept_code, dept_name, town_name, case_class, reported_at,
            due_at, days_over, rework_count, extension_count
        from overdue_list
        order by due_at, case_id
        """,
        _row=Overdue,
    )


def metrics(edition: Edition, dimension: str, member: str) -> list[Metric]:
    """Return the life-cycle metrics of one member, the oldest period first."""
    return ask(
        edition,
        """
        select
            metric_id, metric_name, unit, period, value, numerator, denominator,
            n, excluded, null_reason
        from case_metrics
        where dimension = ? and member = ?
        order by metric_id, period_type, period
        """,
        dimension,
        member,
        _row=Metric,
    )


def heat(edition: Edition, area_code: str, month: str) -> list[HeatCell]:
    """Return when cases and complaints were reported in a month."""
    return ask(
        edition,
        """
        select weekday, hour_of_day, cases, complaints
        from case_heat
        where area_code = ? and month = ?
        order by weekday, hour_of_day
        """,
        area_code,
        month,
        _row=HeatCell,
    )


def hot_spots(edition: Edition, month: str, limit: int = 10) -> list[HotSpot]:
    """Return the communities with most complaints in a month."""
    return ask(
        edition,
        """
        select
            position, town_name, community_name, cases, complaints, still_open
        from case_hot_spots
        where month = ?
        order by position
        limit ?
        """,
        month,
        limit,
        _row=HotSpot,
    )
