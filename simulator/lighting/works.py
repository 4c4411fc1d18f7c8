"""Works: plans, planned outages and faults, as rows that change."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from simulator.county import County
from simulator.lighting.dirt import in_turn
from simulator.lighting.lamps import lamps
from simulator.lighting.nights import LONGEST_FAULT, new_faults, switch_times
from simulator.versions import Version, chain

_GRADES = {"一般": 24, "严重": 72, "危急": 1}


@dataclass(frozen=True)
class Outage:
    """A planned interruption of a circuit."""

    circuit_id: str
    begins: np.datetime64
    ends: np.datetime64


def plans(county: County, night: date) -> Iterator[Version]:
    """Return the night's switch plans; a few circuits have none, a few are changed."""
    made = datetime.combine(night, time(8))
    broken = _broken_plan(county, night)
    for number, circuit_id in enumerate(lamps(county).circuits):
        rng = county.dice("plan-row", circuit_id, night)
        if rng.random() < 0.002:
            continue
        on_at, off_at = switch_times(county, number, night)
        body: dict[str, object] = {
            "circuit_id": circuit_id,
            "night_date": night,
            "on_at": on_at,
            "off_at": off_at,
            "updated_at": made,
        }
        key = f"{circuit_id}:{night}"
        states = [Version(key, made, body)]
        if number == broken:
            states = _end_before_the_beginning(states[0], rng)
        elif rng.random() < 0.004:
            later = made + timedelta(hours=rng.randint(3, 40))
            change = {"off_at": off_at - timedelta(minutes=30), "updated_at": later}
            states.append(Version(key, later, body | change))
        yield from chain(states)


def _broken_plan(county: County, night: date) -> int | None:
    """Return the circuit whose plan of a night is broken, if one is."""
    rng = county.dice("broken-plan", night)
    count = len(lamps(county).circuits)
    if in_turn(county, night) == ("D03", "switch_plan"):
        return rng.randrange(count)
    return rng.randrange(count) if rng.random() < 10 * county.parameters.dirt else None


def _end_before_the_beginning(plan: Version, rng: random.Random) -> list[Version]:
    """Break a plan; six in ten are put right the next day."""
    broken = plan.body | {"off_at": plan.body["on_at"]}
    states = [Version(plan.record, plan.at, broken, "D03")]
    if rng.random() < 0.6:
        later = plan.at + timedelta(days=1, hours=1)
        states.append(Version(plan.record, later, plan.body | {"updated_at": later}))
    return states


def outage_rows(county: County, day: date) -> list[Version]:
    """Return the planned outages announced on a day, for the night after."""
    rng = county.dice("outage", day)
    if rng.random() < 0.4:
        return []
    known = datetime.combine(day, time(10))
    # Most works cross midnight; some last for two nights.
    begins = datetime.combine(day + timedelta(days=1), time(rng.choice((19, 22))))
    outage_id = f"TD{day:%Y%m%d}01"
    body: dict[str, object] = {
        "outage_id": outage_id,
        "circuit_id": rng.choice(lamps(county).circuits),
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=rng.choice((1, 3, 4, 6, 30))),
        "reason": rng.choice(("检修", "施工", "停电通知")),
        "approver": "路灯管理所",
        "updated_at": known,
    }
    return [Version(outage_id, known, body)]


def outages_of_night(county: County, night: date) -> list[Outage]:
    """Return the planned outages that touch a night."""
    found = []
    for back in (1, 2, 3):
        for row in outage_rows(county, night - timedelta(days=back)):
            found.append(
                Outage(
                    str(row.body["circuit_id"]),
                    _seconds(row.body["starts_at"]),
                    _seconds(row.body["ends_at"]),
                )
            )
    return found


def _seconds(moment: object) -> np.datetime64:
    return np.datetime64(str(moment), "s")


def fault_rows(county: County, night: date) -> list[Version]:
    """Return the fault records of the faults that begin on a night."""
    durations = new_faults(county, night)
    versions: list[Version] = []
    serving = lamps(county).in_service(night)
    for index in np.flatnonzero((durations > 0) & serving):
        versions += _fault(county, night, int(index), int(durations[index]))
    return versions


def _fault(county: County, night: date, index: int, nights: int) -> list[Version]:
    lamp_id = lamps(county).ids[index]
    rng = county.dice("fault", lamp_id, night)
    found_at = datetime.combine(night + timedelta(days=1), time(8)) + timedelta(
        seconds=rng.randint(0, 20_000)
    )
    grade = rng.choices(tuple(_GRADES), (80, 17, 3))[0]
    fault_id = f"GZ{night:%Y%m%d}{index + 1:06d}"
    body: dict[str, object] = {
        "fault_id": fault_id,
        "lamp_id": lamp_id,
        "found_at": found_at,
        "found_by": rng.choice(("遥测", "遥测", "夜巡", "投诉", "案卷")),
        "grade": grade,
        "due_at": found_at + timedelta(hours=_GRADES[grade]),
        "fixed_at": None,
        "cause": None,
        "case_id": None,
        "updated_at": found_at,
    }
    states = [Version(fault_id, found_at, body)]
    if nights < LONGEST_FAULT:
        fixed_at = found_at + timedelta(
            days=nights - 1, seconds=rng.randint(900, 20_000)
        )
        cause = rng.choice(("光源损坏", "线路故障", "电源模块", "外力破坏"))
        change = {"fixed_at": fixed_at, "cause": cause, "updated_at": fixed_at}
        states.append(Version(fault_id, fixed_at, body | change))
    return list(chain(states))
