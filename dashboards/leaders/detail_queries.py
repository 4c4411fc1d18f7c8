"""Detail queries: what stands behind and beside an indicator, one mart at a time."""

from dataclasses import dataclass
from datetime import date

from dashboards.leaders.queries import Record
from dashboards.published import Edition, ask
from dashboards.wording import period_bounds

EXPORT_LIMIT = 100_000


@dataclass(frozen=True)
class Change:
    """A value beside the period before and beside what was shown last night."""

    indicator_id: str
    period_type: str
    period: str
    value: float | None
    status: str
    earlier_period: str | None
    earlier_value: float | None
    earlier_status: str | None
    period_change: float | None
    shown_as_of: date | None
    shown_value: float | None
    night_change: float | None


@dataclass(frozen=True)
class Item:
    """Something that needs attention tonight."""

    item_id: str
    kind: str
    kind_name: str
    subject_code: str | None
    subject_name: str
    owner: str | None
    severity: str
    quantity: int
    unit: str
    first_day: date | None
    age_days: int | None
    detail: str | None


@dataclass(frozen=True)
class OwnerShare:
    """An indicator's share for one contractor or department."""

    owner_kind: str
    owner_code: str
    owner_name: str
    value: float | None
    n: int
    excluded: int


@dataclass(frozen=True)
class Exclusion:
    """How many records were left out for one reason."""

    reason: str
    records: int


@dataclass(frozen=True)
class Projection:
    """Where an indicator is heading by the end of the year."""

    indicator_id: str
    name_zh: str
    unit: str
    year: int
    method: str
    to_date: float | None
    projected: float | None
    low: float | None
    high: float | None
    target: float | None
    verdict: str
    note_zh: str | None


def changes(edition: Edition, area_code: str) -> list[Change]:
    """Return what moved in one area, each indicator and period once."""
    return ask(
        edition,
        """
        select
            indicator_id, period_type, period, value, status, earlier_period,
            earlier_value, earlier_status, period_change, shown_as_of,
            shown_value, night_change
        from indicator_changes
        where area_code = ?
        order by indicator_id, period
        """,
        area_code,
        _row=Change,
    )


def attention(edition: Edition) -> list[Item]:
    """Return what needs attention tonight, the gravest and oldest first."""
    return ask(
        edition,
        """
        select
            item_id, kind, kind_name, subject_code, subject_name, owner,
            severity, quantity, unit, first_day, age_days, detail
        from attention
        order by
            severity = '红' desc, position, quantity desc,
            age_days desc nulls last, item_id
        """,
        _row=Item,
    )


def owner_shares(edition: Edition, indicator_id: str, period: str) -> list[OwnerShare]:
    """Return an indicator by contractor and department, the lowest first."""
    return ask(
        edition,
        """
        select owner_kind, owner_code, owner_name, value, n, excluded
        from indicator_by_owner
        where indicator_id = ? and period = ?
        order by owner_kind, value asc nulls last, owner_code
        """,
        indicator_id,
        period,
        _row=OwnerShare,
    )


def exclusions(
    edition: Edition, indicator_id: str, period: str, area_code: str
) -> list[Exclusion]:
    """Return what a value left out, by reason."""
    return ask(
        edition,
        """
        select reason, records
        from indicator_exclusions
        where indicator_id = ? and period = ? and area_code = ?
        order by records desc, reason
        """,
        indicator_id,
        period,
        area_code,
        _row=Exclusion,
    )


def projection(edition: Edition, indicator_id: str) -> list[Projection]:
    """Return where an indicator is heading, the newest year first."""
    return ask(
        edition,
        """
        select
            indicator_id, name_zh, unit, year, method, to_date, projected, low,
            high, target, verdict, note_zh
        from projections
        where indicator_id = ?
        order by year desc
        """,
        indicator_id,
        _row=Projection,
    )


def all_records(
    edition: Edition, indicator_id: str, period: str, area_code: str, role: str | None
) -> list[Record]:
    """Return every record behind a value, for a file to take away."""
    return ask(
        edition,
        """
        select role, record_type, record_key, amount, reason
        from indicator_records
        where
            indicator_id = ? and period = ? and area_code = ?
            and role = coalesce(?, role)
            and period_start >= cast(? as date) and period_start < cast(? as date)
        order by role, record_key
        limit ?
        """,
        indicator_id,
        period,
        area_code,
        role,
        *(when.isoformat() for when in period_bounds(period)),
        EXPORT_LIMIT,
        _row=Record,
    )
