"""Sweeping reports and inspections, from the cells to the verdict."""

from datetime import date
from typing import Any

import pytest
from landed_by_hand import HandMadeNight, Value

D = date(2025, 6, 30)
JUNE = date(2025, 6, 1)
HANDOVER = date(2025, 6, 20)

SWEPT: list[tuple[str, dict[str, Any], str]] = [
    ("sound", {}, "accepted"),
    ("a date cell", {"日期": "2025-06-10 00:00:00"}, "accepted"),
    ("nothing done", {"实际趟次": "0", "覆盖率": "0"}, "accepted"),
    ("all of it", {"覆盖率": "1"}, "accepted"),
    ("unknown road", {"路段编码": "R9"}, "C01"),
    ("no road", {"路段编码": None}, "C01"),
    ("another's road", {"路段编码": "R2"}, "C01"),
    ("half a pass", {"实际趟次": "1.5"}, "C02"),
    ("fewer than none", {"应作业趟次": "-1"}, "C02"),
    ("passes unsaid", {"实际趟次": None}, "C02"),
    ("more than all", {"覆盖率": "1.01"}, "C02"),
    ("per cent", {"覆盖率": "95%"}, "accepted"),
    ("per cent in full width", {"覆盖率": "９５．５％"}, "accepted"),
    ("more than all, per cent", {"覆盖率": "101%"}, "C02"),
    ("an error", {"实际趟次": "#REF!", "_unreadable": "实际趟次=#REF!"}, "C02"),
    ("an error in the day", {"日期": "#N/A", "_unreadable": "日期=#N/A"}, "C03"),
    ("an error in words", {"备注": "#N/A", "_unreadable": "备注=#N/A"}, "C02"),
    ("a total", {"日期": None, "路段编码": "合计", "实际趟次": "9"}, "ignored"),
    ("another day", {"日期": "2025-06-09"}, "C03"),
    ("no day", {"日期": "六月十日"}, "C03"),
    ("by broom", {"作业方式": "扫帚"}, "C04"),
    ("day before method", {"日期": None, "作业方式": None}, "C03"),
]


def swept(**cells: Value) -> dict[str, Any]:
    return {
        "日期": "2025-06-10",
        "路段编码": "R1",
        "作业方式": "机械",
        "应作业趟次": "2",
        "实际趟次": "2",
        "覆盖率": "0.95",
        "车牌号": "鄂C11111",
        "备注": None,
    } | cells


def segment(code: str, contractor: str) -> dict[str, Any]:
    return {
        "segment_id": code,
        "road_name": "人民路",
        "road_class": "主干道",
        "community_code": "420323100001",
        "length_m": "1000",
        "area_m2": "12000.5",
        "contractor_code": contractor,
        "required_passes": "2",
        "lamp_required": "是",
    }


def contractor(code: str) -> dict[str, Any]:
    return {
        "contractor_code": code,
        "name": "保洁公司",
        "contract_from": "2025-01-01",
        "contract_to": None,
        "monthly_fee_yuan": "1000000",
    }


def sheet(name: str | None, **cells: Value) -> dict[str, Any]:
    return {
        "检查表编号": name,
        "合同单位": "H1",
        "类型": "DAILY",
        "检查时间": "2025-06-10 09:30:00",
        "地点": "人民路",
        "乡镇编码": "420323100000",
        "检查模块": "QS, JX",
        "检查人": "王五",
        "状态": "已确认",
    } | cells


