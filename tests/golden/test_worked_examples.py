"""Worked examples: the oracle against the arithmetic printed in the specification."""

from datetime import date, timedelta

import pytest

from tests.golden.oracle.figures import COUNTY, Figure
from tests.golden.oracle.registry import INDICATORS
from tests.golden.oracle.shapes import TICKET_COLUMNS
from tests.golden.oracle.table import exact_value, status
from tests.golden.oracle.workdays import Month, days, freeze, midnight, month
from tests.golden.small_county import (
    ADVERTISEMENT,
    TOWN,
    SmallCounty,
    local,
    slots,
)

AFTER_THE_FREEZE = date(2025, 6, 15)


def may(day: int) -> str:
    return local(date(2025, 5, day))


def june(day: int) -> str:
    return local(date(2025, 6, day))


@pytest.fixture
def county() -> SmallCounty:
    return SmallCounty(date(2025, 4, 1))


def ten_cases(county: SmallCounty, category: str) -> None:
    late = {
        "category_code": category,
        "reported_at": "2025-04-20T12:00:00+08:00",
        "updated_at": june(14),
    }
    county.case("c1", due_at=may(10), disposed_at=may(9), **late)
    county.case("c2", due_at=may(10), disposed_at=may(12), **late)
    county.case("c3", due_at=may(31), **late)
    county.case("c4", due_at=june(3), disposed_at=may(30), **late)
    county.case("c5", due_at=june(3), **late)
    county.case("c6", due_at=may(10), status="作废", **late)
    county.case("c7", due_at=may(10), master_case_id="c1", **late)
    county.case("c8", due_at=may(20), suspended_at=may(8), status="挂账", **late)
    county.case("c9", due_at="2025-04-28T12:00:00+08:00", disposed_at=may(5), **late)
    county.case("c10", due_at_original=may(20), due_at=june(20), **late)


def test_example_1_a_case_is_on_time_in_the_month_it_was_done_or_due(
    county: SmallCounty,
) -> None:
    ten_cases(county, "0201")

    cell = county.value(AFTER_THE_FREEZE, "I05", "2025-05")

    assert (cell.numerator, cell.denominator, cell.value) == (2, 4, 50)
    assert (cell.excluded, cell.n, cell.stage) == (3, 4, "终报")


def test_example_1_a_late_case_is_still_done_at_the_freeze(county: SmallCounty) -> None:
    ten_cases(county, ADVERTISEMENT)

    cell = county.value(AFTER_THE_FREEZE, "I03", "2025-05")

    assert (cell.numerator, cell.denominator, cell.value) == (3, 4, 75)
    assert cell.excluded == 3


def test_example_1_a_case_due_in_april_belongs_to_april(county: SmallCounty) -> None:
    ten_cases(county, "0201")

    cell = county.value(AFTER_THE_FREEZE, "I05", "2025-04")

    assert (cell.numerator, cell.denominator) == (0, 1)


def tickets(rows: list[tuple[str, str, str, float, str, str]]) -> bytes:
    lines = [",".join(TICKET_COLUMNS)]
    for number, (way, waste, secondary, tonnes, origin_type, origin) in enumerate(rows):
        net = round(tonnes * 1000)
        lines.append(
            f"{number},W1,{way},鄂C1,C1,{waste},{secondary},{origin_type},{origin},,"
            f"{net + 5000},5000,{net},2025-05-10 08:00:00,2025-05-10 08:10:00,有效,,"
        )
    return "\n".join(lines).encode()


def test_example_2_tonnes_from_the_scales_to_four_rates(county: SmallCounty) -> None:
    city = ("城区环卫", TOWN)
    collected = [
        ("进", "其他垃圾", "否", 905, *city),
        ("进", "厨余垃圾", "否", 80, *city),
        ("进", "有害垃圾", "否", 0.5, *city),
    ]
    transferred = ("设施", "F6")
    drops = {
        "F6": collected,
        "F1": [
            ("进", "其他垃圾", "否", 760, *transferred),
            ("进", "残渣", "是", 12, "设施", "F3"),
        ],
        "F2": [("进", "其他垃圾", "否", 140, *transferred)],
        "F3": [
            ("进", "厨余垃圾", "否", 80, *transferred),
            ("出", "残渣", "是", 12, "设施", "F3"),
        ],
        "F4": [("进", "有害垃圾", "否", 0.5, *transferred)],
        "F5": [("进", "可回收物", "否", 300, *city)],
    }
    county.file("reference/facilities.csv", facilities_serving_the_town())
    for facility, rows in drops.items():
        path = f"weighbridge/{facility}/weigh_{facility}_20250510.csv"
        county.file(path, tickets(rows))

    cells = county.values(AFTER_THE_FREEZE)

    rates = {i: cells.loc[(i, "2025-05", COUNTY)].value for i in RATES}
    assert {i: round(rate, 2) for i, rate in rates.items()} == RATES


RATES = {"I07": 99.49, "I09": 77.12, "I11": 28.63, "I11b": 37.34}


