"""Road families: mechanical sweeping and the segments that hold a lamp."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from tests.golden.oracle.cells import number
from tests.golden.oracle.figures import COUNTY, Areas, Figure
from tests.golden.oracle.night import Night
from tests.golden.oracle.reference import Row
from tests.golden.oracle.workdays import Period, days

SWEPT_CLASSES = {"主干道", "次干道"}


def elapsed(night: Night, source: str, period: Period) -> list[date]:
    """List the days of a period up to tonight that count for a source."""
    first = night.first_days.get(source)
    if first is None:
        return []
    return days(max(period.first, first), min(period.last, night.day))


def i01(night: Night, period: Period) -> Areas:
    """Area swept by machine against the area the plan asks for."""
    done, asked, n, waived = Fraction(), Fraction(), 0, 0
    for day in elapsed(night, "sanitation", period):
        waivers = waived_segments(night, day)
        for segment, row in _swept_segments(night, day):
            if segment in waivers:
                waived += 1
                continue
            area = number(row["area_m2"]) or Fraction()
            required = number(row["required_passes"]) or Fraction()
            passes = night.passes.get((segment, day), Fraction())
            done += area * min(passes, required) / required
            asked += area
            n += 1
    return {COUNTY: Figure(done, asked, n, waived)}


def _swept_segments(night: Night, day: date) -> Iterator[tuple[str, Row]]:
    for segment, row in night.reference.at("road_segments", day).items():
        required = number(row["required_passes"])
        if (
            row["road_class"] in SWEPT_CLASSES
            and required is not None
            and required > 0
            and night.reference.is_urban_community(row["community_code"], day)
        ):
            yield segment, row


def waived_segments(night: Night, day: date) -> set[str | None]:
    """Return the segments waived on a day."""
    waivers = night.reference.at("ops_waivers", day).values()
    return {waiver["segment_id"] for waiver in waivers if _holds(waiver, day)}


def _holds(waiver: Mapping[str, str | None], day: date) -> bool:
    first, last = waiver["date_from"], waiver["date_to"]
    return (first or "") <= day.isoformat() <= (last or "9999")


def i16(night: Night, period: Period) -> Areas:
    """Length of lit roads that hold at least one lamp in service."""
    e = min(period.last, night.day)
    lit = {
        lamp["segment_id"]
        for lamp in night.lighting_rows("lamp")
        if in_service(lamp["in_service_from"], lamp["in_service_to"], e)
    }
    figure = Figure()
    for segment, row in night.reference.at("road_segments", e).items():
        if row["lamp_required"] == "是":
            length = number(row["length_m"]) or Fraction()
            figure += Figure(length if segment in lit else 0, length, 1)
    return {COUNTY: figure}


def in_service(first: date | None, last: date | None, on: date) -> bool:
    """Tell whether a lamp was in service on a day; an unknown start never is."""
    return first is not None and first <= on and (last is None or on <= last)
