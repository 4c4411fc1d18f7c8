"""Truth: what the county knows of the rows that nights have met.

Nights are taken one by one: a night for D reads the platform at D 24:00, the files as
they lie at the end of D, and the database as it stands then.
"""

from collections import Counter
from datetime import date

from simulator.cases.platform import TABLES, reports_of
from simulator.county import County
from simulator.drops import drops_of
from simulator.planted import Planted
from simulator.versions import Version

_SOURCES = {"cases": "cases", "case_events": "case_events", "callbacks": "callbacks"}


def planted(county: County, day: date) -> list[Planted]:
    """List the broken rows that the nights up to a day have met."""
    found = [
        _as_planted(table, version)
        for table, version in _versions_met(county, day)
        if version.rule
    ]
    for arrived in county.days(until=day):
        for drop in _last_drops(county, arrived):
            found += drop
    return found


def counts(county: County, day: date) -> dict[str, int]:
    """Count the rows that the nights up to a day have received, by table."""
    counted: Counter[str] = Counter(t for t, _ in _versions_met(county, day))
    for arrived in county.days(until=day):
        for drop in {d.path: d for d in drops_of(county, arrived)}.values():
            counted.update(drop.content().rows)
    return dict(counted)


def _last_drops(county: County, day: date) -> list[list[Planted]]:
    latest = {drop.path: drop for drop in drops_of(county, day)}
    return [drop.content().planted for drop in latest.values()]


def _versions_met(county: County, day: date) -> list[tuple[str, Version]]:
    every = county.parameters.every_version
    return [
        (table, version)
        for reported in county.days(until=day)
        for table in TABLES
        for version in reports_of(county, reported).table(table)
        if version.first_night <= day and (every or version.is_met_by_a_night)
    ]


def _as_planted(table: str, version: Version) -> Planted:
    return Planted(
        _SOURCES[table],
        table,
        version.rule or "",
        version.first_night,
        key=version.record,
        note=version.note,
    )
