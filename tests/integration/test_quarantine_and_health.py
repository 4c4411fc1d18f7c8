"""Two nights in a row: what was turned away, what was mended, who was late."""

import json
from datetime import date
from typing import Any

import pytest
from landed_by_hand import HandMadeNight, Value
from test_checked_cases import CASE, call
from test_checked_weighbridge import facility, ticket

JUNE = date(2025, 6, 1)
D26, D27, D28, D29, D30 = (date(2025, 6, day) for day in range(26, 31))


def case(name: str, at: str, **fields: Value) -> dict[str, Any]:
    return CASE | {"case_id": name, "updated_at": f"{at}T20:00:00+08:00"} | fields


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    """Run the nights of 29 and 30 June; the first leaves its answers in a table."""
    nights = HandMadeNight(tmp_path_factory.mktemp("nights"), D29)
    first_night(nights)
    nights.run("+quarantine_summary", "+source_health")
    nights.keep("quarantine", "quarantine_of_29_june")
    nights.move_to(D30)
    second_night(nights)
    nights.run("+quarantine_summary", "+source_health")
    return nights


def first_night(night: HandMadeNight) -> None:
    facilities = [facility("F1"), facility("F2")]
    night.land_file(
        "reference", ("facilities", None), {"reference_rows": facilities}, D26
    )
    for source in ("weighbridge", "cases", "callbacks", "sanitation", "registers"):
        night.note_load(source, D26)
    for day in (D26, D27):
        night.land_file("weighbridge", ("F1", day), tickets(f"F1 {day}"), day)
    night.land_file("weighbridge", ("F2", D26), {"tickets": []}, D26)
    night.land_file("weighbridge", ("F1", D28), {"tickets": []}, D28)
    night.land_file("weighbridge", ("F2", D28), {"tickets": []}, D29)
    night.land_file("weighbridge", ("F1", D29), {}, D29, defect="无法解码")
    night.land_file("weighbridge", ("F2", D29), tickets("bad", 净重kg="x"), D29)

    night.land_records(
        "cases",
        [
            case("mended", "2025-06-26", status="错"),
            case("never mended", "2025-06-27", kind="错"),
            case("waived", "2025-06-28", kind="错"),
            case("sound before", "2025-06-26"),
            case("sound before", "2025-06-29", status="错"),
            case("sound before", "2025-06-28", dept_code="D02"),
        ],
        D29,
    )
    night.land_records("callbacks", [call("C", updated_at="2025-06-26T09:00:00Z")], D26)
    night.land_typed("lamp", [{"lamp_id": "L1", "control": "蜡烛"}], D29)
    for source in ("cases", "callbacks"):
        night.note_load(source, D27, outcome="failed")
        night.note_load(source, D28, outcome="failed")
        night.note_load(source, D29)
    night.land_file("registers", ("toilets", date(2025, 5, 1)), {}, D29)
    night.land_file("registers", ("toilets", JUNE), {}, D29)


def second_night(night: HandMadeNight) -> None:
    night.land_records("cases", [case("mended", "2025-06-30")], D30)
    night.note_load("cases", D30)
    night.note_load("callbacks", D30, outcome="failed")
    night.land_file("weighbridge", ("F1", D29), tickets("readable"), D30)
    night.land_file("weighbridge", ("F2", D29), tickets("good now"), D30)
    night.land_file("weighbridge", ("F2", D27), {"tickets": []}, D30)
    night.waive("cases", "waived", D30)


def tickets(name: str, **cells: Value) -> dict[str, list[Any]]:
    return {"tickets": [ticket(name, **cells)]}


def test_what_is_mended_or_waived_says_so_and_the_rest_stays_open(
    nights: HandMadeNight,
) -> None:
    found = nights.ask(
        "select record_key, rule, status, first_seen_as_of, resolved_as_of "
        "from quarantine order by source, record_key"
    )

    assert found == [
        ("mended", "A02", "resubmitted", D29, D30),
        ("never mended", "A02", "open", D29, None),
        ("sound before", "A02", "open", D29, None),
        ("waived", "A02", "waived", D29, D30),
        ("L1", "D02", "open", D29, None),
        ("F2/bad", "B02", "resubmitted", D29, D30),
        ("weighbridge/F1/2025-06-29", "B10", "resubmitted", D29, D30),
    ]


def test_the_night_before_had_everything_open(nights: HandMadeNight) -> None:
    found = nights.ask(
        "select status, count(*) from quarantine_of_29_june group by status"
    )

    assert found == [("open", 7)]


def test_the_row_comes_back_as_it_was_received(nights: HandMadeNight) -> None:
    found = nights.ask(
        "select raw ->> '$.净重kg', line_or_key, file from quarantine "
        "where rule = 'B02'"
    )
    (lamp,) = nights.ask("select raw from quarantine where source = 'lighting'")

    assert found == [("x", "2", "weighbridge/F2/2025-06-29")]
    assert json.loads(lamp[0]).keys().isdisjoint(["row_id", "load_id", "landed_at"])
    assert json.loads(lamp[0])["control"] == "蜡烛"


def test_the_summary_adds_up(nights: HandMadeNight) -> None:
    found = nights.ask(
        "select source, rule, month, rows_quarantined, open, resubmitted, waived "
        "from marts.quarantine_summary order by source, rule"
    )

    assert found == [
        ("cases", "A02", "2025-06", 4, 2, 1, 1),
        ("lighting", "D02", "2025-06", 1, 1, 0, 0),
        ("weighbridge", "B02", "2025-06", 1, 0, 1, 0),
        ("weighbridge", "B10", "2025-06", 1, 0, 1, 0),
    ]


def test_weighbridge_days_tell_who_was_missing_late_or_silent(
    nights: HandMadeNight,
) -> None:
    found = nights.ask(
        "select business_date, received, accepted, quarantined, superseded, status "
        "from marts.source_health where source = 'weighbridge' order by business_date"
    )

    assert found == [
        (D26, 1, 1, 0, 0, "正常"),
        (D27, 1, 1, 0, 0, "迟到"),
        (D28, 0, 0, 0, 0, "正常"),
        (D29, 4, 2, 2, 0, "正常"),
        (D30, 0, 0, 0, 0, "缺失"),
    ]


def test_api_days_are_covered_by_the_next_load_that_succeeds(
    nights: HandMadeNight,
) -> None:
    found = nights.ask(
        "select source, business_date, received, status from marts.source_health "
        "where source in ('cases', 'callbacks') "
        "and business_date >= date '2025-06-26' order by source desc, business_date"
    )

    assert found == [
        ("cases", D26, 2, "正常"),
        ("cases", D27, 1, "迟到"),
        ("cases", D28, 2, "正常"),
        ("cases", D29, 1, "正常"),
        ("cases", D30, 1, "正常"),
        ("callbacks", D26, 1, "正常"),
        ("callbacks", D27, 0, "迟到"),
        ("callbacks", D28, 0, "正常"),
        ("callbacks", D29, 0, "正常"),
        ("callbacks", D30, 0, "缺失"),
    ]


def test_a_register_is_due_when_its_month_has_ended(nights: HandMadeNight) -> None:
    found = nights.ask(
        "select business_date, status from marts.source_health "
        "where source = 'registers' order by business_date"
    )

    assert found == [(date(2025, 5, 1), "迟到"), (JUNE, "迟到")]


def test_reference_tables_have_a_day_for_each_edition(nights: HandMadeNight) -> None:
    found = nights.ask(
        "select business_date, received, status from marts.source_health "
        "where source = 'reference'"
    )

    assert found == [(D26, 2, "正常")]