def deduction(name: str | None, **cells: Value) -> dict[str, Any]:
    return {
        "扣分编号": name,
        "检查表编号": "sound",
        "扣分项": "QS02",
        "数量": "2",
        "发现时间": "2025-06-10 09:40",
        "整改期限": "2025-06-11",
        "整改时间": None,
        "事实编号": None,
        "备注": None,
    } | cells


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    night = HandMadeNight(tmp_path_factory.mktemp("sanitation"), D)

    def refer(name: str, rows: list[dict[str, Any]], day: date) -> None:
        night.land_file("reference", (name, None), {"reference_rows": rows}, day)

    refer("contractors", [contractor("H1"), contractor("H2")], JUNE)
    refer("road_segments", [segment("R1", "H1"), segment("R2", "H2")], JUNE)
    refer("road_segments", [segment("R1", "H2"), segment("R2", "H2")], HANDOVER)
    for owner, day, rows in (
        ("H1", date(2025, 6, 10), [swept(**cells) for _, cells, _ in SWEPT]),
        ("H1", date(2025, 6, 19), [swept(日期="2025-06-19")]),
        ("H1", HANDOVER, [swept(日期="2025-06-20")]),
        ("H2", HANDOVER, [swept(日期="2025-06-20")]),
    ):
        night.land_file("sanitation", (owner, day), {"sweeping": rows}, day)

    sheets = [
        sheet("sound"),
        sheet("unknown contractor", 合同单位="H9"),
        sheet("unknown module", 检查模块="QS,ZZ"),
        sheet("no module", 检查模块=None),
        sheet("unknown type", 类型="WEEKLY"),
        sheet("unknown status", 状态="草稿"),
        sheet("no time", 检查时间="上午"),
        sheet(None),
        sheet("sound", 地点="重复"),
        sheet("type before contractor", 类型=None, 合同单位=None),
    ]
    deductions = [
        deduction("sound"),
        deduction("unknown item", 扣分项="QS99"),
        deduction("no such sheet", 检查表编号="lost"),
        deduction("of a broken sheet", 检查表编号="unknown module"),
        deduction("no quantity", 数量=None),
        deduction("nothing", 数量="0"),
        deduction("part of one", 数量="0.5"),
        deduction("no time", 整改时间="明天"),
        deduction(None),
        deduction("item before sheet", 扣分项=None, 检查表编号=None),
    ]
    night.land_file(
        "inspections",
        (None, JUNE),
        {"inspection_sheets": [sheet("sound")], "inspection_deductions": []},
        date(2025, 6, 12),
    )
    night.land_file(
        "inspections",
        (None, JUNE),
        {"inspection_sheets": sheets, "inspection_deductions": deductions},
        D,
    )
    night.run("+stg_sanitation__sweeping", "+stg_inspections__deductions")
    return night


def test_sweeping_rows_are_judged_by_the_first_rule_they_break(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select coalesce(rule, verdict) from restricted.checked_sweeping "
        "where business_date = date '2025-06-10' order by line"
    )

    assert [
        (name, rule) for (name, _, _), (rule,) in zip(SWEPT, found, strict=True)
    ] == [(name, rule) for name, _, rule in SWEPT]


def test_whose_road_it_was_is_asked_of_the_day_of_the_work(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select contractor_code, business_date, coalesce(rule, verdict) "
        "from restricted.checked_sweeping where business_date > date '2025-06-10' "
        "order by business_date, contractor_code"
    )

    assert found == [
        ("H1", date(2025, 6, 19), "accepted"),
        ("H1", HANDOVER, "C01"),
        ("H2", HANDOVER, "accepted"),
    ]


def test_sheets_are_judged_by_the_first_rule_they_break(night: HandMadeNight) -> None:
    found = night.ask(
        "select sheet_id, coalesce(rule, verdict) "
        "from restricted.checked_inspection_sheets order by load_id, line"
    )

    assert found == [
        ("sound", "superseded"),
        ("sound", "accepted"),
        ("unknown contractor", "C21"),
        ("unknown module", "C22"),
        ("no module", "C22"),
        ("unknown type", "C04"),
        ("unknown status", "C04"),
        ("no time", "C26"),
        (None, "C25"),
        ("sound", "C25"),
        ("type before contractor", "C04"),
    ]


def test_deductions_are_judged_by_the_first_rule_they_break(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select deduction_id, coalesce(rule, verdict) "
        "from restricted.checked_inspection_deductions order by line"
    )

    assert found == [
        ("sound", "accepted"),
        ("unknown item", "C22"),
        ("no such sheet", "C23"),
        ("of a broken sheet", "C23"),
        ("no quantity", "C24"),
        ("nothing", "C24"),
        ("part of one", "accepted"),
        ("no time", "C26"),
        (None, "C25"),
        ("item before sheet", "C22"),
    ]


def test_a_deadline_that_is_a_date_ends_with_that_day(night: HandMadeNight) -> None:
    found = night.ask(
        "select cast(rectify_due_at as varchar) "
        "from staging.stg_inspections__deductions where deduction_id = 'sound'"
    )

    assert found == [("2025-06-12 00:00:00",)]
