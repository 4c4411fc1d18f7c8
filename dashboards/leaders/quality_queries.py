"""Quality queries: whether two sources that speak of the same thing agree."""

from dataclasses import dataclass

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
