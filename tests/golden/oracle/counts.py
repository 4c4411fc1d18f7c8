"""Counts: what every source sent, and what became of each row."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import pandas as pd

from tests.golden.oracle import rules_cases
from tests.golden.oracle.cells import api_time
from tests.golden.oracle.memory import in_force
from tests.golden.oracle.night import LAMP_KEYS, Entry, Judged, Night
from tests.golden.oracle.rules_weighbridge import Ticket

FILE_SOURCES = ("weighbridge", "sanitation", "inspections", "registers", "reference")
FATES = [
    "received",
    "accepted",
    "superseded",
    "pending",
    "ignored",
    "quarantined",
]
WARNINGS = ("AW1", "AW2", "AW3")


def counts(night: Night) -> pd.DataFrame:
    """Count rows by source and fate, quarantined rows by rule, and warned cases."""
    tallies = {table: _records(night, table) for table in rules_cases.SHAPES}
    tallies |= {source: _files(night, source) for source in FILE_SOURCES[:-1]}
    tallies["lighting"] = _lighting(night)
    tallies["reference"] = _reference(night)
    frame = pd.DataFrame.from_dict(tallies, orient="index").fillna(0).astype(int)
    rules = sorted(column for column in frame.columns if column not in FATES)
    frame["quarantined"] = frame[rules].sum(axis=1).astype(int)
    fates = frame.reindex(columns=FATES, fill_value=0)
    fates["received"] = fates[FATES[1:]].sum(axis=1)
    frame = pd.concat([fates, frame[rules]], axis=1)
    for rule in WARNINGS:
        frame[rule] = 0
    for rule, warned in _warnings(night).items():
        frame.loc["cases", rule] = warned
    return frame.rename_axis("source").reset_index()


def _warnings(night: Night) -> Counter[str]:
    """Count the cases that stand, and are odd all the same."""
    reopened = defaultdict(list)
    for event in night.entries("case_events"):
        if event.record["event_type"] == "reopened":
            reopened[event.record["case_id"]].append(event.times["event_at"])
    tally: Counter[str] = Counter()
    for case in night.cases:
        when = case.times["updated_at"]
        assert when is not None
        tally["AW1"] += rules_cases.has_unknown_code(
            case.record, night.reference, when.date()
        )
        tally["AW2"] += _contradicts_itself(case, reopened[case.record["case_id"]])
        tally["AW3"] += rules_cases.lies_nowhere(case.record)
    return tally


def _contradicts_itself(case: Entry, reopened: Iterable[datetime | None]) -> bool:
    """Tell whether a closed case is said to be open; a void one says nothing."""
    closed, status = case.times["closed_at"], case.record["status"]
    if closed is None or status == "作废":
        return False
    return status != "已结案" or any(at and at > closed for at in reopened)


def _records(night: Night, table: str) -> Counter[str]:
    tally: Counter[str] = Counter()
    for seen, code in night.judged_records[table]:
        tally[code or _age(night, api_time(seen.record["updated_at"]))] += 1
    return _supersede(tally, len(night.entries(table)))


def _age(night: Night, version: datetime | None) -> str:
    return "pending" if version is not None and version > night.as_of else "accepted"


def _supersede(tally: Counter[str], current: int) -> Counter[str]:
    tally["superseded"] += tally["accepted"] - current
    tally["accepted"] = current
    return tally


def _files(night: Night, source: str) -> Counter[str]:
    tally: Counter[str] = Counter()
    for file in night.judged_files[source]:
        tally.update(_fates(file))
    if source == "weighbridge":
        _supersede(tally, len(_tickets(night.judged_files[source])))
    return tally


def _tickets(files: Iterable[Judged]) -> set[tuple[str, str]]:
    """Return facility and number of every sound ticket in force.

    A ticket that stands in the files of two days is one ticket: the later file holds
    its newer version.
    """
    return {
        (str(file.version.name.owner), ticket.number)
        for file in files
        if file.in_force
        for code, ticket in file.rows
        if code is None and isinstance(ticket, Ticket)
    }


def _fates(file: Judged) -> Iterator[str]:
    if file.version.refusal:
        yield file.version.refusal
    for code, _ in file.rows:
        yield code or ("accepted" if file.in_force else "superseded")


def _lighting(night: Night) -> Counter[str]:
    tally: Counter[str] = Counter()
    for table in LAMP_KEYS:
        part: Counter[str] = Counter()
        for seen, code in night.judged_lighting[table]:
            part[code or _age(night, seen.record["updated_at"])] += 1
        tally += _supersede(part, len(night.lighting_rows(table)))
    _, codes = night.judged_polls
    tally.update({code or "accepted": n for code, n in codes.value_counts().items()})
    return tally


def _reference(night: Night) -> Counter[str]:
    tally: Counter[str] = Counter()
    for judged in night.judged_reference.values():
        versions = [version for version, _ in judged]
        for version, rows in judged:
            # Every night's edition stays in force for its own time.
            edition = [v for v in versions if v.night == version.night]
            fate = "accepted" if version is in_force(edition) else "superseded"
            if version.refusal:
                tally[version.refusal] += 1
            for code, row in rows:
                is_repeated = row is not None and row.is_repetition
                tally[code or ("superseded" if is_repeated else fate)] += 1
    return tally
