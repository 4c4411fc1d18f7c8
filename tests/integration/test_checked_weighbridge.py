"""Weigh tickets, from the cells as they were written to the verdict."""

from datetime import date
from typing import Any

import pytest
from landed_by_hand import HandMadeNight, Value

D = date(2025, 6, 30)
D1, D2, D3 = date(2025, 6, 28), date(2025, 6, 29), D

TICKET: dict[str, Any] = {
    "磅单号": "T1",
    "衡器编号": "S1",
    "方向": "进",
    "车牌号": "鄂C12345",
    "运输单位": "H01",
    "垃圾类别": "其他垃圾",
    "是否二次": "否",
    "来源类型": "城区环卫",
    "来源编码": "420323100000",
    "去向设施": None,
    "毛重kg": "12,340",
    "皮重kg": "5340",
    "净重kg": "7000",
    "毛重时间": "2025-06-28 08:15:00",
    "皮重时间": "2025-06-28 08:30:00",
    "状态": "有效",
    "更正磅单号": None,
    "司磅员": "李四",
}

ROWS: list[tuple[str, dict[str, Any], str]] = [
    ("sound", {}, "accepted"),
    ("full-width", {"毛重kg": "１２，３４０", "净重kg": " ７０００　"}, "accepted"),
    ("a point", {"毛重kg": "12340.0"}, "accepted"),
    ("blank key", {"磅单号": "　 "}, "B01"),
    ("no weight", {"净重kg": None}, "B02"),
    ("weight in words", {"毛重kg": "约12吨"}, "B02"),
    ("commas anywhere", {"毛重kg": "1,2340"}, "B02"),
    ("not a number", {"毛重kg": "NaN"}, "B02"),
    ("nothing carried", {"毛重kg": "5340", "净重kg": "0"}, "B02"),
    ("within twenty kilos", {"净重kg": "7020"}, "accepted"),
    ("beyond twenty kilos", {"净重kg": "7021"}, "B03"),
    ("unknown direction", {"方向": "入"}, "B04"),
    ("unknown class", {"垃圾类别": "生活垃圾"}, "B04"),
    ("secondary unsaid", {"是否二次": None}, "B04"),
    ("unknown origin", {"来源类型": "外县"}, "B04"),
    ("unknown status", {"状态": "正常"}, "B04"),
    ("without seconds", {"毛重时间": "2025-06-28 08:15"}, "accepted"),
    ("a date for a time", {"皮重时间": "2025-06-28"}, "accepted"),
    ("slashes", {"皮重时间": "2025/06/28 08:30:00"}, "accepted"),
    ("no leading zeros", {"皮重时间": "2025-6-28 8:05"}, "accepted"),
    ("no such day", {"皮重时间": "2025-06-31 08:05"}, "B05"),
    ("zero of a spreadsheet", {"毛重时间": "1899-12-30 08:15:00"}, "B05"),
    ("no tare time", {"皮重时间": None}, "B05"),
    ("twelve hours", {"皮重时间": "2025-06-28 20:15:00"}, "accepted"),
    ("over twelve hours", {"皮重时间": "2025-06-28 20:15:01"}, "B05"),
    ("unknown town", {"来源编码": "420323999999"}, "B06"),
    ("no town", {"来源编码": None}, "B06"),
    ("a plant as a town", {"来源编码": "F1"}, "B06"),
    ("from a plant", {"来源类型": "设施", "来源编码": "F2"}, "accepted"),
    ("from an unknown plant", {"来源类型": "设施", "来源编码": "F9"}, "B06"),
    ("to a plant", {"方向": "出", "去向设施": "F2"}, "accepted"),
    ("to an unknown plant", {"方向": "出", "去向设施": "F9"}, "B06"),
    ("weight before class", {"净重kg": "x", "垃圾类别": "x"}, "B02"),
]


TOTAL = "合计、小计、平均等汇总行，不是记录"
NOTE = "制表、审核、备注等说明行，不是记录"


