"""Lamp family: the verdict on every lamp and night, poll by poll."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from tests.golden.oracle.database import DbRow
from tests.golden.oracle.family_roads import in_service
from tests.golden.oracle.figures import COUNTY, Areas, Figure, put
from tests.golden.oracle.night import Night
from tests.golden.oracle.workdays import Period, days, midnight

SLOTS = 30
SLOT_SECONDS = 1800
FIRST_SLOT = timedelta(hours=17)
DAY = 86400
NO_POLL, LIT, DARK, OFFLINE = range(4)
NO_PLAN, PLANNED, ON, UNKNOWN, OFF = range(5)
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class LampNights:
    """Verdicts and polls of single-lamp controlled lamps, lamp by night."""

    first: date
    towns: list[str | None]
    serving: np.ndarray
    verdicts: np.ndarray
    polls: np.ndarray


def lamp_nights(night: Night) -> LampNights:
    """Judge every lamp-night from the first poll's day to last night."""
    first = night.first_days.get("lighting", night.day)
    nights = (night.day - first).days
    lamps = [row for row in night.lighting_rows("lamp") if row["control"] == "单灯"]
    circuits = sorted({row["circuit_id"] for row in lamps if row["circuit_id"]})
    states = _states(night, lamps, first, nights)
    slots, has_plan = _slots(night, circuits, first, nights)
    verdicts = np.full((len(lamps), nights), NO_PLAN, dtype=np.int8)
    place = {circuit: i for i, circuit in enumerate(circuits)}
    for i, lamp in enumerate(lamps):
        at = place.get(lamp["circuit_id"])
        if at is not None:
            verdicts[i] = _verdicts(states[i], slots[at], has_plan[at])
    return LampNights(
        first,
        [lamp["town_code"] for lamp in lamps],
        _serving(lamps, first, nights),
        verdicts,
        (states != NO_POLL).sum(axis=2),
    )


def _states(night: Night, lamps: list[DbRow], first: date, nights: int) -> np.ndarray:
    states = np.zeros((len(lamps), nights, SLOTS), dtype=np.int8)
    polls = night.polls
    if not len(polls) or not lamps or not nights:
        return states
    place = {lamp["lamp_id"]: i for i, lamp in enumerate(lamps)}
    origin = (first.toordinal() - EPOCH) * DAY + int(FIRST_SLOT.total_seconds())
    frame = polls.assign(
        lamp=polls["lamp_id"].astype(object).map(place),
        evening=(polls["ts"] - origin) // DAY,
        slot=(polls["ts"] - origin) % DAY // SLOT_SECONDS,
    )
    inside = frame["lamp"].notna() & (frame["slot"] < SLOTS)
    inside &= (frame["evening"] >= 0) & (frame["evening"] < nights)
    frame = frame[inside].sort_values("ts", kind="stable")
    frame = frame.drop_duplicates(["lamp", "evening", "slot"], keep="last")
    online = (frame["online"] == "t").to_numpy()
    glowing = frame["power_state"].isin(["on", "low"]).to_numpy()
    states[
        frame["lamp"].to_numpy(int),
        frame["evening"].to_numpy(int),
        frame["slot"].to_numpy(int),
    ] = np.where(~online, OFFLINE, np.where(glowing, LIT, DARK))
    return states


def _slot_times(evening: date) -> list[datetime]:
    start = midnight(evening) + FIRST_SLOT
    return [start + timedelta(seconds=SLOT_SECONDS * i) for i in range(SLOTS)]


def _slots(
    night: Night, circuits: list[str], first: date, nights: int
) -> tuple[np.ndarray, np.ndarray]:
    slots = np.zeros((len(circuits), nights, SLOTS), dtype=bool)
    has_plan = np.zeros((len(circuits), nights), dtype=bool)
    outages = night.lighting_rows("planned_outage")
    place = {circuit: i for i, circuit in enumerate(circuits)}
    for plan in night.lighting_rows("switch_plan"):
        at, evening = place.get(plan["circuit_id"]), plan["night_date"]
        when = (evening - first).days
        if at is not None and 0 <= when < nights:
            has_plan[at, when] = True
            works = [o for o in outages if o["circuit_id"] == plan["circuit_id"]]
            slots[at, when] = [_burning(plan, works, t) for t in _slot_times(evening)]
    return slots, has_plan


def _burning(plan: DbRow, outages: list[DbRow], t: datetime) -> bool:
    on, off = plan["on_at"], plan["off_at"]
    if on is None or off is None or not on <= t <= off:
        return False
    return not any(_stops(outage, t) for outage in outages)


def _stops(outage: DbRow, t: datetime) -> bool:
    start, end = outage["starts_at"], outage["ends_at"]
    return start is not None and start <= t and (end is None or t < end)


def _verdicts(states: np.ndarray, slots: np.ndarray, plan: np.ndarray) -> np.ndarray:
    count = slots.sum(axis=1)
    lit = ((states == LIT) & slots).sum(axis=1)
    unknown = (((states == NO_POLL) | (states == OFFLINE)) & slots).sum(axis=1)
    return np.select(
        [~plan, count == 0, 10 * lit >= 9 * count, 10 * (lit + unknown) >= 9 * count],
        [NO_PLAN, PLANNED, ON, UNKNOWN],
        OFF,
    )


def _serving(lamps: list[DbRow], first: date, nights: int) -> np.ndarray:
    serving = np.zeros((len(lamps), nights), dtype=bool)
    for i, lamp in enumerate(lamps):
        since, until = lamp["in_service_from"], lamp["in_service_to"]
        for k in range(nights):
            evening = date.fromordinal(first.toordinal() + k)
            serving[i, k] = in_service(since, until, evening)
    return serving


def evenings(night: Night, period: Period) -> list[date]:
    """List the nights of a period up to last night."""
    first = max(period.first, night.first_days.get("lighting", night.day))
    return days(first, min(period.last, night.day - timedelta(days=1)))


def _by_town(
    night: Night, judged: LampNights, period: Period
) -> Iterator[tuple[str | None, np.ndarray]]:
    chosen = [(evening - judged.first).days for evening in evenings(night, period)]
    for i, town in enumerate(judged.towns):
        yield town, judged.verdicts[i, chosen][judged.serving[i, chosen]]


def i17(night: Night, judged: LampNights, period: Period) -> Areas:
    """Lamp-nights that were lit."""
    return _rate(night, judged, period, (ON, OFF, UNKNOWN))


def i17b(night: Night, judged: LampNights, period: Period) -> Areas:
    """Lamp-nights that were lit, of those that are known."""
    return _rate(night, judged, period, (ON, OFF))


def _rate(
    night: Night, judged: LampNights, period: Period, counted: tuple[int, ...]
) -> Areas:
    areas: Areas = {COUNTY: Figure()}
    for town, verdicts in _by_town(night, judged, period):
        n = int(np.isin(verdicts, counted).sum())
        out = int(np.isin(verdicts, (NO_PLAN, PLANNED)).sum())
        put(areas, town, Figure(int((verdicts == ON).sum()), n, n, out))
    return areas


def polled(
    night: Night, judged: LampNights, period: Period, area: str
) -> tuple[int, int]:
    """Return the polls received and expected of an area's lamps."""
    chosen = [(evening - judged.first).days for evening in evenings(night, period)]
    received = expected = 0
    for i, town in enumerate(judged.towns):
        if area in (COUNTY, town):
            serving = judged.serving[i, chosen]
            received += int(judged.polls[i, chosen][serving].sum())
            expected += SLOTS * int(serving.sum())
    return received, expected
