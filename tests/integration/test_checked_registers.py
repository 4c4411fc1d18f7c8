"""Registers and reference tables, from the cells to the verdict."""

from datetime import date
from typing import Any

import pytest
from landed_by_hand import HandMadeNight, Value

D = date(2025, 6, 30)
MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)
TOWN = "420323100000"

AD = {
    "设施编号": "A1",
    "类型": "大型广告",
    "地址": "人民路",
    "乡镇编码": TOWN,
    "许可编号": "X1",
    "许可起": "2025-01-01",
    "许可止": "2025-12-31 00:00:00",
    "符合规划": "是",
    "最近检查日期": "2025-06-03",
    "最近检查结果": "合格",
    "拆除日期": None,
}
MATTER = {
    "事项编号": "S1",
    "来源": "县委",
    "标题": "整治",
    "牵头单位": "D01",
    "交办时间": "2025-06-01 08:00:00",
    "期限": "2025-06-10",
    "验收时间": "2025-06-10",
    "状态": "已落实",
}
TOILET = {
    "公厕编号": "G1",
    "名称": "公厕",
    "乡镇编码": TOWN,
    "类别": "一类",
    "设施得分": "95.5",
    "保洁得分": "100",
    "服务得分": "0",
    "一票否决": "否",
}


def error(column: str, text: str) -> dict[str, str]:
    """Return an error cell as landing writes it."""
    return {column: text, "_unreadable": f"{column}={text}"}


def waste(project: str, generated: str | None) -> dict[str, str | None]:
    return {
        "项目编号": project,
        "名称": "工地",
        "乡镇编码": TOWN,
        "产生量kg": generated,
        "就地利用量kg": "0",
    }


