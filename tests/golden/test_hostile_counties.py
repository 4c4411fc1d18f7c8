"""Hostile counties: every figure and every count of rows equals a count by hand.

Much dirt, late and repeated files, corrections, a platform that fails; over a turn of
the year, and over a leap day with a platform that gives every version.
"""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from simulator.parameters import MOODY, CountyParameters
from simulator.serve import run_county
from tests.golden.compare import differences, report
from tests.golden.oracle import Oracle

CITYLEDGER = Path(sys.executable).parent / "cityledger"
TURN_OF_THE_YEAR = (
    CountyParameters(
        start=date(2024, 12, 1),
        end=date(2025, 1, 9),
        scale=0.02,
        seed=77,
        dirt=0.01,
        late=0.06,
        missing=0.02,
        resent=0.06,
        faults=MOODY,
    ),
    (date(2024, 12, 31), date(2025, 1, 9)),
)
LEAP_DAY = (
    CountyParameters(
        start=date(2024, 2, 20),
        end=date(2024, 3, 12),
        scale=0.03,
        seed=5151,
        dirt=0.02,
        late=0.05,
        missing=0.01,
        resent=0.05,
        every_version=True,
    ),
    (date(2024, 3, 12),),
)


@pytest.mark.parametrize(
    ("parameters", "nights"),
    [TURN_OF_THE_YEAR, LEAP_DAY],
    ids=["turn of the year", "leap day"],
)
def test_every_figure_and_every_count_equals_one_by_hand(
    parameters: CountyParameters, nights: tuple[date, ...], tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    with run_county(parameters, tmp_path, until=nights[0]) as running:
        where = running.environment
        environment = {**os.environ, **where, "DATA_DIR": str(tmp_path / "data")}
        oracle = Oracle(
            where["CASES_API_URL"],
            where["CASES_API_TOKEN"],
            where["LANDING_DIR"],
            where["LIGHTING_DSN"],
        )
        for night in nights:
            running.advance_to(night)
            oracle.observe(night)
            done = subprocess.run(
                [CITYLEDGER, "nightly", "--date", str(night)],
                env=environment,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode in (0, 5), done.stderr + done.stdout

            published = tmp_path / "data" / "published" / "leaders.duckdb"
            found = differences(published, oracle, night)
            assert not found, "\n".join([str(night), *report(found, limit=5)])
