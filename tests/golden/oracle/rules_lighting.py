"""Rules D: which rows of the street-light database may be believed."""

import math
from collections.abc import Callable, Mapping, Set

import pandas as pd

from tests.golden.oracle import shapes
from tests.golden.oracle.database import FOREVER, DbRow


def _unknown(value: object, known: Set[str]) -> bool:
    return value is not None and value not in known


def _not_after(late: object, early: object) -> bool:
    return late is not None and early is not None and late <= early


def _before(late: object, early: object) -> bool:
    return late is not None and early is not None and late < early


def _lasts_for_ever(row: DbRow, *but: str) -> bool:
    """Tell whether a time that must be a day of the calendar is infinite."""
    return any(row[c] in FOREVER for c in row.keys() - set(but))


def _no_power(value: float | None) -> bool:
    return value is not None and (not math.isfinite(value) or value < 0)


def lamp_rule(row: DbRow) -> str | None:
    """Judge a lamp."""
    if row["lamp_id"] is None:
        return "D01"
    if _unknown(row["control"], shapes.CONTROLS):
        return "D02"
    if _lasts_for_ever(row, "in_service_from", "in_service_to"):
        return "D03"
    return "D04" if _no_power(row["power_w"]) else None


def plan_rule(row: DbRow, circuits: Set[str]) -> str | None:
    """Judge the switching times of a circuit and night."""
    if row["circuit_id"] not in circuits or row["night_date"] is None:
        return "D01"
    endless = _lasts_for_ever(row, "on_at", "off_at")
    return "D03" if endless or _not_after(row["off_at"], row["on_at"]) else None


def outage_rule(row: DbRow, circuits: Set[str]) -> str | None:
    """Judge a planned outage."""
    if row["circuit_id"] not in circuits or row["outage_id"] is None:
        return "D01"
    endless = _lasts_for_ever(row, "starts_at", "ends_at")
    return "D03" if endless or _not_after(row["ends_at"], row["starts_at"]) else None


def fault_rule(row: DbRow, lamps: Set[str]) -> str | None:
    """Judge a fault."""
    if row["lamp_id"] not in lamps or row["fault_id"] is None:
        return "D01"
    if _unknown(row["found_by"], shapes.FOUND_BY):
        return "D02"
    if _unknown(row["grade"], shapes.GRADES):
        return "D02"
    endless = _lasts_for_ever(row)
    return "D03" if endless or _before(row["fixed_at"], row["found_at"]) else None


Rule = Callable[[DbRow], str | None]


def rules(lamps: Set[str], circuits: Set[str]) -> Mapping[str, Rule]:
    """Return the rule of each small table."""
    return {
        "lamp": lamp_rule,
        "switch_plan": lambda row: plan_rule(row, circuits),
        "planned_outage": lambda row: outage_rule(row, circuits),
        "lamp_fault": lambda row: fault_rule(row, lamps),
    }


def poll_rules(polls: pd.DataFrame, lamps: Set[str]) -> pd.Series:
    """Judge polls; an accepted one has an empty code."""
    state = polls["power_state"]
    codes = pd.Series("", index=polls.index, dtype=object)
    codes[(polls["power_w"] < 0) | (polls["power_w"] == math.inf)] = "D04"
    codes[state.notna() & ~state.isin(shapes.POWER_STATES)] = "D02"
    codes[~polls["lamp_id"].isin(lamps)] = "D01"
    return codes
