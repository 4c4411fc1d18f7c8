"""Simulated county: the oracle finds what the simulator broke, and nothing else."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from simulator.cases.store import CaseStore
from simulator.county import County
from simulator.drops import write_drops
from simulator.elsewhere import Census, invented
from simulator.lines import IGNORED
from simulator.parameters import CountyParameters
from simulator.planted import RULES
from simulator.serve import RunningCounty, run_county
from simulator.shape import CountyShape
from simulator.versions import midnight_after
from simulator.zhushan import ZHUSHAN
from tests.golden.oracle import Oracle
from tests.golden.oracle.memory import FileVersion, Memory
from tests.golden.oracle.night import Night
from tests.golden.oracle.rules_cases import SHAPES, broken_rule, without_empty_texts
from tests.golden.oracle.settings import Settings

START = date(2025, 5, 1)
LAST = START + timedelta(days=11)
FILES = ("weighbridge", "sanitation", "inspections", "registers", "reference")
EARLY = datetime(2000, 1, 1)  # noqa: DTZ001 (county time has no offset)
Place = tuple[str, str | None, int | None, str]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    home = Path(tmp_path_factory.mktemp("county"))
    parameters = CountyParameters(start=START, end=LAST, scale=0.01, seed=5)
    with run_county(parameters, home, until=START) as running:
        yield running


def follow(county: RunningCounty, until: date) -> Oracle:
    environment = county.environment
    oracle = Oracle(
        environment["CASES_API_URL"],
        environment["CASES_API_TOKEN"],
        environment["LANDING_DIR"],
        environment["LIGHTING_DSN"],
    )
    oracle.observe(START)
    for number in range(1, (until - START).days + 1):
        night = START + timedelta(days=number)
        county.advance_to(night)
        oracle.observe(night)
    return oracle


def test_every_row_made_on_purpose_is_met_and_counted(county: RunningCounty) -> None:
    oracle = follow(county, LAST)

    counts = oracle.counts(LAST).set_index("source").drop("lighting")
    rules = [name for name in counts.columns if name[0].isupper()]
    warnings = [name for name in rules if name.startswith("AW")]
    found = counts[[IGNORED, *rules]].drop(columns=warnings).stack()
    planted = Counter((p.source, p.rule) for p in county.county.planted(LAST))

    assert not oracle.failures
    assert {k: n for k, n in found.items() if n} == {
        k: n for k, n in planted.items() if k[0] != "lighting"
    }
    assert (counts.loc["cases", warnings] > 0).all()
    received = county.county.counts(LAST)
    assert counts.loc["reference", "received"] == received["reference_rows"]
    assert len(oracle.values(LAST)) > 0


@pytest.mark.parametrize("shape", [ZHUSHAN, invented(Census())], ids=lambda s: s.name)
def test_every_row_of_a_file_that_is_no_record_was_made_so(
    shape: CountyShape, tmp_path: Path
) -> None:
    start, end = date(2025, 4, 20), date(2025, 6, 10)
    county = County(CountyParameters(shape=shape, start=start, dirt=0.02, resent=0.2))
    memory = Memory()

    for day in county.days(until=end):
        for path in write_drops(county, tmp_path, day):
            memory.keep_file(path, (tmp_path / path).read_bytes(), day)

    found = Counter(told(memory, Night(memory, end)))
    planted = Counter(
        (p.file, p.sheet if p.source == "inspections" else None, p.line, p.rule)
        for p in county.planted(end)
        if p.source in FILES
    )
    assert found == planted
    tables = ("tickets", "sweeping", "inspections", "registers", "reference")
    expected = {rule for table in tables for rule in RULES[table]}
    assert {rule for *_, rule in found} == expected | {"B10", "C10", "E10", IGNORED}


def told(memory: Memory, night: Night) -> Iterator[Place]:
    """Yield file, sheet, line and verdict of every row that is no record."""
    paths = {id(v): path for path, versions in memory.files.items() for v in versions}
    judged = [
        (file.version, [code for code, _ in file.rows])
        for source in FILES[:-1]
        for file in night.judged_files[source]
    ]
    judged += [
        (version, [code for code, _ in rows])
        for editions in night.judged_reference.values()
        for version, rows in editions
    ]
    for version, codes in judged:
        yield from told_of(paths[id(version)], version, codes)


def told_of(
    path: str, version: FileVersion, codes: list[str | None]
) -> Iterator[Place]:
    if version.refusal:
        yield path, None, None, version.refusal
    for line, code in zip(version.lines, codes, strict=True):
        if code:
            in_two_sheets = version.name.source == "inspections"
            yield path, line.sheet if in_two_sheets else None, line.number, code


@pytest.mark.parametrize("shape", [ZHUSHAN, invented(Census())], ids=lambda s: s.name)
def test_every_broken_record_of_the_platform_was_broken_on_purpose(
    shape: CountyShape, tmp_path: Path
) -> None:
    start, end = date(2025, 4, 20), date(2025, 6, 10)
    county = County(CountyParameters(shape=shape, start=start, dirt=0.02, scale=0.1))
    store, memory = CaseStore(county), Memory()
    for path in write_drops(county, tmp_path, start):
        memory.keep_file(path, (tmp_path / path).read_bytes(), start)
    reference, first = Night(memory, start).reference, Settings().history_from
    met = {table: set[tuple[str, str]]() for table in SHAPES}

    for day in county.days(until=end):
        for table, seen in met.items():
            clock = midnight_after(day)
            items = store.items(table, EARLY, clock, every_version=False)
            seen.update((item.record, item.text) for item in items)

    found = Counter(
        (table, key, rule)
        for table, seen in met.items()
        for key, text in seen
        for record in [without_empty_texts(json.loads(text))]
        if (rule := broken_rule(SHAPES[table], record, reference, first))
    )
    planted = Counter(
        (p.table, p.key, p.rule) for p in county.planted(end) if p.table in SHAPES
    )
    assert found == planted
    for table, seen in met.items():
        assert {r for t, _, r in found if t == table} == set(RULES[table])
        assert county.counts(end)[table] == len(seen)
