"""Planted: what the county knows about the rows it broke on purpose."""

from dataclasses import dataclass
from datetime import date

from simulator.county import County

RULES = {
    "cases": ("A01", "A02", "A03", "A04", "A05", "A06", "A07"),
    "case_events": ("A01", "A02", "A03", "A05", "A07"),
    "callbacks": ("A01", "A02", "A03", "A05", "A07"),
    "tickets": ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08"),
    "weighbridge_files": ("B10",),
    "sweeping": ("C01", "C02", "C03", "C04"),
    "sanitation_files": ("C10",),
    "inspections": ("C21", "C22", "C23", "C24"),
    "lighting": ("D01", "D02", "D03", "D04"),
    "registers": ("E01", "E02", "E03", "E04"),
    "register_files": ("E10",),
    "reference": ("F01", "F02", "F03", "F04"),
}
_THICK_DAYS = 16


@dataclass(frozen=True)
class Planted:
    """One row or file made on purpose, its rule (or `ignored`), and the first night."""

    source: str
    table: str
    rule: str
    known_on: date
    key: str | None = None
    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    note: str = ""


def rule_in_turn(county: County, table: str, day: date) -> str | None:
    """Return the rule whose turn it is on a day: each one in the first weeks."""
    if county.parameters.dirt == 0:
        return None
    number = county.day_number(day)
    # Thick at first, so that a short county shows every rule; then once a week.
    if number >= _THICK_DAYS and number % 7:
        return None
    turn = number if number < _THICK_DAYS else number // 7
    rules = RULES[table]
    return rules[turn % len(rules)]