def facilities_serving_the_town() -> bytes:
    kinds = ("焚烧", "卫生填埋", "厨余处理", "危废暂存", "分拣中心", "转运站")
    rows = [f"F{i},厂,{kind},城区,是" for i, kind in enumerate(kinds, 1)]
    return "\n".join(["facility_id,name,kind,serves,harmless", *rows]).encode()


LAMP = {
    "circuit_id": "K1",
    "town_code": TOWN,
    "segment_id": "S1",
    "power_w": None,
    "control": "单灯",
    "in_service_from": date(2024, 1, 1),
    "in_service_to": None,
    "updated_at": midnight(date(2025, 1, 1)),
}
DARK = ("off", "t")
LIT = ("on", "t")
OFFLINE = ("on", "f")


def look(lamp: int, evening: date) -> tuple[str, str]:
    if lamp == 10 and evening.day <= 7:
        return DARK
    if 20 <= lamp < 25 and evening.day <= 3:
        return OFFLINE
    return LIT


def test_example_3_a_lamp_off_line_is_unknown_and_planned_works_do_not_count(
    county: SmallCounty,
) -> None:
    evenings = days(date(2025, 6, 1), date(2025, 6, 30))
    lamps = [LAMP | {"lamp_id": f"L{i}", "circuit_id": "K1"} for i in range(98)]
    lamps += [LAMP | {"lamp_id": f"L{i}", "circuit_id": "K2"} for i in (98, 99)]
    polls = [
        (f"L{i}", ts, *look(i, evening), 60.0)
        for i in range(100)
        for evening in evenings
        for ts in slots(evening)
    ]
    county.lights(lamps, polls)
    plans = [
        {
            "circuit_id": circuit,
            "night_date": evening,
            "on_at": midnight(evening) + timedelta(hours=19),
            "off_at": midnight(evening) + timedelta(hours=29),
            "updated_at": midnight(evening),
        }
        for circuit in ("K1", "K2")
        for evening in evenings
    ]
    county.memory.keep_records("switch_plan", plans, county.seen)
    works = {
        "outage_id": "O1",
        "circuit_id": "K2",
        "starts_at": midnight(date(2025, 6, 11)) + timedelta(hours=12),
        "ends_at": midnight(date(2025, 6, 21)) + timedelta(hours=12),
        "updated_at": midnight(date(2025, 6, 1)),
    }
    county.memory.keep_records("planned_outage", [works], county.seen)

    cells = county.values(date(2025, 7, 10))

    strict = cells.loc[("I17", "2025-06", COUNTY)]
    lenient = cells.loc[("I17b", "2025-06", COUNTY)]
    assert (strict.numerator, strict.denominator) == (2958, 2980)
    assert (strict.excluded, strict.completeness) == (20, 1)
    assert (round(strict.value, 2), round(lenient.value, 2)) == (99.26, 99.76)


def test_example_4_only_people_who_were_reached_and_rated_count(
    county: SmallCounty,
) -> None:
    ratings = ["满意"] * 120 + ["基本满意"] * 15 + ["不满意"] * 5 + ["拒评"] * 10
    for i in range(200):
        county.case(f"c{i}", channel="12345", closed_at=may(20), updated_at=may(20))
    for i in range(180):
        reached = i < 150
        county.callback(
            f"b{i}",
            f"c{i}",
            called_at=may(22),
            updated_at=may(22),
            reached=reached,
            rating=ratings[i] if reached else None,
        )

    cell = county.value(AFTER_THE_FREEZE, "I19", "2025-05")

    assert (cell.numerator, cell.denominator) == (135, 140)
    assert round(cell.value, 2) == 96.43


def test_example_7_a_month_without_illegal_advertisements_has_no_rate(
    county: SmallCounty,
) -> None:
    times = {"due_at": may(5), "disposed_at": may(4), "updated_at": may(4)}
    county.case("c1", reported_at=may(2), **times)

    cell = county.value(AFTER_THE_FREEZE, "I03", "2025-05")

    assert (cell.null_reason, cell.status) == ("no_denominator", "无数据")
    assert (cell.numerator, cell.denominator) == (0, 0)


@pytest.mark.parametrize(
    ("covered", "verdict"), [(7600, "口径冲突区间"), (8000, "达标"), (6999, "未达标")]
)
def test_example_9_between_the_two_claims_the_county_is_told_so(
    covered: int, verdict: str
) -> None:
    value = exact_value(INDICATORS["I08"], Figure(covered, 10_000))

    assert status(INDICATORS["I08"], value, 1) == verdict


def test_example_10_more_assistants_than_officers_misses_the_target(
    county: SmallCounty,
) -> None:
    header = ("在编执法人员", "辅助人员", "城市人口")
    county.register("staffing", "202506", [header, (60, 66, 100_000)])

    cell = county.value(date(2025, 7, 10), "X03", "2025")

    assert (cell.value, cell.status) == (1.1, "未达标")


def test_a_month_freezes_after_five_working_days_and_make_up_days_count() -> None:
    # 2025-10-01..08 is the holiday; Saturday 11 October is worked.
    september = freeze(month(Month(2025, 9)))

    assert september == midnight(date(2025, 10, 15))