def ticket(name: str, **fields: Value) -> dict[str, Any]:
    return TICKET | {"磅单号": name, "车牌号": f"鄂C {name}"} | fields


def facility(code: str) -> dict[str, str]:
    return {
        "facility_id": code,
        "name": "转运站",
        "kind": "转运站",
        "serves": "城区",
        "harmless": "否",
    }


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    night = HandMadeNight(tmp_path_factory.mktemp("weighbridge"), D)
    night.land_file(
        "reference",
        ("facilities", None),
        {"reference_rows": [facility("F1"), facility("F2"), facility("F8")]},
        D1,
    )
    town = {"town_code": "420323100000", "name": "城关镇", "is_urban": "是"}
    night.land_file("reference", ("towns", None), {"reference_rows": [town]}, D1)

    def drop(
        name: tuple[str, date],
        rows: list[Any],
        day: date,
        nth: int = 1,
        defect: str | None = None,
    ) -> None:
        night.land_file("weighbridge", name, {"tickets": rows}, day, nth, defect)

    drop(
        ("F1", D1),
        [
            *(ticket(name, **fields) for name, fields, _ in ROWS),
            {"_fields": ["T9", "S1", "进"]},
            ticket("合计："),
            {"_fields": ["", " 小计 ", "12"]},
            ticket("备注：磅秤已检定", 净重kg="x"),
            {"_fields": ["制表人：某某", "6月"]},
            ticket("说明书回收"),
            ticket("repeated"),
            ticket("repeated"),
            ticket("repeated", 净重kg="x"),
        ],
        D1,
    )
    drop(("F9", D1), [ticket("of an unknown plant")], D1)
    drop(
        ("F8", D1),
        [
            ticket("stored long ago", 皮重时间="2024-01-05 10:00"),
            ticket("stored without a time", 皮重时间=None),
            ticket("stored some day", 皮重时间="某日"),
            ticket("taken a day later", 皮重时间="2025-06-30 08:00"),
        ],
        D1,
    )

    # The file of D2 is sent three times; the second is readable, the third is not.
    drop(("F1", D2), [ticket("as first said"), ticket("bad", 净重kg="x")], D2)
    drop(("F1", D2), [ticket("as last said"), ticket("bad")], D3)
    drop(("F1", D2), [], D3, nth=2, defect="缺少列：净重kg")

    # Two days claim one ticket; the plate is weighed twice within minutes.
    drop(("F2", D2), [ticket("claimed twice", 净重kg="6990")], D3)
    drop(
        ("F2", D3),
        [
            ticket("claimed twice"),
            weighing("twin 1", "08:00", "12,340"),
            weighing("twin 2", "08:09", "12,350"),
            weighing("ten minutes on", "08:19", "12,350"),
            weighing("other load", "08:20", "12,390", 净重kg="7050"),
            weighing("other plate", "08:09", "12,350", 车牌号="鄂C77777"),
        ],
        D3,
    )

    # Dated after D, and landed after D though its day is past: only the second counts.
    drop(("F2", date(2025, 7, 1)), [ticket("of tomorrow")], date(2025, 7, 1))
    drop(("F2", D1), [ticket("found later")], date(2025, 7, 5))
    drop(("F2", D1), [ticket("found later still")], date(2025, 7, 6))
    night.run("+checked_tickets")
    return night


def weighing(name: str, at: str, gross: str, **fields: Value) -> dict[str, Any]:
    return ticket(name) | {
        "车牌号": "鄂C66666",
        "毛重时间": f"2025-06-30 {at}:00",
        "皮重时间": f"2025-06-30 {at}:30",
        "毛重kg": gross,
        **fields,
    }


@pytest.fixture(scope="module")
def rules(night: HandMadeNight) -> dict[str, str]:
    return dict(
        night.ask(
            "select ticket_id, coalesce(rule, verdict) "
            "from restricted.checked_tickets "
            "where facility_id = 'F1' and file_date = date '2025-06-28' "
            "and ticket_id is not null and ticket_id != 'repeated'"
        )
    )


