"""Table: figures turned into the rows of `indicator_values`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from tests.golden.oracle import absence, completeness, family_lamps
from tests.golden.oracle.family_lamps import LampNights, lamp_nights
from tests.golden.oracle.figures import COUNTY, Areas, Figure, absent, sum_areas
from tests.golden.oracle.night import Night
from tests.golden.oracle.registry import INDICATORS, Indicator
from tests.golden.oracle.workdays import Month, Period, freeze, month, periods

SMALLEST_SAMPLE = 5
COMPLETE_ENOUGH = Fraction(95, 100)
NOT_PROVIDED = {COUNTY: absent("not_provided")}
LAMP_FORMULAS = {"I17": family_lamps.i17, "I17b": family_lamps.i17b}


@dataclass(frozen=True)
class Row:
    """One row of `indicator_values`, as far as an outsider can recompute it."""

    indicator_id: str
    period_type: str
    period: str
    area_code: str
    numerator: float | None
    denominator: float | None
    value: float | None
    null_reason: str | None
    excluded: int
    n: int
    target: float | None
    status: str
    stage: str
    completeness: float
    as_of: date


def values(night: Night) -> pd.DataFrame:
    """Return every row of a night."""
    judged = lamp_nights(night)
    rows = [
        row
        for name, indicator in INDICATORS.items()
        for period in periods(night.months(indicator.begins_with))
        if period.kind in indicator.periods
        for row in _rows(night, judged, period, name)
    ]
    frame = pd.DataFrame(rows, columns=list(Row.__dataclass_fields__))
    for column in ("numerator", "denominator", "value", "target"):
        frame[column] = frame[column].astype(float)
    return frame


def _rows(night: Night, judged: LampNights, period: Period, name: str) -> Iterator[Row]:
    indicator = INDICATORS[name]
    figures = _figures(night, judged, period, name)
    towns = night.reference.at("towns", night.day) if indicator.towns else ()
    county = figures.get(COUNTY, Figure())
    # A register that is absent is absent for every town.
    nothing = county if county.null_reason else Figure()
    share = _shared_completeness(night, indicator, period)
    for area in (COUNTY, *towns):
        figure = figures.get(area, nothing)
        part = _lamp_share(night, judged, period, area) if share is None else share
        yield _row(night, period, name, area, figure, part)


def _figures(night: Night, judged: LampNights, period: Period, name: str) -> Areas:
    indicator = INDICATORS[name]
    if indicator.formula is None:
        return LAMP_FORMULAS[name](night, judged, period)
    lacking = _lacking(night, indicator, period)
    if not lacking:
        return indicator.formula(night, period)
    if indicator.asks_period_end:
        asked = absence.asked_month(night, indicator.begins_with, period)
        figures = indicator.formula(night, period)
        late = figures[COUNTY].null_reason == "source_late"
        return NOT_PROVIDED if asked in lacking and not late else figures
    months = [m for m in night.begun(period, indicator.begins_with) if m not in lacking]
    parts = [indicator.formula(night, month(each)) for each in months]
    there = [part for part in parts if part.get(COUNTY, Figure()).null_reason is None]
    return sum_areas([{COUNTY: Figure()}, *there]) if there else NOT_PROVIDED


def _lacking(night: Night, indicator: Indicator, period: Period) -> list[Month]:
    return absence.lacking(night, indicator.needs, indicator.begins_with, period)


def _shared_completeness(
    night: Night, indicator: Indicator, period: Period
) -> Fraction | None:
    if indicator.complete is None:
        return None
    lacking = _lacking(night, indicator, period)
    lowered = indicator.complete(night, period) - absence.lacking_share(
        night, lacking, indicator.begins_with, period
    )
    return max(lowered, Fraction(0))


def _lamp_share(
    night: Night, judged: LampNights, period: Period, area: str
) -> Fraction:
    return completeness.share(*family_lamps.polled(night, judged, period, area))


def exact_value(indicator: Indicator, figure: Figure) -> Fraction | None:
    """Return the unrounded value of a figure, if it has one."""
    if figure.numerator is None or figure.null_reason:
        return None
    if indicator.is_count:
        return Fraction(figure.numerator)
    if not figure.denominator:
        return None
    return Fraction(figure.numerator) / Fraction(figure.denominator) * indicator.factor


def null_reason(name: str, area: str, figure: Figure) -> str | None:
    """Say why a figure has no value."""
    if figure.null_reason:
        return figure.null_reason
    if INDICATORS[name].is_count:
        return None
    if not figure.denominator:
        return "no_denominator"
    small = name == "I19" and area != COUNTY and figure.denominator < SMALLEST_SAMPLE
    return "below_min_sample" if small else None


def status(indicator: Indicator, value: Fraction | None, share: Fraction) -> str:
    """Judge a value against its target."""
    if value is None:
        return "无数据"
    if share < COMPLETE_ENOUGH:
        return "数据不完整"
    if indicator.target is None:
        return "描述性"
    if indicator.op(value, indicator.target):
        return "达标"
    claim = indicator.claim
    return "口径冲突区间" if claim is not None and value >= claim else "未达标"


def stage(night: Night, period: Period) -> str:
    """Tell whether a period is frozen."""
    return "初报" if night.as_of < freeze(period) else "终报"


def _row(
    night: Night, period: Period, name: str, area: str, figure: Figure, share: Fraction
) -> Row:
    indicator = INDICATORS[name]
    reason = null_reason(name, area, figure)
    value = None if reason else exact_value(indicator, figure)
    return Row(
        indicator_id=name,
        period_type=period.kind,
        period=period.label,
        area_code=area,
        numerator=_float(figure.numerator),
        denominator=None if indicator.is_count else _float(figure.denominator),
        value=_float(value),
        null_reason=reason,
        excluded=figure.excluded,
        n=figure.n,
        target=_float(indicator.target),
        status=status(indicator, value, share),
        stage=stage(night, period),
        completeness=float(share),
        as_of=night.day,
    )


def _float(value: Fraction | int | None) -> float | None:
    return None if value is None else float(value)
