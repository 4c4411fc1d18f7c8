"""Departments: what no county, however odd, may do to a score."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from assessed_department import Case, Department, assess, county
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HOURS_OF_MAY = 31 * 24
# The fifteenth of June, and a little before it: everything known at as_of.
LAST_HOUR = HOURS_OF_MAY + 14 * 24
SLACK = 1e-9
MAY = "2025-05"


def examples(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )


@pytest.fixture(scope="module", autouse=True)
def _county() -> Iterator[None]:
    yield
    county().close()
    county.cache_clear()


@st.composite
def cases(draw: st.DrawFn) -> Case:
    due = draw(st.integers(24, LAST_HOUR))
    done = draw(st.none() | st.integers(12, LAST_HOUR))
    closed = None if done is None else draw(st.none() | st.integers(done, LAST_HOUR))
    return Case(
        due=due,
        done=done,
        closed=closed,
        reworks=draw(st.sampled_from((0, 0, 0, 1, 2))),
        is_complaint=draw(st.booleans()),
        is_returned=draw(st.sampled_from((False, False, False, True))),
        rating=draw(st.sampled_from((None, None, "满意", "基本满意", "不满意"))),
    )


@st.composite
def departments(draw: st.DrawFn, least: int = 0) -> Department:
    return Department(
        cases=tuple(draw(st.lists(cases(), min_size=least, max_size=14))),
        inspection=draw(st.none() | st.integers(0, 100)),
        adjustment=draw(st.none() | st.integers(-5, 5)),
        settled=tuple(draw(st.lists(st.booleans(), max_size=3))),
    )


def open_case(draw: st.DataObject) -> Case:
    due = draw.draw(st.integers(24, LAST_HOUR), label="due")
    return Case(due=due, is_complaint=draw.draw(st.booleans(), label="complaint"))


def scores(worse: Department, better: Department) -> list[tuple[float, float]]:
    """Return both scores of each month in which both are scored."""
    cards = assess({"worse": worse, "better": better})
    return [
        (card["score"], cards["better", month]["score"])
        for (dept, month), card in cards.items()
        if dept == "worse"
        and card["score"] is not None
        and cards["better", month]["score"] is not None
    ]


@examples(40)
@given(departments(), st.data())
def test_closing_a_case_on_time_never_lowers_a_score(
    department: Department, data: st.DataObject
) -> None:
    case = open_case(data)
    done = data.draw(st.integers(12, case.due), label="done")
    closed = data.draw(st.integers(done, case.due), label="closed")
    left_open = replace(department, cases=(*department.cases, case))
    handled = replace(case, done=done, closed=closed)

    pairs = scores(left_open, replace(department, cases=(*department.cases, handled)))

    assert all(better >= worse - SLACK for worse, better in pairs)


@examples(40)
@given(departments(), st.data())
def test_leaving_a_case_open_is_never_better_than_closing_it_late(
    department: Department, data: st.DataObject
) -> None:
    case = open_case(data)
    done = data.draw(st.integers(case.due, LAST_HOUR), label="done")
    closed = data.draw(st.integers(done, LAST_HOUR), label="closed")
    left_open = replace(department, cases=(*department.cases, case))
    handled = replace(case, done=done, closed=closed)

    pairs = scores(left_open, replace(department, cases=(*department.cases, handled)))

    assert all(better >= worse - SLACK for worse, better in pairs)


@examples(15)
@given(departments())
def test_a_department_with_no_case_is_not_scored(department: Department) -> None:
    cards = assess({"idle": replace(department, cases=()), "busy": department})

    idle = [card for (dept, _), card in cards.items() if dept == "idle"]
    assert len(idle) == 3, "a row for every month, whatever happened"
    assert all(card["score"] is None and not card["ranked"] for card in idle)
    # Unknown where nobody noted a time of disposal, and never any.
    assert not any(card["due_cases"] or card["rank"] for card in idle)


@examples(20)
@given(
    departments(least=1),
    st.sampled_from(["due_at", "disposed_at", "closed_at", "due_at_original"]),
)
def test_a_field_that_nobody_fills_never_becomes_a_number(
    department: Department, field: str
) -> None:
    cards = assess({"one": department}, without=field)

    asked = county().ask(
        f"""
        select numerator, denominator, value
        from case_metrics as shown
        inner join case_metric_names as named
            on regexp_replace(shown.metric_id, '_(mean|median)$', '') = named.metric_id
        where list_contains(string_split(named.needs, ' '), 'cases.{field}')
        """  # noqa: S608 - our own words
    )
    assert asked
    assert all(cells == (None, None, None) for cells in asked)
    if field in ("due_at", "disposed_at"):
        assert all(card["score"] is None for card in cards.values())
        assert all(card["due_cases"] is None for card in cards.values())


@examples(15)
@given(departments())
def test_the_order_of_the_cases_is_irrelevant(department: Department) -> None:
    turned = replace(department, cases=department.cases[::-1])

    pairs = scores(department, turned)

    assert all(abs(one - other) < SLACK for one, other in pairs)


@examples(15)
@given(departments(least=1))
def test_a_score_stays_within_its_hundred_points(department: Department) -> None:
    cards = assess({"one": department})

    for card in cards.values():
        if card["score"] is not None:
            assert -SLACK <= card["score"] - card["adjust_points"] <= 100 + SLACK
            assert card["score_low"] <= card["score"] + SLACK
            assert card["score_high"] >= card["score"] - SLACK
            assert 0 <= card["on_time_rate_low"] <= card["on_time_rate"] + SLACK
            assert card["on_time_rate"] - SLACK <= card["on_time_rate_high"] <= 100


@examples(15)
@given(st.lists(departments(least=6), min_size=2, max_size=5))
def test_ranks_follow_scores_and_leave_no_gap(group: list[Department]) -> None:
    cards = assess({f"D{n}": each for n, each in enumerate(group)})

    for month in {month for _, month in cards}:
        ranked = [c for (_, m), c in cards.items() if m == month and c["ranked"]]
        shown = sorted({card["score_shown"] for card in ranked}, reverse=True)
        assert all(card["due_cases"] >= 10 for card in ranked)
        for card in ranked:
            assert card["rank"] == shown.index(card["score_shown"]) + 1
            assert card["rank_best"] <= card["rank"] <= card["rank_worst"]


def test_a_bad_inspection_lowers_and_a_point_added_raises() -> None:
    case = Case(due=100, done=90, closed=95)
    cards = assess(
        {
            "plain": Department((case,), inspection=90),
            "poor": Department((case,), inspection=60),
            "praised": Department((case,), inspection=90, adjustment=2),
        }
    )

    score = {dept: card["score"] for (dept, m), card in cards.items() if m == MAY}
    # Handling 50 of 50 and inspection 22.5 of 25 stand for the whole hundred.
    assert score["plain"] == (50 + 22.5) / 75 * 100
    assert score["poor"] < score["plain"] < score["praised"]
    assert score["praised"] == score["plain"] + 2
