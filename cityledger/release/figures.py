"""Figures: the final indicator values of a release, as far as they may be shown."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb

from cityledger.release.badge import Badge, Badges
from cityledger.release.corrections import Correction
from cityledger.release.opened import Row, rows
from cityledger.release.periods import LAST_MONTH, kind, last_month, months
from cityledger.release.suppression import (
    SMALLEST_COUNT,
    SMALLEST_DENOMINATOR,
    Key,
    Sum,
    is_small,
    protect,
)

# The newest edition of every figure that has been reported as final, with what the mart
# says about it now.
_FINAL: Final = f"""
with latest as (
    select * from shown.indicator_ledger
    qualify row_number() over (
        partition by indicator_id, period, area_code order by edition desc
    ) = 1
)
select
    asked.indicator_id, asked.period_type, asked.period, asked.area_code,
    asked.area_name, latest.numerator, latest.denominator, latest.value,
    asked.null_reason, asked.excluded, asked.n, latest.target, asked.status, asked.note,
    latest.stage, asked.completeness, latest.formula_version, latest.target_claim_id,
    latest.as_of, latest.edition, latest.reason as edition_reason
from shown.indicator_values as asked
inner join latest using (period_type, indicator_id, period, area_code)
where latest.stage in ('终报', '修订') and asked.stage = '终报'
    and {LAST_MONTH} <= $last_month
order by asked.indicator_id, asked.period_type, asked.period, asked.area_code
"""  # noqa: S608 - our own words
_HIDDEN: Final = {
    "numerator": None, "denominator": None, "value": None, "excluded": None, "n": None,
}  # fmt: skip

FigureKey = tuple[str, str, str]


@dataclass(frozen=True)
class HiddenBefore:
    """What the release in force hides: it stays hidden in the next one.

    Shown later, beside the same totals, it would tell what it was before.
    """

    figures: frozenset[FigureKey] = frozenset()
    # By dataset: month, town and class of a count.
    counts: Mapping[str, frozenset[tuple[str, str, str]]] = field(default_factory=dict)


@dataclass
class Figures:
    """Figures with what was done to them on the way out."""

    rows: list[Row]
    ledger: list[Row]
    suppressed: set[FigureKey] = field(default_factory=set)
    withheld: set[FigureKey] = field(default_factory=set)
    before: HiddenBefore = field(default_factory=HiddenBefore)

    @property
    def months(self) -> list[str]:
        """The months that have a figure, oldest first."""
        return sorted({r["period"] for r in self.rows if r["period_type"] == "M"})


def key_of(row: Row) -> FigureKey:
    """Return which figure a row is."""
    return row["indicator_id"], row["period"], row["area_code"]


def newest_final_month(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the newest month that has final figures."""
    found = connection.execute(
        "select max(period) from shown.indicator_values "
        "where period_type = 'M' and stage = '终报'"
    ).fetchone()
    return found[0] if found else None


def figures(
    connection: duckdb.DuckDBPyConnection,
    period: str,
    badges: Badges,
    register: Iterable[Correction],
    before: HiddenBefore,
) -> Figures:
    """Return every final figure up to the end of a period, made fit to be shown."""
    ledger = rows(connection, _FINAL, last_month=last_month(period))
    corrected = {c.key: c for c in register if c.status == "open"}
    found = Figures([], ledger, before=before)
    directions = _directions(connection)
    whole = wholes(ledger)
    county_complete = {
        (r["indicator_id"], r["period"]): r["completeness"]
        for r in sorted(ledger, key=_most_complete_first)
        if r["area_code"] in whole
    }
    graded: dict[tuple[str, str], Badge] = {}
    for row in ledger:
        which = row["indicator_id"], row["period"]
        if which not in graded:
            graded[which] = badges.badge(*which, county_complete.get(which))
        shown = _with_badge(row, graded[which])
        if shown["null_reason"] == "withheld":
            found.withheld.add(key_of(row))
        elif key_of(row) in corrected:
            shown = _corrected(shown, corrected[key_of(row)], directions)
        found.rows.append(shown)
    hide_small_cells(found, badges)
    return found


def hide_small_cells(found: Figures, badges: Badges) -> None:
    """Hide ratios of few cases, and what would let them be worked out.

    Towns add up to the county, months to quarters and years: all of it is one table.
    """
    for family in _families(found.ledger, badges):
        own = [r for r in found.rows if r["indicator_id"] in family]
        found.suppressed |= _hidden(own, found.before.figures)
    whole = wholes(found.ledger)
    for row in found.rows:
        if key_of(row) in found.suppressed:
            _hide(row)
        elif {row["area_code"]} != whole and badges.counts_cases(row["indicator_id"]):
            # How many were left out in one town is a small count itself.
            row["excluded"] = None


def wholes(ledger: Iterable[Row]) -> set[str]:
    """Return the area that the others are parts of: where most was counted.

    No code is asked: a county whose row went unrecognised would be published beside its
    towns, and subtraction gives back the one that is hidden. Where a single town holds
    all there is, both are wholes, and each is attacked as the sum of the others.
    """
    counted: dict[str, float] = {}
    for row in ledger:
        column = "numerator" if row["denominator"] is None else "denominator"
        area = row["area_code"]
        counted[area] = counted.get(area, 0.0) + abs(_count(row, column))
    most = max(counted.values(), default=0.0)
    return {area for area, count in counted.items() if count >= most}


