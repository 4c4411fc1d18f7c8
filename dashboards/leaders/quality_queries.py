"""Quality queries: what the gate found, whose rows are broken, which sources agree."""

from dataclasses import dataclass
from datetime import date

from dashboards.published import Edition, ask


@dataclass(frozen=True)
class Agreement:
    """Two sources compared for one owner in one month."""

    check_name: str
    first_zh: str
    second_zh: str
    month: str
    owner_name: str | None
    compared: int
    agreeing: int
    only_first: int
    only_second: int
    differing: int
    not_comparable: int
    agreement_pct: float | None


@dataclass(frozen=True)
class Fault:
    """What is wrong with some rows in quarantine, with one of them to look at."""

    source: str
    rule: str
    fault: str
    rows_quarantined: int
    open: int
    last_seen: date
    example_file: str | None
    example_line_or_key: str | None


@dataclass(frozen=True)
class SourceState:
    """How one source stands tonight, also one that never gave anything."""

    source: str
    status: str
    business_date: date | None
    last_received_date: date | None
    silent_days: int | None
    received: int
    refused_share: float | None
    unread_files: int
    last_loaded_for: date | None


@dataclass(frozen=True)
class UnreadFile:
    """A file in the drop that is not taken."""

    source: str
    file: str
    reason: str
    since: date


@dataclass(frozen=True)
class Finding:
    """A check of the gate that one night did not pass."""

    as_of: date
    position: int
    severity: str
    check_name: str
    note: str
    places: int
    observed: str | None


@dataclass(frozen=True)
class Owed:
    """Rows of one sender that broke one rule."""

    source: str
    owner: str
    owner_name: str
    mended_by: str | None
    rule: str
    rows_quarantined: int
    open: int
    resubmitted: int
    waived: int
    open_since: date | None


def agreement(edition: Edition, limit: int = 60) -> list[Agreement]:
    """Return the last comparisons, those that agree least first within a month."""
    return ask(
        edition,
        """
        select
            check_name, first_zh, second_zh, month, owner_name, compared,
            agreeing, only_first, only_second, differing, not_comparable,
            agreement_pct
        from reconciliation
        order by month desc, agreement_pct nulls last, check_id, owner_code
        limit ?
        """,
        limit,
        _row=Agreement,
    )


def states(edition: Edition) -> list[SourceState]:
    """Return how every source stands, those in trouble first."""
    return ask(
        edition,
        """
        select
            source, status, business_date, last_received_date, silent_days,
            received, refused_share, unread_files, last_loaded_for
        from source_summary
        order by status = '正常', status = '从未到数', source
        """,
        _row=SourceState,
    )


def unread_files(edition: Edition) -> list[UnreadFile]:
    """Return the files that are not taken, the newest first."""
    return ask(
        edition,
        "select source, file, reason, since from unread_files "
        "order by since desc, source, file",
        _row=UnreadFile,
    )


def faults(edition: Edition, limit: int = 100) -> list[Fault]:
    """Return what is wrong with the rows in quarantine, most to mend first."""
    return ask(
        edition,
        """
        select
            source, rule, fault, rows_quarantined, "open", last_seen,
            example_file, example_line_or_key
        from quarantine_faults
        order by "open" desc, rows_quarantined desc, source, rule, fault
        limit ?
        """,
        limit,
        _row=Fault,
    )


def findings(edition: Edition, since: date) -> list[Finding]:
    """Return what the gate found since a night, the newest night first."""
    return ask(
        edition,
        """
        select
            as_of, position, severity, check_name, note, places, observed
        from gate_findings
        where as_of >= cast(? as date)
        order by as_of desc, position
        """,
        since.isoformat(),
        _row=Finding,
    )


def owed(edition: Edition) -> list[Owed]:
    """Return whose rows broke which rule, those with most to mend first."""
    return ask(
        edition,
        """
        select
            source, owner, owner_name, mended_by, rule, rows_quarantined, "open",
            resubmitted, waived, open_since
        from quarantine_owners
        order by "open" desc, rows_quarantined desc, source, owner, rule
        """,
        _row=Owed,
    )
