"""Queries: what the leaders' pages ask of the published marts, one mart at a time."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from dashboards.leaders import access, rows
from dashboards.published import Edition, ask, newest_edition
from dashboards.wording import Target, period_bounds

COUNTY = "420323000000"
PAGE_SIZE = 20


@dataclass(frozen=True)
class Indicator:
    """What an indicator is called and how it is counted."""

    indicator_id: str
    name_zh: str
    group_zh: str | None
    unit: str
    nature: str | None
    direction: str | None
    scope_zh: str | None
    formula_zh: str | None
    formula_version: str | None
    source_systems: str | list[str] | None
    owner_zh: str | None
    method_note_zh: str | None


@dataclass(frozen=True)
class Claim:
    """A target as some document states it."""

    claim_id: str
    indicator_id: str
    value: float
    op: str
    value_high: float | None
    unit: str | None
    year: int | None
    nature: str | None
    status: str
    document: str | None
    location: str | None
    quote: str | None

    @property
    def target(self) -> Target:
        """What the claim holds a value against."""
        return Target(self.value, self.op, self.value_high)


@dataclass(frozen=True)
class Value:
    """An indicator's value in one period and area."""

    indicator_id: str
    period_type: str
    period: str
    area_code: str
    numerator: float | None
    denominator: float | None
    value: float | None
    null_reason: str | None
    excluded: int | None
    n: int | None
    target: float | None
    status: str
    note: str | None
    stage: str
    completeness: float | None
    formula_version: str | None
    target_claim_id: str | None
    as_of: date


@dataclass(frozen=True)
class Area:
    """A town's code and name, or the county's."""

    area_code: str
    area_name: str


@dataclass(frozen=True)
class Reported:
    """One edition of the ledger: what was reported, when and why."""

    edition: int
    stage: str
    numerator: float | None
    denominator: float | None
    value: float | None
    target: float | None
    formula_version: str | None
    as_of: date
    recorded_at: datetime
    reason: str | None
    run_id: str | None


@dataclass(frozen=True)
class Record:
    """One record behind a value."""

    role: str
    record_type: str
    record_key: str
    amount: float | None
    reason: str | None


@dataclass(frozen=True)
class SourceDay:
    """What one source handed over for one business date."""

    source: str
    business_date: date
    expected: float | None
    received: int | None
    accepted: int | None
    quarantined: int | None
    superseded: int | None
    ignored: int | None
    last_record_at: datetime | None
    loaded_at: datetime | None
    status: str


@dataclass(frozen=True)
class Quarantined:
    """Rows of one source that broke one rule in one month."""

    source: str
    rule: str
    month: str
    rows_quarantined: int
    open: int
    resubmitted: int


@dataclass(frozen=True)
class Run:
    """One night."""

    run_id: str
    as_of: date
    started_at: datetime | None
    finished_at: datetime | None
    outcome: str
    rows_in: int | None
    rows_accepted: int | None
    rows_quarantined: int | None
    rows_superseded: int | None
    rows_ignored: int | None
    code_version: str | None
    checks: int | None
    failures: int | None
    warnings: int | None


def newest() -> Edition:
    """Find the leaders' file that is published now, as far as its reader may see it."""
    edition = newest_edition("leaders.duckdb")
    return replace(edition, limits=rows.shown_to(access.current()))


def indicators(edition: Edition) -> list[Indicator]:
    """Return every indicator, in the plan's order."""
    return ask(
        edition,
        """
        select
            indicator_id, name_zh, group_zh, unit, nature, direction, scope_zh,
            formula_zh, formula_version, source_systems, owner_zh, method_note_zh
        from indicators
        order by indicator_id
        """,
        _row=Indicator,
    )


def claims(edition: Edition) -> list[Claim]:
    """Return every target claim, those in force first."""
    return ask(
        edition,
        """
        select
            claim_id, indicator_id, value, op, value_high, unit, year, nature,
            status, document, location, quote
        from targets
        order by indicator_id, status, valid_from desc
        """,
        _row=Claim,
    )


def area_values(edition: Edition, area_code: str) -> list[Value]:
    """Return all values of one area, oldest period first."""
    return ask(
        edition,
        """
        select
            indicator_id, period_type, period, area_code,
            numerator, denominator, value, null_reason, excluded, n,
            target, status, note, stage, completeness,
            formula_version, target_claim_id, as_of
        from indicator_values
        where area_code = ?
        order by indicator_id, period_type, period
        """,
        area_code,
        _row=Value,
    )


def town_values(edition: Edition, indicator_id: str, period: str) -> list[Value]:
    """Return one indicator's values by town, worst first."""
    return ask(
        edition,
        """
        select
            indicator_id, period_type, period, area_code,
            numerator, denominator, value, null_reason, excluded, n,
            target, status, note, stage, completeness,
            formula_version, target_claim_id, as_of
        from indicator_values
        where indicator_id = ? and period = ? and area_code != ?
        order by value asc nulls last, area_code
        """,
        indicator_id,
        period,
        COUNTY,
        _row=Value,
    )


def area_names(edition: Edition, period: str) -> dict[str, str]:
    """Name every area of a period."""
    areas = ask(
        edition,
        """
        select area_code, area_name
        from indicator_values
        where period = ?
        order by area_code
        """,
        period,
        _row=Area,
    )
    return {COUNTY: "全县"} | {area.area_code: area.area_name for area in areas}


def reported(
    edition: Edition, indicator_id: str, period: str, area_code: str
) -> list[Reported]:
    """Return what was reported for a period, the latest edition first."""
    return ask(
        edition,
        """
        select
            edition, stage, numerator, denominator, value, target,
            formula_version, as_of, recorded_at, reason, run_id
        from indicator_ledger
        where indicator_id = ? and period = ? and area_code = ?
        order by edition desc
        """,
        indicator_id,
        period,
        area_code,
        _row=Reported,
    )


def records(
    edition: Edition,
    value: Value,
    role: str | None,
    page: int,
) -> list[Record]:
    """Return one page of the records behind a value, and one row more.

    The row too many says that there is a next page without counting them all.
    """
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
        limit ? offset ?
        """,
        value.indicator_id,
        value.period,
        value.area_code,
        role,
        *(when.isoformat() for when in period_bounds(value.period)),
        PAGE_SIZE + 1,
        PAGE_SIZE * (page - 1),
        _row=Record,
    )


def source_days(edition: Edition, since: date) -> list[SourceDay]:
    """Return what each source handed over since a date, oldest first."""
    return ask(
        edition,
        """
        select
            source, business_date, expected, received, accepted, quarantined,
            superseded, ignored, last_record_at, loaded_at, status
        from source_health
        where business_date >= cast(? as date)
        order by source, business_date
        """,
        since.isoformat(),
        _row=SourceDay,
    )


def quarantined(edition: Edition, limit: int = 150) -> list[Quarantined]:
    """Return the quarantined rows by month, source and rule, newest months first."""
    return ask(
        edition,
        """
        select source, rule, month, rows_quarantined, "open", resubmitted
        from quarantine_summary
        order by month desc, "open" desc, rows_quarantined desc, source, rule
        limit ?
        """,
        limit,
        _row=Quarantined,
    )


def runs(edition: Edition, limit: int = 30) -> list[Run]:
    """Return the last nights, newest first."""
    return ask(
        edition,
        """
        select
            run_id, as_of, started_at, finished_at, outcome, rows_in,
            rows_accepted, rows_quarantined, rows_superseded, rows_ignored,
            code_version, checks, failures, warnings
        from runs
        order by as_of desc, started_at desc
        limit ?
        """,
        limit,
        _row=Run,
    )
