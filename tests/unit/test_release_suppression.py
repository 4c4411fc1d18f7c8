"""Nobody can work a hidden count out again from what a table still shows."""

from itertools import product

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from cityledger.county import COUNTY
from cityledger.release.datasets import BY_SLUG
from cityledger.release.figures import Figures, hide_small_cells, key_of
from cityledger.release.suppression import Key, Sum, exposed, is_small, protect

Table = dict[Key, float]


def table(counts: list[list[int]]) -> tuple[Table, list[Sum]]:
    """Return a table of rows and columns with both margins and the grand total."""
    rows, columns = range(len(counts)), range(len(counts[0]))
    cells: Table = {
        (str(r), str(c)): float(counts[r][c]) for r, c in product(rows, columns)
    }
    sums = []
    for r in rows:
        parts = tuple((str(r), str(c)) for c in columns)
        cells[str(r), "all"] = sum(cells[p] for p in parts)
        sums.append(Sum((str(r), "all"), parts))
    for c in [*map(str, columns), "all"]:
        parts = tuple((str(r), c) for r in rows)
        cells["all", c] = sum(cells[p] for p in parts)
        sums.append(Sum(("all", c), parts))
    sums.append(Sum(("all", "all"), tuple(("all", str(c)) for c in columns)))
    return cells, sums


def integers_left(
    cells: Table, sums: list[Sum], hidden: set[Key], target: Key
) -> tuple[float, float]:
    """Attack: the least and the most a hidden count can be, as whole numbers.

    This is not the code under test: an integer program over every cell, in which the
    shown ones are fixed.
    """
    keys = sorted(cells)
    index = {key: position for position, key in enumerate(keys)}
    rows = []
    for one in sums:
        row = [0.0] * len(keys)
        row[index[one.total]] = -1.0
        for part in one.parts:
            row[index[part]] += 1.0
        rows.append(row)
    low = [0.0 if key in hidden else cells[key] for key in keys]
    high = [1e6 if key in hidden else cells[key] for key in keys]
    ends = []
    for sign in (1.0, -1.0):
        wanted = [0.0] * len(keys)
        wanted[index[target]] = sign
        solved = milp(
            wanted,
            constraints=LinearConstraint(rows, 0, 0),
            bounds=(low, high),
            integrality=[1] * len(keys),
        )
        assert solved.success
        ends.append(sign * solved.fun)
    return ends[0], ends[1]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 12), min_size=width, max_size=width),
            min_size=2,
            max_size=4,
        )
    )
)
def test_an_integer_program_cannot_tell_a_small_count(counts: list[list[int]]) -> None:
    cells, sums = table(counts)
    small = {key for key, count in cells.items() if is_small(count)}

    hidden = protect([cells], sums, small)

    assert small <= hidden
    for key in sorted(small):
        low, high = integers_left(cells, sums, hidden, key)
        assert high - low >= 2, (key, counts)


def test_hiding_the_small_cell_alone_would_give_it_away() -> None:
    cells, sums = table([[3, 40], [20, 30]])
    small: set[Key] = {("0", "0")}

    assert exposed(cells, sums, small, small) == small
    assert integers_left(cells, sums, small, ("0", "0")) == (3, 3)


def test_two_hidden_ones_that_add_up_to_two_are_not_enough() -> None:
    total: Key = ("t",)
    a, b, c = ("a",), ("b",), ("c",)
    cells: Table = {a: 1, b: 0, c: 50, total: 51}
    sums = [Sum(total, (a, b, c))]

    hidden = protect([cells], sums, {a})

    assert c in hidden, "with b alone a is known to be at most one"
    assert total not in hidden


def test_months_and_quarters_do_not_give_a_month_away() -> None:
    months = [("m1",), ("m2",), ("m3",)]
    quarter: Key = ("q",)
    cells: Table = {months[0]: 2, months[1]: 30, months[2]: 41, quarter: 73}

    hidden = protect([cells], [Sum(quarter, tuple(months))], {months[0]})

    assert hidden == {months[0], months[1]}


def test_a_total_is_hidden_only_when_nothing_else_is_left() -> None:
    cells: Table = {("a",): 2, ("t",): 2}

    hidden = protect([cells], [Sum(("t",), (("a",),))], {("a",)})

    assert hidden == {("a",), ("t",)}


def test_what_has_no_town_protects_a_little_by_itself() -> None:
    cells: Table = {("a",): 3, ("b",): 9, ("t",): 15}
    sums = [Sum(("t",), (("a",), ("b",)))]

    assert exposed(cells, sums, {("a",)}, {("a",)}) == set()


def test_measures_hide_together() -> None:
    due: Table = {("a",): 4, ("b",): 30, ("c",): 50, ("t",): 84}
    done: Table = {("a",): 4, ("b",): 28, ("c",): 3, ("t",): 35}
    sums = [Sum(("t",), (("a",), ("b",), ("c",)))]

    hidden = protect([due, done], sums, {("a",), ("c",)})

    assert {("a",), ("c",)} <= hidden


@pytest.mark.parametrize(
    ("count", "expected"), [(0, False), (1, True), (4, True), (5, False)]
)
def test_small_is_one_to_four(count: int, expected: bool) -> None:
    assert is_small(count) is expected
    assert not is_small(None)


class EveryIndicatorCountsCases:
    """Badges as far as suppression asks for them."""

    def counts_cases(self, _: str) -> bool:
        """Say so."""
        return True


def figures_of(
    counts: dict[tuple[str, str], tuple[int, int]], *indicators: str
) -> list[dict[str, object]]:
    """Return the rows of indicators that count the same, by area and period."""
    return [
        {
            "indicator_id": indicator, "area_code": area, "period": period,
            "numerator": done, "denominator": due, "n": due,
            "value": done / max(due, 1), "excluded": 0,
            "null_reason": None, "status": "", "note": None,
        }
        for indicator in indicators
        for (area, period), (done, due) in counts.items()
    ]  # fmt: skip


