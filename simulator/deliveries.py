"""Deliveries: when a daily file arrives, how often, and in what state."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from simulator.county import County

State = Literal["whole", "corrected", "partial", "truncated", "refused"]
LONGEST_DELAY = timedelta(days=12)


@dataclass(frozen=True)
class Delivery:
    """One arrival of a file; the last one of a day is what a night finds."""

    day: date
    state: State


def deliveries(
    county: County, source: str, owner: str, business_day: date
) -> list[Delivery]:
    """Return the arrivals of the file of an owner and a business day, in order."""
    rng = county.dice("delivery", source, owner, business_day)
    parameters = county.parameters
    if rng.random() < parameters.missing:
        return []
    late = rng.random() < parameters.late
    first = business_day + timedelta(days=rng.randint(1, 5) if late else 0)
    broken = _first_state(county, source, owner, business_day)
    if broken != "whole":
        repaired = first + timedelta(days=rng.randint(1, 3))
        never = broken == "refused" and rng.random() < 0.2
        return [Delivery(first, broken)] + (
            [] if never else [Delivery(repaired, "whole")]
        )
    arrivals = [Delivery(first, "whole")]
    if rng.random() < parameters.resent:
        again: State = rng.choice(("whole", "corrected", "corrected"))
        arrivals.append(Delivery(first + timedelta(days=rng.randint(1, 6)), again))
    return arrivals


def _first_state(county: County, source: str, owner: str, business_day: date) -> State:
    """Return the state of a file's first arrival; refusals also come in turn."""
    rng = county.dice("state", source, owner, business_day)
    dirt = county.parameters.dirt
    if dirt == 0:
        return "whole"
    if county.day_number(business_day) % 11 == 3 and _is_in_turn(
        county, source, owner, business_day
    ):
        return "refused"
    roll = rng.random()
    if roll < dirt:
        return "refused"
    if roll < 3 * dirt:
        return "truncated" if source == "weighbridge" else "partial"
    return "partial" if roll < 5 * dirt else "whole"


def _is_in_turn(county: County, source: str, owner: str, business_day: date) -> bool:
    owners = owners_of(county, source, business_day)
    turn = county.day_number(business_day) // 11
    return owners[turn % len(owners)] == owner


def owners_of(county: County, source: str, day: date) -> list[str]:
    """List who owes a file for a day."""
    if source == "weighbridge":
        return [f.facility_id for f in county.shape.facilities if not f.is_quiet]
    return [c.code for c in county.shape.contractors if c.is_bound(day)]
