"""Platform: everything the case platform knows that was reported on one day."""

from dataclasses import dataclass, field
from datetime import date

from simulator.cases.dirt import ODDITIES, break_version, make_odd
from simulator.cases.edges import edge_cases
from simulator.cases.story import CaseHistory, ordinary_cases, tell
from simulator.county import County
from simulator.planted import RULES, rule_in_turn
from simulator.versions import Version

TABLES = ("cases", "case_events", "callbacks")
# Odd records for one that is broken at random.
_ODD = 4


@dataclass
class Reports:
    """The versions of all records that began on one day, by table."""

    cases: list[Version] = field(default_factory=list)
    case_events: list[Version] = field(default_factory=list)
    callbacks: list[Version] = field(default_factory=list)

    def table(self, name: str) -> list[Version]:
        """Return one table's versions."""
        return {
            "cases": self.cases,
            "case_events": self.case_events,
            "callbacks": self.callbacks,
        }[name]


def reports_of(county: County, day: date) -> Reports:
    """Return all that will ever be said of the cases reported on a day."""
    numbers = range(1, ordinary_cases(county, day) + 1)
    histories = [tell(county, day, number) for number in numbers]
    histories += edge_cases(county, day)
    reports = Reports()
    for name in TABLES:
        records = [r for h in histories for r in _records(name, h)]
        for states in _soil(county, name, day, records):
            reports.table(name).extend(states)
    return reports


def _records(name: str, history: CaseHistory) -> list[list[Version]]:
    if name == "cases":
        return [history.cases]
    versions = history.events if name == "case_events" else history.callbacks
    records: dict[str, list[Version]] = {}
    for version in versions:
        records.setdefault(version.record, []).append(version)
    return list(records.values())


def _soil(
    county: County, name: str, day: date, records: list[list[Version]]
) -> list[list[Version]]:
    """Break some records at random and, in turn, one for a rule of the contract.

    Others become odd without breaking any.
    """
    rng, odd = county.dice("dirt", name, day), county.dice("odd", name, day)
    in_turn = rule_in_turn(county, name, day)
    oddity = ODDITIES[county.day_number(day) % len(ODDITIES)] if in_turn else None
    soiled = []
    for states in records:
        rule = in_turn
        if rule is None and rng.random() < county.parameters.dirt:
            rule = rng.choice(RULES[name])
        changed = break_version(name, states, rule, rng) if rule else states
        if rule == in_turn and any(state.rule for state in changed):
            in_turn = None
        if oddity or odd.random() < _ODD * county.parameters.dirt:
            sound = changed
            changed = make_odd(name, sound, oddity or odd.choice(ODDITIES), odd)
            oddity = oddity if changed is sound else None
        soiled.append(changed)
    return soiled