AFFAIRS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "ad_facilities": [
        (AD, "accepted"),
        (AD | {"设施编号": "A2", "许可起": None, "最近检查结果": None}, "accepted"),
        (AD | {"设施编号": None}, "E01"),
        (AD, "E01"),
        (AD | {"设施编号": "A3", "许可止": "长期"}, "E02"),
        (AD | {"设施编号": "A4", "最近检查日期": "2025-06-03 09:30:00"}, "E02"),
        (AD | {"设施编号": "A5", "最近检查结果": "良好"}, "E03"),
        (AD | {"设施编号": "A6", "符合规划": None}, "E02"),
        (AD | {"设施编号": "A7", "乡镇编码": "420323999999"}, "E04"),
        (AD | {"设施编号": "A8", "乡镇编码": None}, "E04"),
        (AD | {"设施编号": "A9", "拆除日期": "x", "最近检查结果": "x"}, "E02"),
        (AD | {"设施编号": "B1", **error("拆除日期", "#REF!")}, "E02"),
        (AD | {"设施编号": "B2", **error("最近检查结果", "#SPILL!")}, "E02"),
        (AD | {"设施编号": "B3", **error("地址", "#N/A")}, "E02"),
        (AD | {"设施编号": "B4", "许可起": "2025/1/1"}, "accepted"),
        (AD | {"设施编号": "B5", "拆除日期": "1899-12-30"}, "E02"),
        (AD | {"设施编号": "B6", "拆除日期": "2101-01-01"}, "E02"),
        (AD | {"设施编号": "合计：", "类型": "3"}, "ignored"),
        (AD | {"设施编号": "审核：某某", "类型": "3", "符合规划": None}, "ignored"),
        (AD | {"设施编号": None, "类型": "平均"}, "ignored"),
    ],
    "supervision_items": [
        (MATTER, "accepted"),
        (MATTER | {"事项编号": "S2", "期限": None, "验收时间": None}, "accepted"),
        (MATTER | {"事项编号": "S3", "期限": "2025-06-10 12:00"}, "accepted"),
        (MATTER | {"事项编号": "S4", "期限": "月底"}, "E02"),
        (MATTER | {"事项编号": "S5", "状态": "完成"}, "E03"),
    ],
    "toilets": [
        (TOILET, "accepted"),
        (TOILET | {"公厕编号": "G2", "设施得分": "100.5"}, "E02"),
        (TOILET | {"公厕编号": "G3", "服务得分": None}, "E02"),
    ],
    "equipment": [
        ({"装备名称": "执法车", "标准数量": "5", "在用合格数量": "4"}, "accepted"),
        ({"装备名称": "记录仪", "标准数量": "五", "在用合格数量": "4"}, "E02"),
        ({"装备名称": "对讲机", "标准数量": "5", "在用合格数量": "-1"}, "E02"),
        (
            {"装备名称": "雪铲", "标准数量": "１,２００", "在用合格数量": "5"},
            "accepted",
        ),
        ({"装备名称": "车", "标准数量": "5吨", "在用合格数量": "5"}, "E02"),
    ],
    "construction_waste": [
        (waste("W1", "12,340"), "accepted"),
        (waste("W2", "１２３４０ kg"), "accepted"),
        (waste("W3", "12340公斤"), "accepted"),
        (waste("W4", "12.5吨"), "E02"),
        (waste("W5", "12,34"), "E02"),
        (waste("W6", "50%"), "E02"),
        (waste("W7", None), "E02"),
    ],
    "staffing": [
        ({"在编执法人员": "60", "辅助人员": "66", "城市人口": "120000"}, "accepted"),
        ({"在编执法人员": "60", "辅助人员": "6.5", "城市人口": "120000"}, "E02"),
    ],
    "department_adjustments": [
        ({"单位编码": "D01", "加减分": "-5", "依据": "x", "审批人": "y"}, "accepted"),
        ({"单位编码": "D02", "加减分": "5.5", "依据": "x", "审批人": "y"}, "E02"),
        ({"单位编码": "D01", "加减分": "1", "依据": "x", "审批人": "y"}, "E01"),
    ],
    "green_survey": [
        (
            {
                "年度": "2024",
                "边界版本": "v1",
                "建成区面积km2": "12.5",
                "绿化覆盖面积km2": "5.2",
                "绿地面积km2": "4.9",
                "公园绿地面积ha": "180",
                "城区人口": "110000",
                "城区暂住人口": "9000",
            },
            "accepted",
        ),
        ({"年度": "去年"}, "E02"),
    ],
    "contract_events": [
        (
            {
                "事件编号": "K1",
                "合同单位": "H1",
                "类型": "P1",
                "发生日期": "2025-06-03",
                "依据": "通报",
                "审批人": "局长",
            },
            "accepted",
        ),
        ({"事件编号": "K2", "类型": "P6", "发生日期": "2025-06-03"}, "E03"),
    ],
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    night = HandMadeNight(tmp_path_factory.mktemp("registers"), D)

    def refer(
        name: str,
        rows: list[dict[str, Any]],
        day: date,
        nth: int = 1,
        defect: str | None = None,
    ) -> None:
        cells = {"reference_rows": rows}
        night.land_file("reference", (name, None), cells, day, nth, defect)

    old = {"town_code": TOWN, "name": "旧名", "is_urban": "否"}
    new = {"town_code": TOWN, "name": "新名", "is_urban": "是"}
    refer("towns", [old], date(2025, 6, 10))
    refer("towns", [new | {"name": "手误"}], date(2025, 6, 20))
    refer("towns", [new], date(2025, 6, 20), nth=2)
    refer("towns", [], date(2025, 6, 25), defect="无法解码")
    refer("towns", [], date(2025, 7, 1))
    refer(
        "facilities",
        [
            plant("F1"),
            plant(None),
            plant("F1"),
            plant("F2", harmless="有"),
            plant("F3", kind="新型"),
            {"_fields": ["F4", "转运站"]},
            plant("F1", name="另一个厂"),
            plant("F5", serves=None),
            plant("合计"),
        ],
        D,
    )
    category = {"kind": "事件", "category_code": "0101", "indicator_group": None}
    refer(
        "case_categories",
        [category, category | {"kind": "部件"}, category, category | {"kind": None}],
        D,
    )
    refer(
        "contractors",
        [
            {"contractor_code": "H1", "contract_from": "2025-01-01"},
            {"contractor_code": "H2", "contract_from": "去年"},
            {"contractor_code": "H3", "monthly_fee_yuan": "一百万"},
        ],
        date(2025, 7, 9),
    )
    refer(
        "communities",
        [
            community("420323100001", TOWN),
            community("420323999001", "420323999000"),
        ],
        D,
    )
    for day, rows in (
        (10, [dept("D1", "甲局"), dept("D2", "乙局"), dept("D3", "丙局")]),
        (15, [dept("D1", "x", "?"), dept("D2", "x", "?"), dept("D4", "丁局")]),
        (20, [dept("D1", "甲局新"), dept("D2", "x", "?"), dept("D4", "丁局")]),
    ):
        refer("departments", rows, date(2025, 6, day))
    for register, rows in AFFAIRS.items():
        cells = [row for row, _ in rows]
        night.land_file("registers", (register, JUNE), {"register_rows": cells}, D)
    night.land_file("registers", ("parking", JUNE), {}, D, defect="缺少列：路内泊位")
    night.land_file("registers", ("equipment", MAY), {"register_rows": []}, D)
    night.run("+path:models/staging/registers", "+path:models/staging/reference")
    return night


def community(code: str, town: str) -> dict[str, Any]:
    return {
        "community_code": code,
        "name": "社区",
        "town_code": town,
        "in_urban_area": "是",
    }


