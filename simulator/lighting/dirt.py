"""Dirt: rows of the control database broken so that one rule must catch them."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import numpy as np

from simulator.county import County
from simulator.dice import poisson
from simulator.lighting.lamps import lamps
from simulator.lighting.polls import UNKNOWN_LAMPS, Polls
from simulator.planted import rule_in_turn
from simulator.roads import segments
from simulator.versions import Version, chain

Body = dict[str, object]
Pair = tuple[Body, Body]

# Where each rule can be broken; they take turns.
_PLACES = {
    "D01": ("lamp_fault", "lamp_telemetry", "switch_plan", "planned_outage"),
    "D02": ("lamp_telemetry", "lamp_fault", "lamp"),
    "D03": ("switch_plan", "planned_outage", "lamp_fault"),
    "D04": ("lamp", "lamp_telemetry"),
}


def in_turn(county: County, day: date) -> tuple[str, str] | None:
    """Return the rule and the table whose turn it is on a day."""
    rule = rule_in_turn(county, "lighting", day)
    if rule is None:
        return None
    places = _PLACES[rule]
    return rule, places[county.day_number(day) // len(_PLACES) % len(places)]


def broken_rows(county: County, day: date) -> list[tuple[str, Version]]:
    """Return the broken rows of the small tables that begin on a day.

    They stand beside the true rows; a broken plan of a true night is made by the
    plans themselves.
    """
    turn = in_turn(county, day)
    rng = county.dice("lighting-dirt", day)
    due = [turn] if turn else []
    if rng.random() < 20 * county.parameters.dirt:
        rule = rng.choice(tuple(_PLACES))
        due.append((rule, rng.choice(_PLACES[rule])))
    rows: list[tuple[str, Version]] = []
    for number, (rule, table) in enumerate(due):
        if table == "lamp_telemetry" or (rule, table) == ("D03", "switch_plan"):
            continue
        broken, whole = _MAKERS[table](county, day, rule, number)
        rows += [(table, v) for v in _versions(broken, whole, rule, day, rng)]
    if turn and turn[0] == "D01":
        rows += [("planned_outage", v) for v in _without_an_end(county, day)]
    return rows


def _versions(
    broken: Body, whole: Body, rule: str, day: date, rng: random.Random
) -> list[Version]:
    """Break a row on a day; six in ten are put right within days."""
    made = datetime.combine(day, time(11))
    key = str(next(iter(broken.values())))
    if "night_date" in broken:
        key += f":{broken['night_date']}"
    states = [Version(key, made, broken | {"updated_at": made}, rule)]
    if whole != broken and rng.random() < 0.6:
        later = made + timedelta(hours=rng.randint(20, 70))
        states.append(Version(key, later, whole | {"updated_at": later}))
    return list(chain(states))


def _without_an_end(county: County, day: date) -> list[Version]:
    """Announce works until further notice; two days later they are over."""
    known = datetime.combine(day, time(15))
    over = known + timedelta(days=2)
    body: Body = {
        "outage_id": f"TDW{day:%Y%m%d}",
        "circuit_id": lamps(county).circuits[-1],
        "starts_at": known - timedelta(hours=3),
        "ends_at": "infinity",
        "reason": "施工，恢复时间另行通知",
        "approver": "路灯管理所",
        "updated_at": known,
    }
    ended = body | {"ends_at": known - timedelta(hours=1), "updated_at": over}
    key = str(body["outage_id"])
    return list(chain([Version(key, known, body), Version(key, over, ended)]))


def _lamp(county: County, day: date, rule: str, number: int) -> Pair:
    road = next(s for s in segments(county) if s.lamp_required)
    lon, lat = county.shape.centre
    whole: Body = {
        "lamp_id": f"{county.shape.prefix}X{day:%y%m%d}{number}",
        "pole_no": "G999999",
        "circuit_id": lamps(county).circuits[0],
        "segment_id": road.segment_id,
        "town_code": road.community_code[:9] + "000",
        "road_class": road.road_class,
        "power_w": 60.0,
        "lon": lon,
        "lat": lat,
        # Not metered one by one: such a lamp owes no polls.
        "control": "回路",
        "in_service_from": day,
        "in_service_to": None,
    }
    power = float("nan") if day.day % 2 else -60.0
    wrong: Body = {"control": "无线"} if rule == "D02" else {"power_w": power}
    return whole | wrong, whole


def _fault(county: County, day: date, rule: str, number: int) -> Pair:
    found_at = datetime.combine(day, time(9))
    whole: Body = {
        "fault_id": f"GZX{day:%Y%m%d}{number}",
        "lamp_id": lamps(county).ids[county.day_number(day) % len(lamps(county).ids)],
        "found_at": found_at,
        "found_by": "夜巡",
        "grade": "一般",
        "due_at": found_at + timedelta(hours=24),
        "fixed_at": found_at + timedelta(hours=1),
        "cause": "线路故障",
        "case_id": None,
    }
    wrong: dict[str, Body] = {
        "D01": {"lamp_id": "LD-不存在"},
        "D02": {"grade": "特急"},
        "D03": {
            "fixed_at": "infinity" if day.day % 2 else found_at - timedelta(hours=1)
        },
    }
    return whole | wrong[rule], whole


def _outage(county: County, day: date, rule: str, number: int) -> Pair:
    starts_at = datetime.combine(day + timedelta(days=1), time(12))
    whole: Body = {
        "outage_id": f"TDX{day:%Y%m%d}{number}",
        "circuit_id": lamps(county).circuits[0],
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "reason": "检修",
        "approver": "路灯管理所",
    }
    wrong: dict[str, Body] = {
        "D01": {"circuit_id": "HL-不存在"},
        "D03": {"ends_at": starts_at},
    }
    return whole | wrong[rule], whole


def _plan(county: County, day: date, rule: str, number: int) -> Pair:
    whole: Body = {
        "circuit_id": f"HL-不存在{number}",
        "night_date": day,
        "on_at": datetime.combine(day, time(18)),
        "off_at": datetime.combine(day + timedelta(days=1), time(6)),
    }
    # A plan for a circuit that does not exist cannot be put right.
    return whole, whole


_MAKERS: dict[str, Callable[[County, date, str, int], Pair]] = {
    "lamp": _lamp,
    "lamp_fault": _fault,
    "planned_outage": _outage,
    "switch_plan": _plan,
}


def soil_polls(county: County, day: date, polls: Polls) -> tuple[Polls, dict[int, str]]:
    """Break some polls of a day; return them with the rule by place."""
    rng = county.dice("poll-dirt", day)
    dirt = county.parameters.dirt
    rules = [
        rng.choice(("D01", "D02", "D04"))
        for _ in range(poisson(rng, dirt * len(polls) / 20))
    ]
    turn = in_turn(county, day)
    if turn and turn[1] == "lamp_telemetry":
        rules.append(turn[0])
    metered = np.flatnonzero(polls.online)
    places = rng.sample(range(len(metered)), min(len(rules), len(metered)))
    broken = {int(metered[at]): rule for at, rule in zip(places, rules, strict=False)}
    known = len(lamps(county).ids)
    for number, (place, rule) in enumerate(broken.items()):
        if rule == "D01":
            polls.lamp[place] = known + number % len(UNKNOWN_LAMPS)
        elif rule == "D02":
            polls.state[place] = "dim"
        else:
            polls.power_w[place] = -5.0
    return polls, broken