def attack(found: Figures, badges: Badges) -> list[FigureKey]:
    """Try to work small counts back from what is shown; return those that give way."""
    hidden = {key_of(r) for r in found.rows if r["null_reason"] == "suppressed"}
    broken: list[FigureKey] = []
    for family in _families(found.ledger, badges):
        own = [r for r in found.ledger if r["indicator_id"] in family]
        broken += sorted(_hidden(own, hidden) - hidden)
    return broken


def _families(ledger: list[Row], badges: Badges) -> list[set[str]]:
    """Group indicators that count the same cases: what one shows, another hides.

    Three shares of one whole add up to it, and a figure may be reported twice.
    """
    whole: dict[str, dict[Key, float]] = {}
    for row in ledger:
        if badges.counts_cases(row["indicator_id"]):
            column = "numerator" if row["denominator"] is None else "denominator"
            place = row["area_code"], row["period"]
            whole.setdefault(row["indicator_id"], {})[place] = _count(row, column)
    families: list[set[str]] = []
    for indicator_id in sorted(whole):
        kin = [
            f for f in families if any(_are_equal(whole, indicator_id, o) for o in f)
        ]
        families = [f for f in families if f not in kin]
        families.append({indicator_id}.union(*kin))
    return families


def _are_equal(whole: dict[str, dict[Key, float]], one: str, other: str) -> bool:
    shared = whole[one].keys() & whole[other].keys()
    return any(whole[one][key] for key in shared) and all(
        whole[one][key] == whole[other][key] for key in shared
    )


def _hidden(own: list[Row], also: Collection[FigureKey]) -> set[FigureKey]:
    """Return the keys of one family that must be hidden."""
    by_indicator: dict[str, dict[Key, Row]] = {}
    for row in own:
        place = row["area_code"], row["period"]
        by_indicator.setdefault(row["indicator_id"], {})[place] = row
    whole = wholes(own)
    measures: list[dict[Key, float]] = []
    primary: set[Key] = set()
    for rows_of_one in by_indicator.values():
        is_ratio = any(r["denominator"] is not None for r in rows_of_one.values())
        limits = {"numerator": SMALLEST_COUNT}
        if is_ratio:
            limits["denominator"] = SMALLEST_DENOMINATOR
        for column, limit in limits.items():
            counts = {k: _count(r, column) for k, r in rows_of_one.items()}
            primary |= {k for k, count in counts.items() if is_small(count, limit)}
            measures.append(counts)
    keys = {key for counts in measures for key in counts}
    already = {(area, period) for i, period, area in also if i in by_indicator} & keys
    hidden: set[Key] = set()
    for year in sorted({period[:4] for _, period in keys}):
        inside = {key for key in keys if key[1][:4] == year}
        of_year = [{k: c for k, c in m.items() if k in inside} for m in measures]
        hidden |= protect(
            of_year, _sums(inside, whole), primary & inside, already & inside
        )
    return {
        (indicator_id, period, area)
        for indicator_id, rows_of_one in by_indicator.items()
        for area, period in hidden & rows_of_one.keys()
    }


def _sums(keys: set[Key], whole: set[str]) -> list[Sum]:
    areas = sorted({area for area, *_ in keys})
    periods = sorted({period for *_, period in keys})
    sums = [
        Sum((total, period), tuple((area, period) for area in areas if area != total))
        for total in sorted(whole & set(areas))
        for period in periods
        if len(areas) > 1
    ]
    # A month before the records began is no part of its quarter.
    sums += [
        Sum((area, period), parts)
        for period in periods
        if kind(period) != "M"
        for area in areas
        if (parts := tuple((area, m) for m in months(period) if (area, m) in keys))
    ]
    return [one for one in sums if all(key in keys for key in one.keys)]


def _most_complete_first(row: Row) -> float:
    """Sort so that of several wholes the least complete has the last word."""
    return -(1.0 if row["completeness"] is None else row["completeness"])


def _count(row: Row, column: str) -> float:
    return float(row[column] or 0)


def _hide(row: Row) -> None:
    row.update(_HIDDEN)
    row["null_reason"], row["status"], row["note"] = "suppressed", "无数据", None


def _with_badge(row: Row, badge: Badge) -> Row:
    shown = {**row, "quality": badge.grade, "quality_note": badge.note}
    if badge.is_withheld and row["value"] is not None:
        shown.update(_HIDDEN)
        shown["null_reason"], shown["status"] = "withheld", "数据不完整"
    return shown


def _corrected(
    row: Row, correction: Correction, directions: dict[str | None, Row]
) -> Row:
    said = f"更正 {correction.correction_id}：{correction.reason}"
    if correction.action == "flag":
        return {**row, "note": said, "edition_reason": said}
    shown = {**row, **_HIDDEN, "note": said, "edition_reason": said}
    shown["value"] = correction.value if correction.action == "override" else None
    if shown["value"] is None:
        return {**shown, "null_reason": "corrected", "status": "无数据"}
    claim = directions.get(row["target_claim_id"])
    return {**shown, "null_reason": None, "status": _status(shown["value"], claim)}


def _status(value: float, claim: Row | None) -> str:
    if claim is None:
        return "描述性"
    low, high = claim["value"], claim["value_high"]
    is_met = {
        "ge": value >= low,
        "le": value <= low,
        "between": high is not None and low <= value <= high,
    }[claim["op"]]
    return "达标" if is_met else "未达标"


def _directions(connection: duckdb.DuckDBPyConnection) -> dict[str | None, Row]:
    return {
        row["claim_id"]: row
        for row in rows(
            connection, "select claim_id, op, value, value_high from shown.targets"
        )
    }
