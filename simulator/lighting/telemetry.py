"""Telemetry: what the poll of each half hour finds, and when it arrives."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from simulator.county import County
from simulator.lighting.dirt import soil_polls
from simulator.lighting.lamps import lamps
from simulator.lighting.nights import days_late, is_dark, is_silent, planned_hours
from simulator.lighting.polls import Polls, join
from simulator.lighting.works import outages_of_night

# Polls by calendar day: 00:00-07:30 belong to the night before, 17:00-23:30 to this.
_MORNING = range(16)
_EVENING = range(34, 48)
_HALF_HOUR = np.timedelta64(30, "m")
_LATEST = 3


def arriving(county: County, day: date) -> Iterator[tuple[Polls, dict[int, str]]]:
    """Return the polls that reach the database on a day, with the broken ones."""
    for back in range(_LATEST, -1, -1):
        polled = day - timedelta(days=back)
        if polled < _first_day(county):
            continue
        late = days_late(county, polled)
        if not (late == back).any():
            continue
        polls = _polls(county, polled, late == back)
        # What is late has been looked through: only fresh polls are broken.
        yield (polls, {}) if back else soil_polls(county, day, polls)


def _first_day(county: County) -> date:
    return max(county.start, county.parameters.telemetry_from or county.start)


def _polls(county: County, day: date, chosen: np.ndarray) -> Polls:
    """Poll the chosen lamps through a calendar day."""
    parts = [_half_night(county, day, day, _EVENING, chosen)]
    if day > _first_day(county):
        before = day - timedelta(days=1)
        parts.insert(0, _half_night(county, day, before, _MORNING, chosen))
    return join(parts)


def _half_night(
    county: County, day: date, night: date, slots: range, chosen: np.ndarray
) -> Polls:
    """Poll lamps in the part of a night that falls on a calendar day."""
    everything = lamps(county)
    polled = np.flatnonzero(
        chosen & everything.is_metered & everything.in_service(night)
    )
    rng = county.arrays("polls", day, night)
    shape = (len(everything.ids), len(slots))
    # Drawn for all lamps whoever is chosen: a late circuit tells the same story.
    jitter = rng.integers(0, 240, shape)[polled]
    luck = rng.random(shape)[polled]
    noise = rng.normal(1.0, 0.02, shape)[polled]
    start = np.datetime64(day, "s")
    ts = start + np.array(slots) * _HALF_HOUR + jitter.astype("timedelta64[s]")
    is_on = _is_lit(county, night, polled, ts)
    online = np.broadcast_to(~is_silent(county, night)[polled, None], is_on.shape)
    state = np.where(is_on, np.where(_dims(polled, slots), "low", "on"), "off")
    watts = everything.power_w[polled, None]
    found = Polls(
        lamp=np.broadcast_to(polled[:, None], is_on.shape),
        ts=ts,
        state=state,
        online=online,
        power_w=np.round(np.where(is_on, watts * noise, luck), 1),
    )
    # A few polls are lost for ever, a few come twice in a slot: the first one wrong.
    doubtful = luck > 0.998
    first = _chosen(found, luck >= 0.002)
    first.state[doubtful[luck >= 0.002]] = "off"
    again = _chosen(found, doubtful)
    return join([first, Polls(**(vars(again) | {"ts": again.ts + 900}))])


def _chosen(polls: Polls, mask: np.ndarray) -> Polls:
    return Polls(**{name: column[mask] for name, column in vars(polls).items()})


def _is_lit(
    county: County, night: date, polled: np.ndarray, ts: np.ndarray
) -> np.ndarray:
    """Say which polls find a burning lamp: by plan, outages apart, faults apart."""
    everything = lamps(county)
    on_at, off_at = planned_hours(county, night)
    circuit = everything.circuit_of[polled]
    lit: np.ndarray = (ts >= on_at[circuit, None]) & (ts <= off_at[circuit, None])
    for outage in outages_of_night(county, night):
        here = circuit == everything.circuits.index(outage.circuit_id)
        lit[here] &= (ts[here] < outage.begins) | (ts[here] >= outage.ends)
    lit &= ~is_dark(county, night)[polled, None]
    return lit


def _dims(polled: np.ndarray, slots: range) -> np.ndarray:
    """Say which polls find a dimmed lamp: one in four dims after midnight."""
    late = np.array([slot < 10 for slot in slots])
    dimmed: np.ndarray = (polled % 4 == 0)[:, None] & late[None, :]
    return dimmed
