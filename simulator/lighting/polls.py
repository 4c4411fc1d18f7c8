"""Polls: rows of lamp_telemetry as columns."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulator.county import County
from simulator.lighting.lamps import lamps

# Ids that the lamp table does not know; enough that no two broken polls collide.
UNKNOWN_LAMPS = [f"LD-不存在{number:03d}" for number in range(500)]


@dataclass(frozen=True)
class Polls:
    """Polls that arrive together; `lamp` is an index into the county's lamps."""

    lamp: np.ndarray
    ts: np.ndarray
    state: np.ndarray
    online: np.ndarray
    power_w: np.ndarray

    def __len__(self) -> int:
        return len(self.lamp)


def known_and_unknown(county: County) -> list[str]:
    """Return the ids that the index of a poll points into."""
    return [*lamps(county).ids, *UNKNOWN_LAMPS]


def join(parts: list[Polls]) -> Polls:
    """Put polls one after the other."""
    return Polls(
        lamp=np.concatenate([part.lamp for part in parts]),
        ts=np.concatenate([part.ts for part in parts]),
        state=np.concatenate([part.state for part in parts]),
        online=np.concatenate([part.online for part in parts]),
        power_w=np.concatenate([part.power_w for part in parts]),
    )


def as_table(county: County, polls: Polls) -> pa.Table:
    """Return polls as the table's columns; a silent lamp has no power."""
    ids = pa.array(known_and_unknown(county))
    lamp = pa.DictionaryArray.from_arrays(pa.array(polls.lamp), ids)
    return pa.table(
        {
            "lamp_id": lamp.cast(pa.string()),
            "ts": pa.array(polls.ts),
            "power_state": pa.array(polls.state),
            "online": pa.array(polls.online),
            "power_w": pa.array(polls.power_w, mask=~polls.online),
        }
    )
