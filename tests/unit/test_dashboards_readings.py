"""What stands where on the overview."""

from dataclasses import replace
from datetime import date

from dashboards.leaders import readings
from dashboards.leaders.queries import Claim, Indicator, SourceDay, Value

VALUE = Value(
    indicator_id="I04", period_type="M", period="2025-06", area_code="420323000000",
    numerator=48.0, denominator=52.0, value=92.31, null_reason=None, excluded=3, n=52,
    target=100.0, status="未达标", note=None, stage="初报", completeness=1.0,
    formula_version="1.0", target_claim_id="I04-T1", as_of=date(2025, 6, 29),
)  # fmt: skip
INDICATOR = Indicator(
    indicator_id="I04", name_zh="新增违法建设及时查处率", group_zh="市容环境整治",
    unit="%", nature="约束性", direction="ge", scope_zh=None, formula_zh=None,
    formula_version="1.0", source_systems=None, owner_zh=None, method_note_zh=None,
)  # fmt: skip
CLAIM = Claim(
    claim_id="I04-T1", indicator_id="I04", value=100.0, op="ge", value_high=None,
    unit="%", year=2025, nature="约束性", status="effective", document=None,
    location=None, quote=None,
)  # fmt: skip


def indicator(code: str, group: str = "市容环境整治", nature: str = "") -> Indicator:
    return replace(INDICATOR, indicator_id=code, group_zh=group, nature=nature or None)


def test_a_yearly_indicator_is_read_in_the_year_around_a_month() -> None:
    yearly = replace(VALUE, indicator_id="I13", period_type="Y", period="2025")

    (reading,) = readings.read([indicator("I13")], [], [yearly], "2025-06")

    assert reading.value.period == "2025"


def test_an_indicator_that_had_not_begun_is_not_read_but_named() -> None:
    june = replace(VALUE, indicator_id="I17")
    quarter = replace(june, period_type="Q", period="2025Q2")
    plan = [indicator("I04"), indicator("I17"), indicator("X10")]

    read = readings.read(plan, [], [replace(VALUE, period="2025-05"), june, quarter],
                         "2025-05")  # fmt: skip

    assert [reading.indicator.indicator_id for reading in read] == ["I04"]
    waiting = readings.not_begun(plan, read)
    assert [one.indicator_id for one in waiting] == ["I17"]


def test_the_course_ends_with_the_period_that_is_read() -> None:
    months = [replace(VALUE, period=f"2025-{month:02}") for month in range(1, 9)]

    (reading,) = readings.read([INDICATOR], [CLAIM], months, "2025-06")

    assert [value.period for value in reading.course][-2:] == ["2025-05", "2025-06"]


def test_a_value_is_held_against_the_claim_it_was_computed_with() -> None:
    between = replace(CLAIM, op="between", value=1.0, value_high=1.0)
    held = replace(VALUE, target=1.0)

    target = readings.target_of(held, [between])

    assert target is not None
    assert target.words == "=1"
    assert readings.target_of(replace(VALUE, target=None), [CLAIM]) is None


def test_missed_binding_targets_come_first_and_the_plans_table_before_the_rest() -> (
    None
):
    plan = [
        indicator("I01"),
        indicator("I03", nature="约束性"),
        indicator("I04", nature="约束性"),
        indicator("I18", "城管执法建设"),
        indicator("X01", "城管执法建设"),
        indicator("X10", "市容环境整治"),
    ]
    values = [
        replace(VALUE, indicator_id="I01"),
        replace(VALUE, indicator_id="I03", status="达标"),
        replace(VALUE, indicator_id="I04"),
        replace(VALUE, indicator_id="I18"),
        replace(VALUE, indicator_id="X01"),
        replace(VALUE, indicator_id="X10", target=None),
    ]

    groups = readings.groups(readings.read(plan, [], values, "2025-06"))

    assert [group.name for group in groups] == [
        "市容环境整治",
        "城管执法建设",
        "规划正文指标",
        "参考指标",
    ]
    assert [r.indicator.indicator_id for r in groups[0].readings] == [
        "I04",
        "I01",
        "I03",
    ]


def test_a_variant_stands_beside_what_it_varies() -> None:
    plan = [indicator("I11"), indicator("I11b"), indicator("X04a")]
    values = [replace(VALUE, indicator_id=i.indicator_id) for i in plan]

    beside = readings.variants(readings.read(plan, [], values, "2025-06"))

    assert list(beside) == ["I11"]


def test_periods_are_offered_newest_first_months_before_quarters_and_years() -> None:
    kinds = {"2025-05": "M", "2025-06": "M", "2025Q2": "Q", "2025": "Y"}
    values = [replace(VALUE, period=p, period_type=kind) for p, kind in kinds.items()]

    assert readings.periods(values) == ["2025-06", "2025-05", "2025Q2", "2025"]


def test_a_missing_register_is_told_although_the_running_month_is_well() -> None:
    day = SourceDay(
        source="registers", business_date=date(2025, 5, 1), expected=9.0, received=8,
        accepted=8, quarantined=0, superseded=0, ignored=0, last_record_at=None,
        loaded_at=None, status="迟到",
    )  # fmt: skip
    days = [
        replace(day, source="cases", status="缺失", business_date=date(2025, 6, 28)),
        replace(day, source="cases", status="正常", business_date=date(2025, 6, 29)),
        day,
        replace(day, status="正常", business_date=date(2025, 6, 1)),
    ]

    told = {found.source: found.status for found in readings.latest(days)}

    assert told == {"registers": "迟到", "cases": "正常"}
    assert next(iter(told)) == "registers"
