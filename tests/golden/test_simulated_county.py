"""Simulated county: the oracle finds what the simulator broke, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from simulator.parameters import CountyParameters
from simulator.serve import RunningCounty, run_county
from tests.golden.oracle import Oracle

START = date(2025, 5, 1)
LAST = START + timedelta(days=11)


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


def test_every_planted_row_is_quarantined_under_its_rule(county: RunningCounty) -> None:
    oracle = follow(county, LAST)

    counts = oracle.counts(LAST).set_index("source").drop("lighting")
    rules = [name for name in counts.columns if name[0].isupper()]
    found = counts[rules].stack()
    planted = Counter((p.source, p.rule) for p in county.county.planted(LAST))

    assert not oracle.failures
    assert {k: n for k, n in found.items() if n} == {
        k: n for k, n in planted.items() if k[0] != "lighting"
    }
    assert len(oracle.values(LAST)) > 0
