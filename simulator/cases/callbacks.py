"""Call-backs: what citizens said of their closed cases, attempt by attempt."""

import random
from datetime import datetime, timedelta

from simulator.cases.life import local_iso
from simulator.versions import Version, chain

_RATINGS = ("满意", "基本满意", "不满意", "拒评", None)
_WEIGHTS = (80, 12, 3, 4, 1)


def callbacks_of(
    case_id: str, closed_at: datetime, rng: random.Random
) -> list[Version]:
    """Return the call-backs of a closed complaint; one in eight is never called."""
    if rng.random() < 0.12:
        return []
    made: list[Version] = []
    called_at = closed_at
    for number in (1, 2, 3):
        called_at += timedelta(seconds=rng.randint(7_200, 130_000))
        reached = rng.random() < 0.8
        rating = rng.choices(_RATINGS, _WEIGHTS)[0] if reached else None
        stamp = called_at + timedelta(seconds=rng.randint(0, 600))
        said = attempt(case_id, number, called_at, rating, reached, stamp)
        made += chain(_with_second_thoughts(said, rng))
        # A dissatisfied citizen is called again: the last rating is the one in force.
        if reached and rating != "不满意":
            break
    return made


def attempt(
    case_id: str,
    number: int,
    called_at: datetime,
    rating: str | None,
    reached: bool = True,
    updated_at: datetime | None = None,
) -> Version:
    """Return one attempt to call a citizen."""
    stamp = updated_at or called_at
    callback_id = f"{case_id}-H{number}"
    body: dict[str, object] = {
        "callback_id": callback_id,
        "case_id": case_id,
        "attempt_no": number,
        "called_at": local_iso(called_at),
        "reached": reached,
        "rating": rating,
        "updated_at": local_iso(stamp),
    }
    return Version(callback_id, stamp, body)


def _with_second_thoughts(said: Version, rng: random.Random) -> list[Version]:
    """Let the clerk put a rating right, now and then."""
    if not said.body["rating"] or rng.random() > 0.02:
        return [said]
    later = said.at + timedelta(seconds=rng.randint(3_600, 400_000))
    change = {"rating": "基本满意", "updated_at": local_iso(later)}
    return [said, Version(said.record, later, said.body | change)]