def dept(code: str, name: str, group: str = "职能部门") -> dict[str, Any]:
    return {"dept_code": code, "name": name, "ranking_group": group}


def plant(code: str | None, **cells: Value) -> dict[str, Any]:
    return {
        "facility_id": code,
        "name": "厂",
        "kind": "焚烧",
        "serves": "全县",
        "harmless": "是",
    } | cells


@pytest.mark.parametrize("register", AFFAIRS)
def test_a_register_row_is_judged_by_the_first_rule_it_breaks(
    night: HandMadeNight, register: str
) -> None:
    found = night.ask(
        "select coalesce(rule, verdict) from restricted.checked_register_rows "
        "where register = ? order by line",
        register,
    )

    assert [rule for (rule,) in found] == [rule for _, rule in AFFAIRS[register]]


def test_a_register_is_present_when_its_file_can_be_read_even_if_empty(
    night: HandMadeNight,
) -> None:
    months = night.ask(
        "select register, register_month from staging.stg_registers__months "
        "where register in ('parking', 'equipment') order by register_month"
    )
    refused = night.ask(
        "select owner, rule from restricted.checked_files where rule is not null "
        "and source = 'registers'"
    )

    assert months == [("equipment", MAY), ("equipment", JUNE)]
    assert refused == [("parking", "E10")]


def test_a_deadline_that_is_a_date_ends_with_that_day(night: HandMadeNight) -> None:
    found = night.ask(
        "select item_no, cast(due_at as varchar), cast(verified_at as varchar) "
        "from staging.stg_registers__supervision_items order by item_no"
    )

    assert found == [
        ("S1", "2025-06-11 00:00:00", "2025-06-10 00:00:00"),
        ("S2", None, None),
        ("S3", "2025-06-10 12:00:00", "2025-06-10 00:00:00"),
    ]


def test_an_edition_holds_from_its_day_and_the_first_for_all_days_before(
    night: HandMadeNight,
) -> None:
    towns = night.ask(
        "select name, is_urban, valid_from, valid_to "
        "from staging.stg_reference__towns order by valid_from"
    )

    assert towns == [
        ("旧名", False, date(1900, 1, 1), date(2025, 6, 20)),
        ("新名", True, date(2025, 6, 20), date(9999, 12, 31)),
    ]


def test_of_two_versions_of_one_night_the_last_is_the_edition(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select cells['name'], verdict from restricted.checked_reference_rows "
        "where owner = 'towns' order by load_id"
    )

    assert found == [
        ("旧名", "accepted"),
        ("手误", "superseded"),
        ("新名", "accepted"),
    ]


def test_a_refused_edition_leaves_the_one_before_in_force(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select rule, message from restricted.checked_files "
        "where source = 'reference' and verdict = 'quarantined'"
    )

    assert found == [("F10", "整个文件被拒收：无法解码")]


def test_reference_rows_are_judged_by_key_and_type(night: HandMadeNight) -> None:
    found = night.ask(
        "select owner, coalesce(rule, verdict) "
        "from restricted.checked_reference_rows "
        "where owner not in ('towns', 'departments') "
        "order by owner, line"
    )

    assert found == [
        ("case_categories", "accepted"),
        ("case_categories", "accepted"),
        ("case_categories", "superseded"),
        ("case_categories", "F01"),
        ("communities", "accepted"),
        ("communities", "F04"),
        ("contractors", "accepted"),
        ("contractors", "F03"),
        ("contractors", "F03"),
        ("facilities", "accepted"),
        ("facilities", "F01"),
        ("facilities", "superseded"),
        ("facilities", "F03"),
        ("facilities", "F02"),
        ("facilities", "F01"),
        ("facilities", "F01"),
        ("facilities", "F02"),
        ("facilities", "ignored"),
    ]


def test_a_repeated_key_is_told_with_both_names(night: HandMadeNight) -> None:
    assert night.ask(
        "select message from restricted.checked_reference_rows "
        "where owner = 'facilities' and cells['name'] = '另一个厂'"
    ) == [("主键重复：F1（厂；另一个厂）",)]


def test_a_refused_row_of_a_newer_edition_leaves_the_last_sound_one_in_force(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select dept_code, name, valid_from, valid_to "
        "from staging.stg_reference__departments order by dept_code, valid_from"
    )

    old, last = date(1900, 1, 1), date(9999, 12, 31)
    second, third = date(2025, 6, 15), date(2025, 6, 20)
    assert found == [
        # Refused in the second edition, sound again in the third.
        ("D1", "甲局", old, third),
        ("D1", "甲局新", third, last),
        # Refused in the second and the third.
        ("D2", "乙局", old, last),
        # Not in the second edition any more.
        ("D3", "丙局", old, second),
        ("D4", "丁局", second, third),
        ("D4", "丁局", third, last),
    ]
