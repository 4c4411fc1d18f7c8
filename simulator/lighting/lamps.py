"""Lamps: every lamp of the county, its circuit, and when it serves."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from simulator.county import County
from simulator.roads import segments
from simulator.versions import Version, chain

_CIRCUIT_SIZE = 60
_BARE_SEGMENTS = 2


@dataclass(frozen=True)
class Lamps:
    """All lamps as columns: strings in lists, numbers in arrays."""

    ids: list[str]
    circuits: list[str]
    circuit_of: np.ndarray
    is_metered: np.ndarray
    power_w: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    segment_of: list[int]

    def in_service(self, night: date) -> np.ndarray:
        """Say which lamps serve on a night."""
        day = np.datetime64(night)
        serving: np.ndarray = (self.first_day <= day) & (day <= self.last_day)
        return serving


def lamps(county: County) -> Lamps:
    """Return the county's lamps."""
    return county.remember("lamps", lambda: _hang(county))


def _hang(county: County) -> Lamps:
    count = max(120, round(county.shape.lamps * county.scale))
    rng = county.arrays("lamps")
    size = max(12, round(_CIRCUIT_SIZE * min(1.0, county.scale * 4)))
    circuit_of = np.arange(count) // size
    prefix = county.shape.prefix
    roads = segments(county)
    lit = [i for i, s in enumerate(roads) if s.lamp_required][:-_BARE_SEGMENTS]
    first = np.full(count, np.datetime64("2019-05-01"))
    last = np.full(count, np.datetime64("2099-12-31"))
    horizon = np.datetime64(county.start)
    joins = rng.random(count) < 0.03
    first[joins] = horizon + rng.integers(5, 300, joins.sum()).astype("timedelta64[D]")
    leaves = (rng.random(count) < 0.02) & ~joins
    last[leaves] = horizon + rng.integers(3, 300, leaves.sum()).astype("timedelta64[D]")
    return Lamps(
        ids=[f"{prefix}D{number:06d}" for number in range(1, count + 1)],
        circuits=[f"{prefix}HL{number:04d}" for number in range(circuit_of[-1] + 1)],
        circuit_of=circuit_of,
        is_metered=rng.random(circuit_of[-1] + 1)[circuit_of] < 0.92,
        power_w=rng.choice(np.array([60.0, 90.0, 120.0, 150.0]), count),
        first_day=first,
        last_day=last,
        segment_of=[lit[int(c) % len(lit)] for c in circuit_of],
    )


def lamp_records(county: County) -> list[Version]:
    """Return the lamp table's rows with their changes: entering, leaving, repairs."""
    versions: list[Version] = []
    everything = lamps(county)
    roads = segments(county)
    opened = datetime.combine(county.start, time(1))
    lon, lat = county.shape.centre
    for index, lamp_id in enumerate(everything.ids):
        road = roads[everything.segment_of[index]]
        metered = bool(everything.is_metered[index])
        first = everything.first_day[index].astype(object)
        last = everything.last_day[index].astype(object)
        known = max(opened, datetime.combine(first, time(9)))
        body: dict[str, object] = {
            "lamp_id": lamp_id,
            "pole_no": f"G{index // 2 + 1:06d}",
            "circuit_id": everything.circuits[everything.circuit_of[index]],
            "segment_id": road.segment_id,
            "town_code": road.community_code[:9] + "000",
            "road_class": road.road_class,
            "power_w": float(everything.power_w[index]),
            "lon": round(lon + (index % 97) * 0.0004, 6),
            "lat": round(lat + (index % 89) * 0.0003, 6),
            "control": "单灯" if metered else ("回路" if index % 3 else "时钟"),
            "in_service_from": first,
            "in_service_to": None,
            "updated_at": known,
        }
        states = [Version(lamp_id, known, body)]
        if last.year < 2099:
            left = datetime.combine(last, time(15)) + timedelta(days=1)
            change = {"in_service_to": last, "updated_at": left}
            states.append(Version(lamp_id, left, body | change))
        versions += chain(states)
    return versions
