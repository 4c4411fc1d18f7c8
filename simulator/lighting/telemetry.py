"""Telemetry: the polls of a calendar day, as columns ready to be copied."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from simulator.county import County
from simulator.lighting.lamps import lamps
from simulator.lighting.nights import days_late, is_dark, is_silent, switch_times
from simulator.lighting.works import outages_of_night

# Polls by calendar day: 00:00-07:30 belong to the night before, 17:00-23:30 to this.
_MORNING = range(0, 16)
_EVENING = range(34, 48)
_HALF_HOUR = np.timedelta64(30, "m")


@dataclass(frozen=True)
class Polls:
    """Polls that arrive together."""

    lamp: np.ndarray
    ts: np.ndarray
    state: np.ndarray
    online: np.ndarray
    power_w: np.ndarray

    def __len__(self) -> int:
        return len(self.lamp)


def arriving(county: County, day: date) -> list[tuple[date, Polls]]:
    """Return the polls that reach the database on a day, by their own day."""
    batches = []
    for back in (3, 2, 1, 0):
        polled = day - timedelta(days=back)
        if polled < _first_day(county):
            continue
        late = days_late(county, polled)
        if (late == back).any():
            batches.append((polled, _polls(county, polled, late == back)))
    return batches


def _first_day(county: County) -> date:
    return max(county.start, county.parameters.telemetry_from or county.start)


def _polls(county: County, day: date, chosen: np.ndarray) -> Polls:
    """Poll the chosen lamps through a calendar day."""
    parts = [_evening_or_morning(county, day, day, _EVENING, chosen)]
    before = day - timedelta(days=1)
    if day > _first_day(county):
        parts.insert(0, _evening_or_morning(county, day, before, _MORNING, chosen))
    return Polls(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("lamp", "ts", "state", "online", "power_w")
        )
    )


def _evening_or_morning(
    county: County, day: date, night: date, slots: range, chosen: np.ndarray
) -> Polls:
    everything = lamps(county)
    polled = np.flatnonzero(
        chosen & everything.is_metered & everything.in_service(night)
    )
    rng = county.arrays("polls", day, night)
    shape = (len(everything.ids), len(slots))
    # The same draws whoever is chosen: a late circuit tells the same story.
    jitter = rng.integers(0, 240, shape)[polled]
    lost = (rng.random(shape) < 0.002)[polled]
    noise = rng.normal(1.0, 0.02, shape)[polled]
    start = np.datetime64(day, "s")
    ts = start + np.array(slots) * _HALF_HOUR + jitter.astype("timedelta64[s]")
    is_on = _is_lit(county, night, polled, ts)
    online = np.broadcast_to(~is_silent(county, night)[polled, None], is_on.shape)
    state = np.where(is_on, np.where(_dims(polled, slots), "low", "on"), "off")
    power = np.where(
        is_on, everything.power_w[polled, None] * noise, rng.random(shape)[polled]
    )
    keep = ~lost
    lamp = np.broadcast_to(polled[:, None], is_on.shape)
    return Polls(
        lamp[keep], ts[keep], state[keep], online[keep], np.round(power[keep], 1)
    )


def _is_lit(
    county: County, night: date, polled: np.ndarray, ts: np.ndarray
) -> np.ndarray:
    """Say which polls find a burning lamp: by plan, outages apart, faults apart."""
    everything = lamps(county)
    on_at, off_at = _plan(county, night)
    dark = is_dark(county, night)
    circuit = everything.circuit_of[polled]
    within = (ts >= on_at[circuit, None]) & (ts <= off_at[circuit, None])
    cut = np.zeros_like(within)
    for outage in outages_of_night(county, night):
        here = circuit == everything.circuits.index(outage.circuit_id)
        cut[here] |= (ts[here] >= outage.begins) & (ts[here] < outage.ends)
    return within & ~cut & ~dark[polled, None]


def _plan(county: County, night: date) -> tuple[np.ndarray, np.ndarray]:
    times = [
        switch_times(county, circuit, night)
        for circuit in range(len(lamps(county).circuits))
    ]
    on_at = np.array([on for on, _ in times], dtype="datetime64[s]")
    off_at = np.array([off for _, off in times], dtype="datetime64[s]")
    return on_at, off_at


def _dims(polled: np.ndarray, slots: range) -> np.ndarray:
    """Say which polls find a dimmed lamp: one in four dims after midnight."""
    late = np.array([slot < 10 for slot in slots])
    return (polled % 4 == 0)[:, None] & late[None, :]


def as_table(county: County, polls: Polls) -> pa.Table:
    """Return polls as the columns of lamp_telemetry; a silent lamp has no power."""
    ids = pa.array(lamps(county).ids)
    lamp = pa.DictionaryArray.from_arrays(pa.array(polls.lamp), ids).cast(pa.string())
    power = pa.array(polls.power_w, mask=~polls.online)
    return pa.table(
        {
            "lamp_id": lamp,
            "ts": pa.array(polls.ts),
            "power_state": pa.array(polls.state),
            "online": pa.array(polls.online),
            "power_w": power,
        }
    )
