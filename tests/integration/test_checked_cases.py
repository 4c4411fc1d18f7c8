"""The case platform's records, from the JSON as it came to the verdict."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from landed_by_hand import HandMadeNight, Value

D = date(2025, 6, 30)

CASE: dict[str, Any] = {
    "case_id": "C1",
    "kind": "事件",
    "category_code": "0101",
    "channel": "12345",
    "is_urban_management": True,
    "town_code": "420323100000",
    "community_code": "420323100001",
    "grid_code": "420323100001001",
    "lon": 110.2,
    "lat": None,
    "dept_code": "D01",
    "contractor_code": None,
    "reporter_name": "张三",
    "reporter_phone": "13800000000",
    "description": "门前有垃圾",
    "reported_at": "2025-06-03T08:00:00+08:00",
    "accepted_at": "2025-06-03T08:05:00+08:00",
    "registered_at": "2025-06-03T08:15:00+08:00",
    "dispatched_at": "2025-06-03T08:20:00+08:00",
    "due_at_original": "2025-06-05T08:15:00+08:00",
    "due_at": "2025-06-05T08:15:00+08:00",
    "stop_due_at": None,
    "stopped_at": None,
    "disposed_at": "2025-06-04T08:15:00+08:00",
    "checked_at": None,
    "closed_at": "2025-06-04T09:00:00+08:00",
    "status": "已结案",
    "suspended_at": None,
    "resumed_at": None,
    "master_case_id": None,
    "rework_count": 0,
    "extension_count": 0,
    "resolution_means": "管理",
    "updated_at": "2025-06-04T09:00:00+08:00",
}

DONE = {"closed_at": "2025-06-04T08:00:00+08:00", "status": "已结案"}

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("no version", {"updated_at": None}, "A01"),
    ("empty version", {"updated_at": ""}, "A01"),
    ("unknown kind", {"kind": "其他"}, "A02"),
    ("no kind", {"kind": None}, "A02"),
    ("unknown channel", {"channel": "电话"}, "A02"),
    ("unknown status", {"status": "办结"}, "A02"),
    ("unknown means", {"resolution_means": "处罚"}, "A02"),
    ("time without offset", {"accepted_at": "2025-06-03T08:05:00"}, "A03"),
    ("time that is no time", {"due_at": "明天"}, "A03"),
    ("30 February", {"stop_due_at": "2025-02-30T08:00:00+08:00"}, "A03"),
    ("a number for a time", {"checked_at": 1748937600}, "A03"),
    ("unreadable version", {"updated_at": "2025/06/04 09:00"}, "A03"),
    ("zero of a database", {"disposed_at": "1753-01-01T00:00:00+08:00"}, "A03"),
    ("zero of a spreadsheet", {"disposed_at": "1899-12-30T00:00:00+08:00"}, "A03"),
    ("zero of a language", {"suspended_at": "0001-01-01T00:00:00Z"}, "A03"),
    ("zero of a clock", {"stopped_at": "1970-01-01T00:00:00Z"}, "A03"),
    ("end of time", {"due_at": "9999-12-31T23:59:59+08:00"}, "A03"),
    ("version of the end of time", {"updated_at": "9999-12-31T00:00:00Z"}, "A03"),
    (
        "before the county's history",
        {"reported_at": "1999-12-31T23:59:59+08:00"},
        "A03",
    ),
    ("offset of no place on earth", {"due_at": "2025-06-05T08:00:00+25:00"}, "A03"),
    ("next century by county time", {"due_at": "2100-12-31T16:00:00Z"}, "A03"),
    ("next century", {"due_at": "2101-01-01T00:00:00+08:00"}, "A03"),
    ("accepted before reported", {"accepted_at": "2025-06-03T07:59:59+08:00"}, "A04"),
    (
        "dispatched before reported",
        {"dispatched_at": "2025-06-03T07:59:59+08:00", "disposed_at": None},
        "A04",
    ),
    (
        "disposed before reported",
        {"dispatched_at": None, "disposed_at": "2025-06-03T07:59:59+08:00"},
        "A04",
    ),
    (
        "closed before reported",
        {"registered_at": None, "closed_at": "2025-06-03T07:59:59+08:00"},
        "A04",
    ),
    ("due before reported", {"due_at": "2025-06-03T07:59:59+08:00"}, "A04"),
    ("empty town", {"town_code": ""}, "A06"),
    ("empty channel", {"channel": ""}, "A02"),
    ("empty count", {"rework_count": ""}, "A07"),
    ("registered first", {"registered_at": "2025-06-03T07:59:59+08:00"}, "A04"),
    ("disposed first", {"disposed_at": "2025-06-03T08:19:00+08:00"}, "A04"),
    ("closed first", {"closed_at": "2025-06-03T08:14:00+08:00"}, "A04"),
    (
        "resumed first",
        {
            "suspended_at": "2025-06-03T10:00:00+08:00",
            "resumed_at": "2025-06-03T09:00:00+08:00",
        },
        "A04",
    ),
    ("from the future", {"checked_at": "2025-06-04T09:05:01+08:00"}, "A05"),
    ("unknown town", {"town_code": "420323999999"}, "A06"),
    ("no town", {"town_code": None}, "A06"),
    ("unknown community", {"community_code": "420323100999"}, "A06"),
    ("yes in words", {"is_urban_management": "true"}, "A07"),
    ("no yes or no", {"is_urban_management": None}, "A07"),
    ("short category", {"category_code": "101"}, "A07"),
    ("category as number", {"category_code": 1011}, "A07"),
    ("channel as number", {"channel": 12345}, "A07"),
    ("negative count", {"rework_count": -1}, "A07"),
    ("half a count", {"extension_count": 0.5}, "A07"),
    ("count in words", {"rework_count": "two"}, "A07"),
    ("longitude in words", {"lon": "110.2"}, "A07"),
    ("short grid", {"grid_code": "4203231"}, "A07"),
    ("telephone as number", {"reporter_phone": 13800000000}, "A07"),
    ("two rules broken: the first counts", {"kind": "x", "lon": "x"}, "A02"),
    (
        "order before future",
        {
            "reported_at": "2025-06-05T08:00:00+08:00",
            "registered_at": "2025-06-04T08:00:00+08:00",
        },
        "A04",
    ),
]

SOUND: list[tuple[str, dict[str, Any]]] = [
    ("as it should be", {}),
    ("within five minutes", {"checked_at": "2025-06-04T09:05:00+08:00"}),
    ("due later than anything", {"due_at": "2026-01-01T00:00:00+08:00"}),
    ("Greenwich time", {"checked_at": "2025-06-04T01:00:00Z"}),
    ("split seconds", {"checked_at": "2025-06-04T08:59:59.123456+08:00"}),
    ("nothing optional", {"grid_code": None, "lon": None, "resolution_means": None}),
    ("a field of its own", {"street": "人民路"}),
    (
        "empty texts for nothing",
        {
            "master_case_id": "",
            "closed_at": "",
            "lon": "",
            "grid_code": "",
            "resolution_means": "",
            "dept_code": "",
        },
    ),
    ("first day of the county's history", {"reported_at": "2000-01-01T00:00:00+08:00"}),
    ("closed but still in progress", {**DONE, "status": "处置中"}),
    ("closed, then opened again", DONE),
    ("void, though it was closed", {**DONE, "status": "作废"}),
    ("codes that nobody knows", {"dept_code": "D99", "category_code": "9999"}),
    ("in the sea", {"lon": 0, "lat": 0.0}),
    ("registered at once", {"registered_at": CASE["reported_at"]}),
]


def town(code: str) -> dict[str, str]:
    return {"town_code": code, "name": "城关镇", "is_urban": "是"}


def community(code: str) -> dict[str, str]:
    return {
        "community_code": code,
        "name": "西关社区",
        "town_code": "420323100000",
        "in_urban_area": "是",
    }


KNOWN: dict[str, list[Mapping[str, str]]] = {
    "departments": [
        {"dept_code": "D01", "name": "环卫所", "ranking_group": "职能部门"},
    ],
    "case_categories": [
        {
            "kind": CASE["kind"],
            "category_code": CASE["category_code"],
            "class_name": "市容环境",
            "subclass_name": "暴露垃圾",
            "indicator_group": "",
        },
    ],
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    night = HandMadeNight(tmp_path_factory.mktemp("cases"), D)
    night.land_file(
        "reference", ("towns", None), {"reference_rows": [town("420323100000")]}, D
    )
    night.land_file(
        "reference",
        ("communities", None),
        {"reference_rows": [community("420323100001")]},
        D,
    )
    for table, rows in KNOWN.items():
        night.land_file("reference", (table, None), {"reference_rows": rows}, D)
    changed = [(name, fields) for name, fields, _ in BROKEN] + SOUND
    night.land_records(
        "cases",
        [
            *(CASE | {"case_id": name} | fields for name, fields in changed),
            CASE | {"case_id": None, "description": "no key"},
            CASE | {"case_id": " "},
            {"updated_at": "2025-06-04T09:00:00+08:00"},
            "这不是 JSON",
            "[1, 2]",
            CASE | {"case_id": "twice", "updated_at": "2025-06-04T09:00:00+08:00"},
            CASE | {"case_id": "twice", "updated_at": "2025-06-04T10:00:00+08:00"},
            CASE
            | {
                "case_id": "twice",
                "updated_at": "2025-06-04T11:00:00+08:00",
                "status": "错",
            },
            CASE | {"case_id": "tomorrow", "updated_at": "2025-07-01T00:00:01+08:00"},
            CASE | {"case_id": "midnight", "updated_at": "2025-07-01T00:00:00+08:00"},
            CASE | {"case_id": "utc", "updated_at": "2025-06-30T15:59:59Z"},
        ],
        D,
    )
    night.land_records(
        "case_events",
        [
            event("sound"),
            event("unknown type", event_type="lost"),
            event("no role", actor_role=None),
            event("no offset", event_at="2025-06-03 08:00:00"),
            event("future", event_at="2025-06-03T08:05:01+08:00"),
            event("no case", case_id=None),
            event("number for a department", dept_code=7),
            event("no version", updated_at=None),
            event("later due", new_due_at="2025-07-03T08:00:00+08:00"),
            event("nothing due", new_due_at="", result=""),
            event("long ago", event_at="1999-06-03T08:00:00+08:00"),
            event("never", event_at=""),
            event(
                "again",
                case_id="closed, then opened again",
                event_type="reopened",
                event_at="2025-06-04T08:00:01+08:00",
                updated_at="2025-06-04T08:00:01+08:00",
            ),
        ],
        D,
    )
    night.land_records(
        "callbacks",
        [
            call("sound"),
            call("not reached", reached=False, rating=None),
            call("unknown rating", rating="一般"),
            call("no time", called_at="上午"),
            call("future", called_at="2025-06-05T12:00:00+08:00"),
            call("reached in words", reached="是"),
            call("reached unknown", reached=None),
            call("attempt unknown", attempt_no=None),
            call("no version", updated_at=None),
        ],
        D,
    )
    night.run("+checked_cases", "+checked_case_events", "+checked_callbacks")
    return night


@pytest.fixture(scope="module")
def case_rules(night: HandMadeNight) -> dict[str, str]:
    return night.rules("cases")


def event(name: str, **fields: Value) -> dict[str, Any]:
    return {
        "event_id": name,
        "case_id": "C1",
        "event_type": "dispatched",
        "event_at": "2025-06-03T08:00:00+08:00",
        "actor_role": "派遣员",
        "dept_code": "D01",
        "to_dept_code": None,
        "result": None,
        "new_due_at": None,
        "updated_at": "2025-06-03T08:00:00+08:00",
    } | fields


def call(name: str, **fields: Value) -> dict[str, Any]:
    return {
        "callback_id": name,
        "case_id": "C1",
        "attempt_no": 1,
        "called_at": "2025-06-05T09:00:00+08:00",
        "reached": True,
        "rating": "满意",
        "updated_at": "2025-06-05T09:00:00+08:00",
    } | fields


@pytest.mark.parametrize(("name", "rule"), [(name, rule) for name, _, rule in BROKEN])
def test_a_broken_case_is_quarantined_under_its_rule(
    case_rules: dict[str, str], name: str, rule: str
) -> None:
    assert case_rules[name] == rule


@pytest.mark.parametrize("name", [name for name, _ in SOUND])
def test_a_sound_case_is_accepted(case_rules: dict[str, str], name: str) -> None:
    assert case_rules[name] == "accepted"


def test_a_record_without_a_key_or_that_is_no_record_breaks_the_first_rule(
    night: HandMadeNight,
) -> None:
    rules = night.ask(
        "select rule, count(*) from restricted.checked_cases "
        "where record_key is null or trim(record_key) = '' group by rule"
    )

    assert rules == [("A01", 5)]


def test_the_newest_sound_version_stands_and_a_broken_one_changes_nothing(
    night: HandMadeNight,
) -> None:
    versions = night.ask(
        "select version_at, verdict from restricted.checked_cases "
        "where case_id = 'twice' order by version_at"
    )

    assert [verdict for _, verdict in versions] == [
        "superseded",
        "accepted",
        "quarantined",
    ]


def test_a_version_of_tomorrow_waits_and_one_of_midnight_counts_today(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select case_id, business_date from restricted.checked_cases "
        "where case_id in ('tomorrow', 'midnight') "
    )

    assert found == [("midnight", D)]


def test_greenwich_time_is_told_as_county_time(night: HandMadeNight) -> None:
    (told,) = night.ask(
        "select updated_at from restricted.checked_cases where case_id = 'utc'"
    )

    assert str(told[0]) == "2025-06-30 23:59:59"


def test_a_message_names_the_field_but_not_the_person(night: HandMadeNight) -> None:
    (message,) = night.ask(
        "select message from restricted.checked_cases "
        "where case_id = 'telephone as number'"
    )

    assert message == ("字段类型不符：reporter_phone（内容不显示）（应为文字）",)


def test_a_message_tells_every_fault_with_its_value_and_what_was_expected(
    night: HandMadeNight,
) -> None:
    (told,) = night.ask(
        "select message, len(faults) from restricted.checked_cases "
        "where case_id = 'two rules broken: the first counts'"
    )

    assert told == (
        "取值不在约定内：kind=x（应为 事件、部件）；"
        "另 A07 字段类型不符：lon=x（应为数字）",
        2,
    )


def test_a_date_that_stands_for_none_is_named_as_such(night: HandMadeNight) -> None:
    told = night.ask(
        "select message from restricted.checked_cases "
        "where case_id in ('zero of a database', 'zero of a clock', 'end of time')"
    )

    assert all("像是表示“没有”的日期，没有时请留空" in message for (message,) in told)
    assert len(told) == 3


def test_what_is_odd_about_a_case_is_told_though_it_stands(
    night: HandMadeNight,
) -> None:
    warnings = dict(
        night.ask(
            "select case_id, left(warning, 3) from restricted.checked_cases "
            "where warning is not null"
        )
    )

    assert warnings == {
        "closed but still in progress": "AW2",
        "closed, then opened again": "AW2",
        "codes that nobody knows": "AW1",
        "in the sea": "AW3",
    }


def test_a_place_in_the_sea_is_no_place(night: HandMadeNight) -> None:
    assert night.ask(
        "select lon, lat from restricted.checked_cases where case_id = 'in the sea'"
    ) == [(None, None)]


def test_an_empty_text_says_as_little_as_null(night: HandMadeNight) -> None:
    assert night.ask(
        "select master_case_id, closed_at, resolution_means, dept_code "
        "from restricted.checked_cases where case_id = 'empty texts for nothing'"
    ) == [(None, None, None, None)]


def test_events_are_judged_by_the_rules_that_hold_for_them(
    night: HandMadeNight,
) -> None:
    assert night.rules("case_events") == {
        "sound": "accepted",
        "unknown type": "A02",
        "no role": "A02",
        "no offset": "A03",
        "future": "A05",
        "no case": "A07",
        "number for a department": "A07",
        "no version": "A01",
        "later due": "accepted",
        "nothing due": "accepted",
        "long ago": "A03",
        "never": "A07",
        "again": "accepted",
    }


def test_call_backs_are_judged_by_the_rules_that_hold_for_them(
    night: HandMadeNight,
) -> None:
    assert night.rules("callbacks") == {
        "sound": "accepted",
        "not reached": "accepted",
        "unknown rating": "A02",
        "no time": "A03",
        "future": "A05",
        "reached in words": "A07",
        "reached unknown": "A07",
        "attempt unknown": "A07",
        "no version": "A01",
    }
