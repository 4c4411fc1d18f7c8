"""Agreement: a reference that computes something else is no reference."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb


@dataclass(frozen=True)
class Pair:
    """A mart and the script's table of the same content."""

    mart: str
    plain: str
    keys: str
    words: str = ""
    numbers: str = ""


PAIRS: Final = (
    Pair(
        "marts.indicator_values",
        "indicator_values",
        "indicator_id period_type period area_code",
        "null_reason excluded n stage status as_of",
        "numerator denominator value target completeness",
    ),
    Pair(
        "(select *, excluded_reason as excluded from marts.indicator_events)",
        "events",
        "indicator_id period_type period_start record_type record_key",
        "record_count excluded note town_code contractor_code dept_code",
        "numerator denominator",
    ),
    Pair(
        "marts.waste_daily",
        "waste_daily",
        "date facility_id direction waste_class is_secondary origin_type",
        "tickets",
        "net_kg",
    ),
    Pair(
        "marts.waste_balance",
        "waste_balance",
        "month facility_id",
        "",
        "in_kg out_kg treated_kg gap_kg gap_pct",
    ),
    Pair(
        "marts.lamp_nights",
        "lamp_nights",
        "night_date town_code road_class",
        "lit unlit unknown planned no_plan",
    ),
    Pair(
        "marts.lamp_repairs",
        "lamp_repairs",
        "month grade",
        "faults due on_time",
        "median_hours",
    ),
    Pair(
        "(from marts.source_health where received > 0)",
        "source_health",
        "source business_date",
        "received accepted quarantined superseded",
    ),
    Pair(
        "marts.quarantine_summary",
        "quarantine_summary",
        "source rule month",
        "rows_quarantined open resubmitted",
    ),
)


def rows_that_differ(marts: Path, plain: Path) -> dict[str, tuple[int, int]]:
    """Return for each mart how many rows there are and how many differ."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{marts}' as marts (read_only)")
        connection.execute(f"attach '{plain}' as plain (read_only)")
        found = {}
        for pair in PAIRS:
            row = connection.execute(_counts(pair)).fetchone()
            found[pair.plain] = row or (0, 0)
        return found


def _counts(pair: Pair) -> str:
    """Count all rows, and those that only one has or that say something else."""
    same = " and ".join(f"a.{k} is not distinct from b.{k}" for k in pair.keys.split())
    differ = [f"a.{w} is distinct from b.{w}" for w in pair.words.split()]
    differ += [
        f"(a.{n} is null) != (b.{n} is null) "
        f"or abs(a.{n} - b.{n}) > 1e-9 * greatest(1, abs(a.{n}))"
        for n in pair.numbers.split()
    ]
    wrong = " or ".join(f"coalesce({d}, false)" for d in differ)
    return f"""
        select
            count(*),
            count(*) filter (where a.here is null or b.here is null or {wrong})
        from (select true as here, * from {pair.mart}) as a
        full join (select true as here, * from plain.{pair.plain}) as b on {same}
    """  # noqa: S608 - our own names
