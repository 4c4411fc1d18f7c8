"""Truth: what the county knows of the rows that nights have met.

Nights are taken one by one: a night for D reads the platform at D 24:00, the files as
they lie at the end of D, and the database as it stands then. What was met once is met
for good: a broken version that was replaced before its first midnight is not listed.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np

from simulator.cases.platform import TABLES, reports_of
from simulator.county import County
from simulator.drops import Content, drops_of
from simulator.lighting.polls import Polls, known_and_unknown
from simulator.lighting.tables import table_versions
from simulator.lighting.telemetry import arriving
from simulator.planted import Planted
from simulator.versions import Version


def planted(county: County, day: date) -> list[Planted]:
    """List the broken rows that the nights up to a day have met."""
    found = [
        _as_planted("lighting" if is_lamp else table, table, version)
        for table, version, is_lamp in _versions_met(county, day)
        if version.rule
    ]
    for _, content in _landed(county, day):
        found += content.planted
    for arrived in county.days(until=day):
        found += _broken_polls(county, arrived)
    return found


def counts(county: County, day: date) -> dict[str, int]:
    """Count the rows that the nights up to a day have received, by table.

    `<source>_files` counts file versions, refused and empty ones included.
    """
    counted: Counter[str] = Counter(t for t, _, _ in _versions_met(county, day))
    for path, content in _landed(county, day):
        counted.update(content.rows)
        counted[f"{path.split('/')[0]}_files"] += 1
    for arrived in county.days(until=day):
        counted["lamp_telemetry"] += sum(len(p) for p, _ in arriving(county, arrived))
    return dict(counted)


def _landed(county: County, day: date) -> Iterator[tuple[str, Content]]:
    """Return the file versions that nights find; the same bytes again are none."""
    newest: dict[str, str] = {}
    for arrived in county.days(until=day):
        for path, drop in {d.path: d for d in drops_of(county, arrived)}.items():
            content = drop.content()
            digest = hashlib.sha256(content.write()).hexdigest()
            if newest.get(path) != digest:
                newest[path] = digest
                yield path, content


def _versions_met(county: County, day: date) -> Iterator[tuple[str, Version, bool]]:
    """Return the record versions that nights read, with their table."""
    every = county.parameters.every_version
    for reported in county.days(until=day):
        reports = reports_of(county, reported)
        for table in TABLES:
            for version in reports.table(table):
                if version.first_night <= day and (every or version.is_met_by_a_night):
                    yield table, version, False
    for table, versions in table_versions(county, county.start, day).items():
        for version in versions:
            if version.first_night <= day and version.is_met_by_a_night:
                yield table, version, True


def _as_planted(source: str, table: str, version: Version) -> Planted:
    return Planted(
        source=source,
        table=table,
        rule=version.rule or "",
        known_on=version.first_night,
        key=version.record,
        note=version.note,
    )


def _broken_polls(county: County, day: date) -> list[Planted]:
    return [
        Planted("lighting", "lamp_telemetry", rule, day, key=_poll_key(county, p, at))
        for p, broken in arriving(county, day)
        for at, rule in broken.items()
    ]


def _poll_key(county: County, polls: Polls, place: int) -> str:
    lamp_id = known_and_unknown(county)[int(polls.lamp[place])]
    return f"{lamp_id} {np.datetime_as_string(polls.ts[place], 's')}"
