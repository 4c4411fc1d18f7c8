"""A hostile county: every figure, count and assessment equals an independent one.

Much dirt, late and repeated files, corrections, and a platform that fails.
"""

import math
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest

from simulator.parameters import MOODY, CountyParameters
from simulator.serve import run_county
from tests.golden import compare
from tests.golden.oracle import Oracle
from tests.golden.oracle.assessed_county import Assessment

START = date(2025, 4, 20)
# April is final, May is not quite, June has begun.
LAST = date(2025, 6, 4)
POINTS = (
    "case_points",
    "inspection_points",
    "complaint_points",
    "supervision_points",
    "adjust_points",
    "score",
    "due_cases",
    "rank",
)
Cells = Mapping[tuple, tuple]


@pytest.fixture(scope="module")
def county(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Assessment]]:
    """A county of seven weeks after two nights, and the assessment by hand."""
    home = Path(tmp_path_factory.mktemp("county"))
    parameters = CountyParameters(
        start=START,
        end=LAST,
        scale=0.03,
        seed=11,
        dirt=0.01,
        late=0.06,
        missing=0.02,
        resent=0.06,
        faults=MOODY,
    )
    nights = (date(2025, 5, 20), LAST)
    with run_county(parameters, home, until=nights[0]) as running:
        where = running.environment
        oracle = Oracle(
            where["CASES_API_URL"],
            where["CASES_API_TOKEN"],
            where["LANDING_DIR"],
            where["LIGHTING_DSN"],
        )
        data = home / "data"
        for night in nights:
            running.advance_to(night)
            oracle.observe(night)
            environment = {**os.environ, **where, "DATA_DIR": str(data)}
            done = subprocess.run(
                [
                    Path(sys.executable).parent / "cityledger",
                    "nightly",
                    "--date",
                    str(night),
                ],
                env=environment,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode in (0, 5), done.stderr + done.stdout
            published = data / "published" / "leaders.duckdb"
            # Values and counts of rows are compared after every night.
            found = compare.differences(published, oracle, night)
            assert not found, "\n".join(compare.report(found, limit=5))
        with duckdb.connect(str(published), read_only=True) as marts:
            yield marts, Assessment(oracle.night(LAST))


def rows(marts: duckdb.DuckDBPyConnection, keys: int, query: str) -> Cells:
    return {row[:keys]: row[keys:] for row in marts.execute(query).fetchall()}


def same(left: object, right: object) -> bool:
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, bool | str):
        return left == right
    return math.isclose(float(left), float(right), rel_tol=1e-9, abs_tol=1e-9)


def differences(ours: Cells, theirs: Cells) -> list[tuple]:
    return [
        (key, ours.get(key), theirs.get(key))
        for key in sorted(ours.keys() | theirs.keys(), key=str)
        if key not in ours
        or key not in theirs
        or not all(map(same, ours[key], theirs[key]))
    ]


def test_every_life_cycle_metric_equals_a_count_by_hand(county: tuple) -> None:
    marts, assessment = county

    ours = rows(
        marts,
        4,
        "select metric_id, period, dimension, member, numerator, denominator, value "
        "from case_metrics where n + excluded > 0",
    )

    assert len(ours) > 5000
    assert differences(ours, assessment.metrics()) == []


def test_every_department_has_the_score_and_rank_counted_by_hand(
    county: tuple,
) -> None:
    marts, assessment = county
    cards = assessment.departments()

    ours = rows(
        marts,
        2,
        f"select dept_code, month, {', '.join(POINTS)} "  # noqa: S608 - our words
        "from department_scores where score is not null",
    )

    theirs = {key: tuple(card[name] for name in POINTS) for key, card in cards.items()}
    assert any(card["rank"] for card in cards.values())
    assert differences(ours, theirs) == []


def test_every_toilet_has_the_stars_its_register_earns(county: tuple) -> None:
    marts, assessment = county

    ours = rows(
        marts, 2, "select month, toilet_id, score, stars, vetoed from toilet_stars"
    )

    assert differences(ours, assessment.toilets()) == []


def test_repairs_are_counted_by_month_and_grade(county: tuple) -> None:
    marts, assessment = county

    ours = rows(
        marts,
        2,
        "select month, grade, faults, due, on_time, median_hours from lamp_repairs",
    )

    theirs = {
        key: (faults, due, on_time, statistics.median(hours) if hours else None)
        for key, (faults, due, on_time, hours) in assessment.repairs().items()
    }
    assert differences(ours, theirs) == []


def test_what_goes_into_a_facility_is_accounted_for(county: tuple) -> None:
    marts, assessment = county
    names = ("in_kg", "out_kg", "treated_kg", "tickets", "manual_tickets")

    ours = rows(
        marts,
        2,
        f"select month, facility_id, {', '.join(names)} "  # noqa: S608 - our words
        "from waste_balance",
    )

    theirs = {
        key: tuple(row[name] for name in names)
        for key, row in assessment.balances().items()
    }
    assert differences(ours, theirs) == []


@pytest.mark.parametrize(
    ("records", "sums"),
    [
        (
            "select dept_code, month, count(distinct record_key)"
            " from department_records where excluded_reason is null"
            " and part_id = 'on_time_disposal_rate' group by all",
            "select dept_code, month, due_cases from department_scores"
            " where due_cases > 0",
        ),
        (
            "select check_id, month, owner_code, count(*) from reconciliation_records"
            " group by all",
            "select check_id, month, owner_code, compared + not_comparable"
            " from reconciliation",
        ),
    ],
)
def test_records_add_up_to_what_is_shown(
    county: tuple, records: str, sums: str
) -> None:
    marts, _ = county

    assert sorted(marts.execute(records).fetchall()) == sorted(
        marts.execute(sums).fetchall()
    )
