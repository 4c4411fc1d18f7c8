"""Sector queries: waste, lamps, toilets and projects, one mart at a time."""

from dataclasses import dataclass
from datetime import date, datetime

from dashboards.published import Edition, ask


@dataclass(frozen=True)
class Flow:
    """Waste of one class from an origin into a facility."""

    waste_class: str
    origin_type: str
    origin_code: str
    origin_name: str
    facility_id: str
    facility_name: str
    facility_kind: str
    tickets: int
    net_kg: float


@dataclass(frozen=True)
class Balance:
    """What went into and came out of a facility in a month."""

    month: str
    facility_id: str
    in_kg: float | None
    out_kg: float | None
    treated_kg: float | None
    gap_kg: float | None
    gap_pct: float | None
    tickets: int | None
    probable_duplicates: int | None
    manual_share_pct: float | None


@dataclass(frozen=True)
class FacilityUse:
    """How much of its capacity a facility used, by each claim about it."""

    month: str
    facility_id: str
    facility_name: str
    facility_kind: str | None
    reported_days: int | None
    tonnes: float | None
    tonnes_per_day: float | None
    peak_tonnes: float | None
    peak_date: date | None
    capacity_low: float | None
    capacity_high: float | None
    use_low_pct: float | None
    use_high_pct: float | None
    status: str
    claims_text: str | None


@dataclass(frozen=True)
class LampMonth:
    """Lit lamps of one month, area and class of road."""

    area_code: str
    area_name: str
    month: str
    road_class: str
    lit: int
    unlit: int
    unknown: int
    planned: int
    lit_pct: float | None


@dataclass(frozen=True)
class LampNight:
    """The county's lamps in one night."""

    night_date: date
    lit: int
    unlit: int
    unknown: int
    planned: int
    no_plan: int
    lit_pct: float | None


@dataclass(frozen=True)
class DarkLamp:
    """A lamp that has been dark for two nights or more."""

    lamp_id: str
    town_name: str
    circuit_id: str | None
    road_class: str | None
    dark_since: date
    nights: int


@dataclass(frozen=True)
class Repair:
    """Repairs of one grade in a month."""

    month: str
    grade: str | None
    faults: int | None
    due: int | None
    on_time: int | None
    on_time_rate: float | None
    median_hours: float | None
    open_overdue: int | None


@dataclass(frozen=True)
class Outage:
    """A planned outage of one circuit."""

    outage_id: str
    circuit_id: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    lamp_count: int


@dataclass(frozen=True)
class Toilet:
    """A public toilet's stars in a month and its quarter."""

    month: str
    toilet_id: str
    toilet_name: str | None
    town_code: str | None
    toilet_class: str | None
    score: float | None
    stars: int | None
    vetoed: bool | None
    quarter: str | None
    quarter_score: float | None
    quarter_stars: int | None
    quarter_vetoed: bool | None


@dataclass(frozen=True)
class Project:
    """A project of the plan and how far it is."""

    project_no: str
    project_name: str
    unit: str | None
    target_quantity: float | None
    done_quantity: float | None
    done_pct: float | None
    evidence_date: date | None
    status: str
    location: str | None
    quote: str | None
    note: str | None
    is_contradicted: bool | None
    claims_text: str | None


def flows(edition: Edition, month: str) -> list[Flow]:
    """Return what went where in a month, the heaviest first."""
    return ask(
        edition,
        """
        select
            waste_class, origin_type, origin_code, origin_name, facility_id,
            facility_name, facility_kind, tickets, net_kg
        from waste_flows
        where month = ?
        order by net_kg desc, origin_code, facility_id
        """,
        month,
        _row=Flow,
    )


def balances(edition: Edition, month: str) -> list[Balance]:
    """Return what facilities took in and gave out, the widest gap first."""
    return ask(
        edition,
        """
        select
            month, facility_id, in_kg, out_kg, treated_kg, gap_kg, gap_pct,
            tickets, probable_duplicates, manual_share_pct
        from waste_balance
        where month = ?
        order by abs(gap_pct) desc nulls last, facility_id
        """,
        month,
        _row=Balance,
    )


def facility_use(edition: Edition) -> list[FacilityUse]:
    """Return every facility's months, the newest first."""
    return ask(
        edition,
        """
        select
            month, facility_id, facility_name, facility_kind, reported_days,
            tonnes, tonnes_per_day, peak_tonnes, peak_date, capacity_low,
            capacity_high, use_low_pct, use_high_pct, status, claims_text
        from facility_use
        order by month desc, facility_kind, facility_id
        """,
        _row=FacilityUse,
    )


def lamp_months(edition: Edition) -> list[LampMonth]:
    """Return lit shares by month, area and class of road, the newest first."""
    return ask(
        edition,
        """
        select
            area_code, area_name, month, road_class, lit, unlit, unknown,
            planned, lit_pct
        from lamp_months
        order by month desc, area_code, road_class
        """,
        _row=LampMonth,
    )


def lamp_nights(edition: Edition, month: str) -> list[LampNight]:
    """Return the county's nights of one month."""
    return ask(
        edition,
        """
        select night_date, lit, unlit, unknown, planned, no_plan, lit_pct
        from lamp_timeline
        where strftime(night_date, '%Y-%m') = ?
        order by night_date
        """,
        month,
        _row=LampNight,
    )


def dark_lamps(edition: Edition) -> list[DarkLamp]:
    """Return the lamps that are dark, the longest first."""
    return ask(
        edition,
        """
        select lamp_id, town_name, circuit_id, road_class, dark_since, nights
        from lamps_out
        order by nights desc, lamp_id
        """,
        _row=DarkLamp,
    )


def outages(edition: Edition, month: str) -> list[Outage]:
    """Return the outages planned to begin in a month."""
    return ask(
        edition,
        """
        select outage_id, circuit_id, starts_at, ends_at, lamp_count
        from lamp_outages
        where strftime(starts_at, '%Y-%m') = ?
        order by starts_at, outage_id
        """,
        month,
        _row=Outage,
    )


def repairs(edition: Edition) -> list[Repair]:
    """Return repairs by month and grade, the newest first."""
    return ask(
        edition,
        """
        select
            month, grade, faults, due, on_time, on_time_rate, median_hours,
            open_overdue
        from lamp_repairs
        order by month desc, grade
        """,
        _row=Repair,
    )


def toilets(edition: Edition) -> list[Toilet]:
    """Return toilets' months, the newest first, the fewest stars first."""
    return ask(
        edition,
        """
        select
            month, toilet_id, toilet_name, town_code, toilet_class, score,
            stars, vetoed, quarter, quarter_score, quarter_stars,
            quarter_vetoed
        from toilet_stars
        order by month desc, stars asc nulls first, score asc, toilet_id
        """,
        _row=Toilet,
    )


def projects(edition: Edition) -> list[Project]:
    """Return the plan's projects in its order."""
    return ask(
        edition,
        """
        select
            project_no, project_name, unit, target_quantity, done_quantity,
            done_pct, evidence_date, status, location, quote, note,
            is_contradicted, claims_text
        from plan_projects
        order by project_no
        """,
        _row=Project,
    )
