"""Call-backs: what citizens said of their closed cases, attempt by attempt."""

import random
from datetime import datetime, timedelta

from simulator.cases.life import local_iso
from simulator.county import County
from simulator.versions import Version, chain

_RATINGS = ("满意", "基本满意", "不满意", "拒评", None)
_WEIGHTS = (80, 12, 3, 4, 1)


def callbacks_of(
    county: County, case_id: str, closed_at: datetime, rng: random.Random
) -> list[Version]:
    """Return the call-backs of a closed complaint; one in eight is never called."""
    if rng.random() < 0.12:
        return []
    made: list[Version] = []
    called_at = closed_at
    for attempt in (1, 2, 3):
        called_at += timedelta(seconds=rng.randint(7_200, 130_000))
        reached = rng.random() < 0.8
        made += _attempt(case_id, attempt, called_at, reached, rng)
        # A dissatisfied citizen is called again: the last rating is the one in force.
        if reached and made[-1].body["rating"] != "不满意":
            break
    return made


def _attempt(
    case_id: str, attempt: int, called_at: datetime, reached: bool, rng: random.Random
) -> list[Version]:
    callback_id = f"{case_id}-H{attempt}"
    rating = rng.choices(_RATINGS, _WEIGHTS)[0] if reached else None
    updated_at = called_at + timedelta(seconds=rng.randint(0, 600))
    body: dict[str, object] = {
        "callback_id": callback_id,
        "case_id": case_id,
        "attempt_no": attempt,
        "called_at": local_iso(called_at),
        "reached": reached,
        "rating": rating,
        "updated_at": local_iso(updated_at),
    }
    states = [Version(callback_id, updated_at, body)]
    if rating and rng.random() < 0.02:
        later = updated_at + timedelta(seconds=rng.randint(3_600, 400_000))
        change = {"rating": "基本满意", "updated_at": local_iso(later)}
        states.append(Version(callback_id, later, body | change))
    return list(chain(states))