def hidden_in(rows: list[dict[str, object]]) -> set[tuple[object, ...]]:
    found = Figures([dict(row) for row in rows], rows)
    hide_small_cells(found, EveryIndicatorCountsCases())  # type: ignore[arg-type]
    return {key_of(r) for r in found.rows if r["null_reason"] == "suppressed"}


def test_a_small_share_is_not_what_the_other_shares_leave_of_the_whole() -> None:
    shares = {"X04a": 63, "X04b": 35, "X04c": 3}
    rows = [
        row
        for indicator, count in shares.items()
        for row in figures_of({(COUNTY, "2025-05"): (count, 101)}, indicator)
    ]

    assert {indicator for indicator, *_ in hidden_in(rows)} == set(shares)


def test_a_figure_reported_twice_is_hidden_twice() -> None:
    # One town has one rated complaint in June; the county's June goes with it, since
    # the other months are small. The same county figure without towns must not tell.
    a, b = "420323100000", "420323101000"
    towns = {
        (a, "2025-04"): (0, 0), (a, "2025-05"): (0, 0), (a, "2025-06"): (35, 40),
        (b, "2025-04"): (8, 12), (b, "2025-05"): (4, 9), (b, "2025-06"): (1, 1),
    }  # fmt: skip
    county = {
        (COUNTY, "2025-04"): (8, 12), (COUNTY, "2025-05"): (4, 9),
        (COUNTY, "2025-06"): (36, 41), (COUNTY, "2025Q2"): (48, 62),
    }  # fmt: skip
    quarter = {(a, "2025Q2"): (35, 40), (b, "2025Q2"): (13, 22)}
    rows = figures_of(towns | county | quarter, "I19") + figures_of(county, "X06d")

    hidden = hidden_in(rows)

    of_county = {(i, p) for i, p, area in hidden if area == COUNTY}
    told = {p for i, p in of_county if i == "I19"}
    assert told
    assert told == {p for i, p in of_county if i == "X06d"}


# Any county: a code of any shape, towns inside or outside its prefix, in any order.
CODES = st.one_of(
    st.integers(10**11, 10**12 - 1).map(str),
    st.sampled_from(["420323000000", "659001000000", "000000000001", "全县", "z"]),
)
COUNTS = st.sampled_from([0, 0, 1, 2, 3, 5, 9, 11, 14, 30])
MONTHS = ("2025-04", "2025-05")


@st.composite
def counties(draw: st.DrawFn) -> tuple[str, dict[Key, tuple[int, int]]]:
    """Return a county's code and what was counted there, some of it in no town."""
    county, *towns = draw(st.lists(CODES, min_size=2, max_size=5, unique=True))
    counted: dict[Key, tuple[int, int]] = {}
    for month in MONTHS:
        sums = [0, draw(st.sampled_from([0, 0, 0, 2]))]
        for town in towns:
            due = draw(COUNTS)
            done = draw(st.integers(0, due))
            counted[town, month] = done, due
            sums = [sums[0] + done, sums[1] + due]
        counted[county, month] = sums[0], sums[1]
    for area in (county, *towns):
        parts = [counted[area, month] for month in MONTHS]
        counted[area, "2025Q2"] = sum(p[0] for p in parts), sum(p[1] for p in parts)
    return county, counted


@settings(max_examples=60, deadline=None)
@given(counties())
def test_no_countys_hidden_cell_is_what_its_other_towns_leave(
    drawn: tuple[str, dict[Key, tuple[int, int]]],
) -> None:
    county, counted = drawn
    rows = figures_of(counted, "I05")
    hidden = {(area, period) for _, period, area in hidden_in(rows)}
    towns = sorted({area for area, _ in counted if area != county})
    quarters = [
        Sum((area, "2025Q2"), tuple((area, m) for m in MONTHS))
        for area in (county, *towns)
    ]

    for measure, limit in ((0, 5), (1, 10)):
        cells = {key: float(counts[measure]) for key, counts in counted.items()}
        # What is in no town is one more part that nobody publishes.
        across = []
        for period in (*MONTHS, "2025Q2"):
            parts = [(town, period) for town in towns]
            rest = cells[county, period] - sum(cells[p] for p in parts)
            if rest:
                cells["nowhere", period] = rest
                parts.append(("nowhere", period))
            across.append(Sum((county, period), tuple(parts)))
        unseen = hidden | {key for key in cells if key[0] == "nowhere"}
        for key in sorted(hidden):
            if is_small(cells[key], limit):
                low, high = integers_left(cells, [*quarters, *across], unseen, key)
                assert high - low >= 2, (key, low, high)


def test_the_complaints_do_not_tell_what_their_indicator_hides() -> None:
    places = {(COUNTY, "2025-05"): (36, 41), ("420323100000", "2025-05"): (35, 40)}
    rows = [row | {"period_type": "M"} for row in figures_of(places, "I18")]
    for row in rows:
        row["null_reason"], row["n"] = "suppressed", None
    with duckdb.connect() as connection:
        connection.execute("create schema shown")
        connection.execute(
            "create table shown.case_counts as select '2025-05' as month, "
            "'420323100000' as town_code, '甲镇' as town_name, '事件01' as case_class, "
            "'市容' as class_name, 41 as cases, 41 as complaints"
        )
        made = BY_SLUG["complaint_monthly"].make(connection, Figures(rows, rows))

    hidden = {(r["town_code"], r["class_code"]) for r in made if r["is_suppressed"]}
    assert {(COUNTY, None), ("420323100000", None)} <= hidden