@pytest.mark.parametrize(
    ("name", "rule"), [(name, rule) for name, _, rule in ROWS if rule != "B01"]
)
def test_a_ticket_is_judged_by_the_first_rule_it_breaks(
    rules: dict[str, str], name: str, rule: str
) -> None:
    assert rules[name] == rule


def test_a_scale_with_stored_tares_need_not_say_when_it_took_one(
    night: HandMadeNight,
) -> None:
    assert dict(
        night.ask(
            "select ticket_id, coalesce(rule, verdict) "
            "from restricted.checked_tickets where facility_id = 'F8'"
        )
    ) == {
        "stored long ago": "accepted",
        "stored without a time": "accepted",
        "stored some day": "B05",
        "taken a day later": "B05",
    }


def test_lines_of_totals_are_no_tickets_and_notes_only_where_they_break_a_rule(
    night: HandMadeNight,
) -> None:
    assert night.ask(
        "select coalesce(ticket_id, 'no cells'), verdict, rule, message "
        "from restricted.checked_tickets where verdict = 'ignored' order by line"
    ) == [
        ("合计：", "ignored", None, TOTAL),
        ("no cells", "ignored", None, TOTAL),
        ("备注：磅秤已检定", "ignored", None, NOTE),
        ("no cells", "ignored", None, NOTE),
    ]
    assert night.ask(
        "select verdict from restricted.checked_tickets where ticket_id = '说明书回收'"
    ) == [("accepted",)]


def test_a_row_without_key_and_one_with_wrong_fields_keep_their_lines(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select rule, line from restricted.checked_tickets "
        "where record_key is null and rule is not null order by line"
    )

    assert found == [("B01", 5), ("B08", len(ROWS) + 2)]


def test_a_key_repeated_in_a_file_stands_once(night: HandMadeNight) -> None:
    found = night.ask(
        "select verdict, rule from restricted.checked_tickets "
        "where ticket_id = 'repeated' order by line"
    )

    assert found == [
        ("accepted", None),
        ("quarantined", "B07"),
        ("quarantined", "B02"),
    ]


def test_a_plant_that_is_not_in_the_register_weighs_nothing(
    night: HandMadeNight,
) -> None:
    assert night.rules("tickets")["F9/of an unknown plant"] == "B06"


def test_a_readable_file_replaces_what_it_said_and_a_refused_one_nothing(
    night: HandMadeNight,
) -> None:
    tickets = night.ask(
        "select ticket_id, verdict, rule from restricted.checked_tickets "
        "where facility_id = 'F1' and file_date = date '2025-06-29' "
        "order by load_id, line"
    )
    files = night.ask(
        "select verdict, rule, message from restricted.checked_files "
        "where owner = 'F1' and file_date = date '2025-06-29' order by load_id"
    )

    assert tickets == [
        ("as first said", "superseded", None),
        ("bad", "quarantined", "B02"),
        ("as last said", "accepted", None),
        ("bad", "accepted", None),
    ]
    assert files == [
        ("superseded", None, None),
        ("accepted", None, None),
        ("quarantined", "B10", "整个文件被拒收：缺少列：净重kg"),
    ]


def test_of_two_days_that_claim_a_ticket_the_later_one_has_it(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select verdict, business_date from restricted.checked_tickets "
        "where ticket_id = 'claimed twice' order by business_date"
    )

    assert found == [("superseded", D2), ("accepted", D3)]


def test_a_second_weighing_within_minutes_is_kept_and_marked(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select ticket_id, verdict, warning from restricted.checked_tickets "
        "where is_probable_duplicate"
    )

    assert found == [("twin 2", "accepted", "BW1 疑似重复过磅：twin 1")]


def test_a_file_is_seen_on_its_day_and_its_first_landing_on_every_night_before(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select ticket_id, verdict from restricted.checked_tickets "
        "where ticket_id in ('of tomorrow', 'found later', 'found later still')"
    )

    assert found == [("found later", "accepted")]
