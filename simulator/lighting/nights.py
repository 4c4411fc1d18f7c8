"""Nights: what is on, off, dark or silent, as arrays over lamps and slots."""

from datetime import date, datetime, time, timedelta
from math import cos, pi

import numpy as np

from simulator.county import County
from simulator.lighting.lamps import lamps

LONGEST_FAULT = 12


def planned_hours(county: County, night: date) -> tuple[np.ndarray, np.ndarray]:
    """Return when each circuit is to be switched on and off on a night."""

    def plan() -> tuple[np.ndarray, np.ndarray]:
        circuits = range(len(lamps(county).circuits))
        times = [switch_times(county, circuit, night) for circuit in circuits]
        on_at = np.array([on for on, _ in times], dtype="datetime64[s]")
        off_at = np.array([off for _, off in times], dtype="datetime64[s]")
        return on_at, off_at

    return county.remember(("hours", night), plan)


def switch_times(
    county: County, circuit: int, night: date
) -> tuple[datetime, datetime]:
    """Return when a circuit is to be switched on and off, by the season."""
    season = cos(2 * pi * (night.timetuple().tm_yday - 172) / 365)
    rng = county.dice("plan", circuit, night)
    on_minutes = round(18.4 * 60 + 55 * season) + rng.choice((-10, 0, 0, 0, 10))
    off_minutes = round(6.1 * 60 - 45 * season)
    # Now and then the plan falls exactly on a slot of the poll.
    if circuit % 5 == 0:
        on_minutes -= on_minutes % 30
        off_minutes -= off_minutes % 30
    sunset_day = datetime.combine(night, time())
    morning = sunset_day + timedelta(days=1)
    return (
        sunset_day + timedelta(minutes=on_minutes),
        morning + timedelta(minutes=off_minutes),
    )


def new_faults(county: County, night: date) -> np.ndarray:
    """Return for each lamp how many nights a fault that begins tonight lasts."""

    def draw() -> np.ndarray:
        rng = county.arrays("faults", night)
        count = len(lamps(county).ids)
        begins = rng.random(count) < 0.0025
        return np.where(begins, rng.integers(1, LONGEST_FAULT, count), 0)

    return county.remember(("faults", night), draw)


def is_dark(county: County, night: date) -> np.ndarray:
    """Say which lamps are out of order on a night."""
    dark = np.zeros(len(lamps(county).ids), dtype=bool)
    for back in range(LONGEST_FAULT):
        dark |= new_faults(county, night - timedelta(days=back)) > back
    return dark


def is_silent(county: County, night: date) -> np.ndarray:
    """Say which lamps cannot be reached: whole circuits, and single ones."""
    everything = lamps(county)
    rng = county.arrays("silent", night)
    circuits = rng.random(len(everything.circuits)) < 0.004
    single = rng.random(len(everything.ids)) < 0.002
    silent: np.ndarray = circuits[everything.circuit_of] | single
    return silent


def days_late(county: County, day: date) -> np.ndarray:
    """Return for each lamp how many days late its polls of a calendar day arrive."""
    everything = lamps(county)
    rng = county.arrays("late", day)
    count = len(everything.circuits)
    late = rng.random(count) < county.parameters.late
    days: np.ndarray = np.where(late, rng.integers(1, 4, count), 0)
    by_lamp: np.ndarray = days[everything.circuit_of]
    return by_lamp
