"""Dirt: a version of a platform record, broken so that one rule must catch it."""

import random
from collections.abc import Callable
from datetime import timedelta

from simulator.cases.life import local_iso
from simulator.versions import Version, chain

Body = dict[str, object]

_KEYS = {"cases": "case_id", "case_events": "event_id", "callbacks": "callback_id"}
_TIME = {"cases": "reported_at", "case_events": "event_at", "callbacks": "called_at"}
_ENUM = {"cases": "status", "case_events": "event_type", "callbacks": "rating"}
_TYPED = {"cases": "rework_count", "case_events": "result", "callbacks": "attempt_no"}


def break_version(
    table: str, states: list[Version], rule: str, rng: random.Random
) -> list[Version]:
    """Break one state of a record; six in ten are sent again, whole, a day later."""
    index = _state_for(rule, states, rng)
    if index is None:
        return states
    clean = states[index]
    broken = Version(clean.record, clean.at, dict(clean.body), rule)
    _BREAKERS[rule](table, broken, rng)
    states = [*states]
    states[index] = broken
    if index == len(states) - 1 and rng.random() < 0.6:
        later = clean.at + timedelta(seconds=rng.randint(50_000, 110_000))
        body = dict(clean.body) | {"updated_at": local_iso(later)}
        states.append(Version(clean.record, later, body))
    return list(chain(states))


def _state_for(rule: str, states: list[Version], rng: random.Random) -> int | None:
    """Choose a state that some night will meet and that the rule can break."""
    met = [i for i, state in enumerate(states) if state.is_met_by_a_night]
    if rule == "A04":
        met = [i for i in met if states[i].body.get("registered_at")]
    return rng.choice(met) if met else None


def _lose_key(table: str, version: Version, rng: random.Random) -> None:
    column = rng.choice((_KEYS[table], "updated_at"))
    version.body[column] = rng.choice((None, ""))
    version.note = f"{column}为空"


def _unknown_word(table: str, version: Version, rng: random.Random) -> None:
    column = _ENUM[table]
    version.body[column] = "未知取值"
    version.note = f"{column}=未知取值"


def _bad_time(table: str, version: Version, rng: random.Random) -> None:
    column = _TIME[table]
    version.body[column] = rng.choice(("2025-13-45T08:00:00+08:00", "昨天下午"))
    version.note = f"{column}={version.body[column]}"


def _bad_order(table: str, version: Version, rng: random.Random) -> None:
    version.body["registered_at"] = local_iso(version.at - timedelta(days=900))
    version.note = "registered_at早于reported_at"


def _from_the_future(table: str, version: Version, rng: random.Random) -> None:
    column = "checked_at" if table == "cases" else _TIME[table]
    seconds = rng.choice((301, 3_600, 86_400 * 30))
    version.body[column] = local_iso(version.at + timedelta(seconds=seconds))
    version.note = f"{column}晚于updated_at {seconds}秒"


def _unknown_place(table: str, version: Version, rng: random.Random) -> None:
    column = rng.choice(("town_code", "community_code"))
    version.body[column] = "999999999000"
    version.note = f"{column}=999999999000"


def _wrong_type(table: str, version: Version, rng: random.Random) -> None:
    column = _TYPED[table]
    version.body[column] = {"rework_count": "两次", "result": {"代码": 1}}.get(
        column, "第一次"
    )
    version.note = f"{column}类型不符"


_BREAKERS: dict[str, Callable[[str, Version, random.Random], None]] = {
    "A01": _lose_key,
    "A02": _unknown_word,
    "A03": _bad_time,
    "A04": _bad_order,
    "A05": _from_the_future,
    "A06": _unknown_place,
    "A07": _wrong_type,
}
