"""Dirt: a version of a platform record, broken so that one rule must catch it."""

import random
from collections.abc import Callable
from datetime import timedelta

from simulator.cases.life import county_time, local_iso
from simulator.planted import RULES
from simulator.versions import Version, chain

Body = dict[str, object]

_KEYS = {"cases": "case_id", "case_events": "event_id", "callbacks": "callback_id"}
_TIME = {"cases": "reported_at", "case_events": "event_at", "callbacks": "called_at"}
_ENUMS = {
    "cases": ("status", "channel", "kind", "resolution_means"),
    "case_events": ("event_type", "actor_role"),
    "callbacks": ("rating",),
}
_TYPED: dict[str, tuple[tuple[str, object], ...]] = {
    "cases": (
        ("rework_count", "两次"),
        ("lon", "东经110度"),
        ("is_urban_management", "是"),
    ),
    "case_events": (("result", {"代码": 1}),),
    "callbacks": (("attempt_no", "第一次"), ("reached", "是")),
}
_ORDERS = (
    ("reported_at", "accepted_at"),
    ("reported_at", "registered_at"),
    ("reported_at", "dispatched_at"),
    ("reported_at", "disposed_at"),
    ("reported_at", "closed_at"),
    ("reported_at", "due_at"),
    ("dispatched_at", "disposed_at"),
    ("registered_at", "closed_at"),
    ("suspended_at", "resumed_at"),
)
_BAD_TIMES = (
    "2025-13-45T08:00:00+08:00",
    "昨天下午",
    # What programs write for "none", and a year that somebody mistyped.
    "1753-01-01T00:00:00+08:00",
    "1899-12-30T00:00:00+08:00",
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "9999-12-31T23:59:59+08:00",
    "1999-12-31T23:59:59+08:00",
    "2205-06-03T08:00:00+08:00",
)
_SECOND_FAULT = 0.15
_CLOSED_AND_NOT = "closed and not"
# What is odd about a record that breaks no rule: AW1, AW2, AW3, and empty texts.
ODDITIES = ("unknown code", _CLOSED_AND_NOT, "in the sea", "empty texts")


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
    if rng.random() < _SECOND_FAULT:
        _break_again(table, broken, rule, rng)
    states = [*states]
    states[index] = broken
    if index == len(states) - 1 and rng.random() < 0.6:
        later = clean.at + timedelta(seconds=rng.randint(50_000, 110_000))
        body = dict(clean.body) | {"updated_at": local_iso(later)}
        states.append(Version(clean.record, later, body))
    return list(chain(states))


def make_odd(
    table: str, states: list[Version], oddity: str, rng: random.Random
) -> list[Version]:
    """Make every state of a sound record odd; it stands all the same."""
    if table != "cases":
        oddity = ODDITIES[-1]
    if any(state.rule for state in states):
        return states
    if oddity == _CLOSED_AND_NOT and not states[-1].body["closed_at"]:
        return states
    change = _ODD[oddity](rng)
    odd = [
        Version(each.record, each.at, change(dict(each.body)), note=oddity)
        for each in states
    ]
    return list(chain(odd))


def _unknown_code(rng: random.Random) -> Callable[[Body], Body]:
    """Name a department, contractor or category that no table knows."""
    field, code = rng.choice(
        (("dept_code", "BM99"), ("contractor_code", "HW99"), ("category_code", "9999"))
    )
    return lambda body: body | {field: code}


def _still_in_progress(rng: random.Random) -> Callable[[Body], Body]:
    """Close the case and leave its status behind."""
    return lambda body: body | ({"status": "处置中"} if body["closed_at"] else {})


def _in_the_sea(rng: random.Random) -> Callable[[Body], Body]:
    return lambda body: body | {"lon": 0, "lat": 0.0}


def _empty_texts(rng: random.Random) -> Callable[[Body], Body]:
    """Write an empty text wherever there is nothing to say."""
    return lambda body: {k: "" if v is None else v for k, v in body.items()}


_ODD = dict(
    zip(
        ODDITIES,
        (_unknown_code, _still_in_progress, _in_the_sea, _empty_texts),
        strict=True,
    )
)


def _break_again(table: str, broken: Version, rule: str, rng: random.Random) -> None:
    """Break a later rule too: a row counts once, under the first that it breaks."""
    others = [other for other in RULES[table] if other > rule and other != "A04"]
    if rule == "A03":
        # A time from the future would parse again.
        others = [other for other in others if other != "A05"]
    if others:
        _BREAKERS[rng.choice(others)](table, broken, rng)


def _state_for(rule: str, states: list[Version], rng: random.Random) -> int | None:
    """Choose a state that some night will meet and that the rule can break."""
    met = [i for i, state in enumerate(states) if state.is_met_by_a_night]
    if rule == "A04":
        met = [i for i in met if _known_orders(states[i].body)]
    return rng.choice(met) if met else None


def _lose_key(table: str, version: Version, rng: random.Random) -> None:
    column = rng.choice((_KEYS[table], "updated_at"))
    lost = rng.choice((None, "", "absent"))
    if lost == "absent":
        del version.body[column]
    else:
        version.body[column] = lost
    version.note = f"{column}为空"


def _unknown_word(table: str, version: Version, rng: random.Random) -> None:
    column = rng.choice(_ENUMS[table])
    version.body[column] = "未知取值"
    version.note = f"{column}=未知取值"


def _bad_time(table: str, version: Version, rng: random.Random) -> None:
    column = rng.choice((_TIME[table], "updated_at"))
    version.body[column] = rng.choice(_BAD_TIMES)
    version.note = f"{column}={version.body[column]}"


def _known_orders(body: Body) -> list[tuple[str, str]]:
    return [order for order in _ORDERS if body[order[0]] and body[order[1]]]


def _bad_order(table: str, version: Version, rng: random.Random) -> None:
    earlier, later = rng.choice(_known_orders(version.body))
    moment = county_time(version.body[earlier])
    version.body[later] = local_iso(moment - timedelta(seconds=1))
    version.note = f"{later}早于{earlier}"


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
    column, value = rng.choice(_TYPED[table])
    version.body[column] = value
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
