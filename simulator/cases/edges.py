"""Edges: cases that happen exactly where a period, a day or a freeze ends."""

from datetime import date

from simulator.cases.story import CaseHistory
from simulator.county import County


def edge_cases(county: County, day: date) -> list[CaseHistory]:
    """Return the scripted cases reported on a day: those of the month's last days."""
    return []
