"""Roads: segments, who holds them on a day, and the works that waive them."""

from dataclasses import dataclass
from datetime import date, timedelta

from simulator.county import County
from simulator.shape import Contractor

_LENGTHS = {"主干道": 900, "次干道": 650, "支路": 400, "背街小巷": 180}
_WIDTHS = {"主干道": 24.0, "次干道": 16.0, "支路": 9.0, "背街小巷": 4.0}
_PASSES = {"主干道": 3, "次干道": 2, "支路": 1, "背街小巷": 0}
_TURNOVER_DAY = 16


@dataclass(frozen=True)
class Segment:
    """A stretch of road; `contractor_code` is the holder on the first day."""

    segment_id: str
    road_name: str
    road_class: str
    community_code: str
    length_m: int
    area_m2: int
    contractor_code: str
    required_passes: int
    lamp_required: bool


@dataclass(frozen=True)
class Waiver:
    """An approved interruption of sweeping on a segment, inclusive dates."""

    waiver_id: str
    segment_id: str
    date_from: date
    date_to: date
    reason: str
    approver: str
    known_on: date


def segments(county: County) -> tuple[Segment, ...]:
    """Cut the county's roads into segments."""
    return county.remember("segments", lambda: tuple(_cut(county)))


def holders(county: County, day: date) -> dict[str, str]:
    """Say which contractor holds each segment on a day."""
    return county.remember(("holders", day), lambda: _holders(county, day))


def waivers(county: County, day: date) -> list[Waiver]:
    """List the waivers that the reference table knows by a day."""
    made = [_waiver_made(county, d) for d in county.days(until=day)]
    return [w for w in made if w and w.known_on <= day]


def _cut(county: County) -> list[Segment]:
    shape = county.shape
    urban = {c.code: c.in_urban_area for c in shape.communities}
    count = max(len(shape.roads) + 2, round(shape.segments * county.scale))
    made = []
    for number in range(count):
        road = shape.roads[number % len(shape.roads)]
        rng = county.dice("segment", number)
        length = round(_LENGTHS[road.road_class] * rng.uniform(0.6, 1.4))
        bidders = _bidders(county, "城区" if urban[road.community_code] else "乡镇")
        made.append(
            Segment(
                segment_id=f"{shape.prefix}LD{number + 1:04d}",
                road_name=road.name,
                road_class=road.road_class,
                community_code=road.community_code,
                length_m=length,
                area_m2=round(length * _WIDTHS[road.road_class]),
                contractor_code=bidders[number % len(bidders)].code,
                required_passes=_PASSES[road.road_class],
                lamp_required=road.road_class != "背街小巷" or rng.random() < 0.5,
            )
        )
    return made


def _bidders(county: County, serves: str, day: date | None = None) -> list[Contractor]:
    day = day or county.start
    bound = [c for c in county.shape.contractors if c.is_bound(day)]
    return [c for c in bound if c.serves in (serves, "全县")] or bound


def _holders(county: County, day: date) -> dict[str, str]:
    held = {s.segment_id: s.contractor_code for s in segments(county)}
    leaving = [c for c in county.shape.contractors if c.contract_to]
    if county.parameters.reference_changes:
        for turnover in county.days(until=day):
            if turnover.day == _TURNOVER_DAY and turnover > county.start:
                held = _hand_over(county, held, turnover)
            elif any(c.contract_to == turnover - timedelta(days=1) for c in leaving):
                held = _leave(county, held, turnover)
    return held


def _hand_over(county: County, held: dict[str, str], day: date) -> dict[str, str]:
    """Give some segments to another contractor in the middle of the month."""
    rng = county.dice("turnover", day)
    urban = {c.code: c.in_urban_area for c in county.shape.communities}
    held = dict(held)
    roads = segments(county)
    for segment in rng.sample(roads, max(2, len(roads) // 20)):
        serves = "城区" if urban[segment.community_code] else "乡镇"
        others = [
            c.code
            for c in _bidders(county, serves, day)
            if c.code != held[segment.segment_id]
        ]
        if others:
            held[segment.segment_id] = rng.choice(others)
    return held


def _leave(county: County, held: dict[str, str], day: date) -> dict[str, str]:
    """Give the segments of a contractor whose contract has ended to the others."""
    staying = [c.code for c in county.shape.contractors if c.is_bound(day)]
    if not staying:
        return held
    return {
        segment: code if code in staying else staying[number % len(staying)]
        for number, (segment, code) in enumerate(held.items())
    }


def _waiver_made(county: County, made_on: date) -> Waiver | None:
    return county.remember(("waiver", made_on), lambda: _waiver(county, made_on))


def _waiver(county: County, made_on: date) -> Waiver | None:
    rng = county.dice("waiver", made_on)
    if rng.random() > 0.12:
        return None
    segment = rng.choice(segments(county))
    begins = made_on + timedelta(days=rng.randint(0, 3))
    return Waiver(
        waiver_id=f"HM{made_on:%Y%m%d}",
        segment_id=segment.segment_id,
        date_from=begins,
        date_to=begins + timedelta(days=rng.randint(0, 5)),
        reason=rng.choice(("施工", "降雨", "冰冻", "重大活动")),
        approver="环卫股",
        # Now and then the office writes it down after the works have begun.
        known_on=made_on + timedelta(days=rng.choice((0, 0, 0, 5))),
    )
