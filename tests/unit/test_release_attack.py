"""Whoever has only the published files cannot work the hidden counts out again."""

import csv
import random
from pathlib import Path

import pytest
from released_county import (
    COUNTY,
    NOW,
    SIGNER,
    TOWNS,
    Night,
    drafted,
    publish,
    released,
    settings_in,
)
from scipy.optimize import LinearConstraint, milp

from cityledger.release import workflow
from cityledger.release.shelf import Release
from cityledger.release.workflow import Decision

MONTHS = ("2025-05", "2025-06")
QUARTER = "2025Q2"
Cell = tuple[str, str]
SUMS: list[tuple[Cell, list[Cell]]] = [
    *(
        ((COUNTY, period), [(town, period) for town in TOWNS])
        for period in (*MONTHS, QUARTER)
    ),
    *(((area, QUARTER), [(area, m) for m in MONTHS]) for area in (COUNTY, *TOWNS)),
]


def some_cases(seed: int) -> dict[tuple[str, str], tuple[int, int]]:
    dice = random.Random(seed)  # noqa: S311 - a county, not a secret
    cases = {}
    for town in TOWNS.values():
        for month in MONTHS:
            due = dice.choice([0, 1, 2, 4, 6, 11, 12, 19, 30, 60])
            cases[town, month] = (dice.randint(due // 2, due), due)
    return cases


def rows(release: Release, name: str) -> list[dict[str, str]]:
    path = release.object / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def left(
    shown: dict[Cell, float | None], sums: list[tuple[Cell, list[Cell]]], target: Cell
) -> float:
    """Return how many whole numbers, less one, a hidden cell may be."""
    keys = sorted(shown)
    matrix = []
    for total, parts in sums:
        row = [0.0] * len(keys)
        row[keys.index(total)] = -1.0
        for part in parts:
            row[keys.index(part)] += 1.0
        matrix.append(row)
    values = [shown[key] for key in keys]
    low = [0.0 if value is None else value for value in values]
    high = [1e6 if value is None else value for value in values]
    ends = []
    for sign in (1.0, -1.0):
        wanted = [sign if key == target else 0.0 for key in keys]
        solved = milp(
            wanted,
            constraints=LinearConstraint(matrix, 0, 0),
            bounds=(low, high),
            integrality=[1] * len(keys),
        )
        assert solved.success
        ends.append(sign * solved.fun)
    return float(ends[1] - ends[0])


@pytest.mark.parametrize("seed", range(6))
def test_small_counts_cannot_be_solved_back_from_the_files(
    tmp_path: Path, seed: int
) -> None:
    settings = settings_in(tmp_path)
    cases = some_cases(seed)
    publish(settings, Night(cases=cases))
    release = drafted(settings)

    attack_the_indicator(release, cases)
    attack_the_counts(release, cases)


@pytest.mark.parametrize("seed", range(4))
def test_a_later_release_does_not_tell_what_an_earlier_one_hid(
    tmp_path: Path, seed: int
) -> None:
    # Cases come late, to towns that were hidden too. Whoever holds both releases and
    # found one of these cells in the second could take it from the first one's totals.
    settings = settings_in(tmp_path)
    cases = some_cases(seed)
    publish(settings, Night(cases=cases))
    first = released(settings)
    if seed % 2:
        # Withdrawn, but read: its address still answers.
        workflow.withdraw(settings, first, Decision(SIGNER, "", "数据源有误"), NOW)
    more = {key: (done + 12, due + 12) for key, (done, due) in cases.items()}
    publish(settings, Night(cases=more, edition=2))
    second = drafted(settings)

    for name, columns in (
        ("indicator_values", ("indicator_id", "area_code", "period")),
        ("complaint_monthly", ("month", "town_code", "class_code")),
        ("case_monthly", ("month", "town_code", "class_code")),
    ):
        before, after = (
            {
                tuple(row[column] for column in columns)
                for row in rows(release, name)
                if row.get("null_reason") == "suppressed"
                or row.get("is_suppressed") in ("true", "True", "1", "是")
            }
            for release in (first, second)
        )
        assert before, name
        assert before <= after, name


def attack_the_indicator(
    release: Release, cases: dict[tuple[str, str], tuple[int, int]]
) -> None:
    own = [r for r in rows(release, "indicator_values") if r["indicator_id"] == "I05"]
    for column, smallest in (("numerator", 5), ("denominator", 10)):
        shown = {
            (r["area_code"], r["period"]): float(r[column]) if r[column] else None
            for r in own
        }
        for code, town in TOWNS.items():
            for month in MONTHS:
                count = cases[town, month][0 if column == "numerator" else 1]
                if 0 < count < smallest:
                    assert shown[code, month] is None
                    assert left(shown, SUMS, (code, month)) >= 2, (column, town, month)


def attack_the_counts(
    release: Release, cases: dict[tuple[str, str], tuple[int, int]]
) -> None:
    every = rows(release, "complaint_monthly")
    classes = sorted({r["class_code"] for r in every if r["class_code"]})
    for month in MONTHS:
        shown = {
            (r["town_code"], r["class_code"]): float(r["complaints"])
            if r["complaints"]
            else None
            for r in every
            if r["month"] == month
        }
        sums = [((town, ""), [(town, kind) for kind in classes])
                for town in (COUNTY, *TOWNS)]  # fmt: skip
        sums += [((COUNTY, kind), [(town, kind) for town in TOWNS])
                 for kind in ("", *classes)]  # fmt: skip
        for code, town in TOWNS.items():
            due = cases[town, month][1]
            for kind, count in zip(classes, (due - due // 3, due // 3), strict=True):
                if 0 < count < 5:
                    assert shown[code, kind] is None
                    assert left(shown, sums, (code, kind)) >= 2, (month, town, kind)
