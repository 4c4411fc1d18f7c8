"""How figures, targets and periods read."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityledger import explain
from cityledger.release import wording as released
from dashboards import markup, wording
from dashboards.wording import Target
from expectations.indicator_values import NULL_REASONS

VALUES = st.floats(0, 200, allow_nan=False).map(lambda value: round(value, 6))
TARGETS = st.one_of(
    st.builds(Target, st.integers(0, 120).map(float), st.sampled_from(["ge", "le"])),
    st.builds(Target, st.integers(0, 50).map(float), st.just("between"), st.just(60.0)),
)


@pytest.mark.parametrize(
    ("value", "target", "shown"),
    [
        (99.996, Target(100), "99.99"),
        (99.996, None, "99.99"),
        (100.004, None, "100.00"),
        (77.1182, Target(80), "77.12"),
        (28.6270, Target(35), "28.63"),
        (98.625, Target(98), "98.63"),
        (1.004, Target(1, "between", 1), "1.01"),
        (0.996, Target(1, "between", 1), "0.99"),
        (5.004, Target(5, "le"), "5.01"),
        (4.996, Target(5, "le"), "5.00"),
        (1234.5, None, "1,234.50"),
        (None, Target(100), "—"),
    ],
)
def test_a_value_is_rounded_half_up_but_never_into_meeting_its_target(
    value: float | None, target: Target | None, shown: str
) -> None:
    assert wording.figure(value, target) == shown


@given(VALUES, TARGETS)
def test_no_shown_value_meets_a_target_that_the_value_misses(
    value: float, target: Target
) -> None:
    shown = Decimal(wording.figure(value, target).replace(",", ""))

    is_met = target.is_met_by(Decimal(repr(value)))

    assert is_met or not target.is_met_by(shown)
    assert abs(shown - Decimal(repr(value))) < Decimal("0.01")


def test_a_count_has_no_decimals() -> None:
    assert wording.figure(3210.0, unit="件") == "3,210"


@pytest.mark.parametrize(
    ("value", "target", "words"),
    [
        (92.31, Target(100), "差 7.69"),
        (99.996, Target(100), "差 0.01"),
        (95.84, Target(95), "超 0.84"),
        (100.0, Target(100), "持平"),
        (1.1, Target(1, "between", 1), "超限 0.10"),
        (0.9, Target(1, "between", 1), "差 0.10"),
        (4.0, Target(5, "le"), "余 1.00"),
        (6.0, Target(5, "le"), "超限 1.00"),
        (None, Target(5), ""),
        (50.0, None, ""),
    ],
)
def test_the_distance_agrees_with_the_value_that_is_shown(
    value: float | None, target: Target | None, words: str
) -> None:
    assert wording.distance(value, target) == words


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(98), "≥98"),
        (Target(5, "le"), "≤5"),
        (Target(1, "between", 1), "=1"),
        (Target(70, "between", 80), "70–80"),
    ],
)
def test_a_target_is_written_with_its_operator(target: Target, words: str) -> None:
    assert target.words == words


def test_a_share_never_rounds_up_to_complete() -> None:
    assert wording.share(0.99999) == "99.9%"
    assert wording.share(0.9499) == "94.9%"
    assert wording.share(1.0) == "100%"


def test_periods_read_as_a_report_writes_them() -> None:
    assert wording.period_name("2025-06") == "2025年6月"
    assert wording.period_name("2025Q2") == "2025年第2季度"
    assert wording.period_name("2025") == "2025年"
    assert wording.enclosing_periods("2025-06") == ["2025-06", "2025Q2", "2025"]
    assert wording.enclosing_periods("2025-12") == ["2025-12", "2025Q4", "2025"]
    assert wording.enclosing_periods("2025Q2") == ["2025Q2", "2025"]


@pytest.mark.parametrize("code", NULL_REASONS)
def test_every_reason_that_the_gate_lets_through_has_its_words(code: str) -> None:
    assert wording.why_missing(code) != code
    assert released.reason(code, "zh") != code
    assert released.reason(code, "en") != code
    assert explain._REASONS[code]


def test_a_count_that_nobody_provides_is_not_a_nought() -> None:
    assert wording.provided(None) == "未提供"
    assert wording.provided(0) == "0"
    assert "未提供" in markup.funnel([("上报", 3), ("处置", None), ("结案", 0)])


def test_a_reason_that_is_not_known_keeps_its_code() -> None:
    assert wording.why_missing("not_due") == "未到报送时间"
    assert wording.why_missing("not_provided") == "未提供"
    assert wording.why_missing("something_else") == "something_else"
    assert wording.why_missing(None) == ""


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("2025-06", date(2025, 6, 1), date(2025, 7, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2025Q1", date(2025, 1, 1), date(2025, 4, 1)),
        ("2025Q4", date(2025, 10, 1), date(2026, 1, 1)),
        ("2025", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_knows_its_days(period: str, first: date, after: date) -> None:
    assert wording.period_bounds(period) == (first, after)
