"""Periods begin with what was sent, and what nobody fills in is no nought."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from landed_by_hand import HandMadeNight
from test_checked_lighting import lamp, outage
from test_lamp_nights import burning, polls

D = date(2025, 6, 5)
TOWN, COMMUNITY = "420323100000", "420323100001"
MARTS = ("+indicator_values", "+indicator_records", "+case_metrics", "+lamp_nights")


def case(number: int, on: date, **fields: str | None) -> Mapping[str, Any]:
    """Report a complaint that was handled by the clock, unless said otherwise."""
    times = {
        "reported_at": 8,
        "accepted_at": 8,
        "registered_at": 9,
        "dispatched_at": 10,
        "due_at_original": 18,
        "due_at": 18,
        "disposed_at": 11,
        "closed_at": 12,
    }
    return {
        "case_id": f"c{on:%y%m}-{number}",
        "kind": "事件",
        "category_code": "0203",
        "channel": "12345",
        "is_urban_management": True,
        "town_code": TOWN,
        "community_code": COMMUNITY,
        "grid_code": f"{COMMUNITY}01",
        "status": "已结案",
        "rework_count": 0,
        "extension_count": 0,
        "resolution_means": "服务",
        "updated_at": f"{on}T20:00:00+08:00",
        **{name: f"{on}T{hour:02d}:00:00+08:00" for name, hour in times.items()},
        **fields,
    }


def land_reference(night: HandMadeNight) -> None:
    tables = {
        "towns": {"town_code": TOWN, "name": "城关镇", "is_urban": "是"},
        "communities": {
            "community_code": COMMUNITY,
            "name": "北大街",
            "town_code": TOWN,
            "in_urban_area": "是",
        },
    }
    for name, row in tables.items():
        night.land_file("reference", (name, None), {"reference_rows": [row]}, D)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    """Cases since 2024, an advertising register of May and June, polls of one night."""
    night = HandMadeNight(tmp_path_factory.mktemp("periods"), D)
    land_reference(night)
    old = date(2024, 2, 5)
    may, june = date(2025, 5, 6), date(2025, 6, 2)
    # In May the platform noted no times of disposal; one case would not tell.
    cases = [
        case(1, old),
        *(case(n, may, disposed_at=None) for n in range(30)),
        *(case(n, june) for n in range(3)),
    ]
    night.land_records("cases", cases, D)
    advert = {
        "设施编号": "G1",
        "类型": "墙体",
        "乡镇编码": TOWN,
        "许可起": "2025-01-01",
        "许可止": "2025-12-31",
        "符合规划": "是",
        "最近检查日期": "2025-05-01",
        "最近检查结果": "合格",
    }
    blank = advert | {"最近检查日期": None, "最近检查结果": None}
    for month, row in ((date(2025, 5, 1), advert), (date(2025, 6, 1), blank)):
        rows = {"register_rows": [row]}
        night.land_file("registers", ("ad_facilities", month), rows, D)
    # A register of which only a broken file came has come.
    broken = ("equipment", date(2025, 4, 1))
    night.land_file("registers", broken, {}, D, defect="缺少列")
    polled = date(2025, 6, 3)
    night.land_typed("lamp", [lamp("A1"), lamp("B1", circuit_id="K2")], D)
    night.land_typed("switch_plan", [burning(c, polled) for c in ("K1", "K2")], D)
    night.land_typed(
        "planned_outage", [outage("J1", circuit_id="K2", ends_at=D + timedelta(9))], D
    )
    night.land_polls(polled, polls(["A1"], polled))
    for source in ("cases", "case_events", "callbacks", "lighting"):
        night.note_load(source, D)
    night.run(*MARTS)
    return night


def first_periods(night: HandMadeNight) -> dict[str, str]:
    return dict(
        night.ask(
            "select indicator_id, min(period) filter (where period_type = 'M') "
            "from marts.indicator_values group by indicator_id"
        )
    )


def cells(night: HandMadeNight, indicator: str, period: str) -> tuple[Any, ...]:
    (row,) = night.ask(
        "select numerator, denominator, value, null_reason, n, excluded, completeness "
        "from marts.indicator_values where indicator_id = ? and period = ? "
        "and area_code = '420323000000'",
        indicator,
        period,
    )
    return row


def test_an_indicator_begins_with_its_own_feed(night: HandMadeNight) -> None:
    first = first_periods(night)

    assert {first[name] for name in ("I03", "I18", "X06a", "X10")} == {"2024-02"}
    assert first["I02"] == "2025-05"
    assert first["I20"] == "2025-04", "a file refused whole was sent"
    assert {first[name] for name in ("I16", "I17", "I17b")} == {"2025-06"}
    assert first.keys().isdisjoint({"I01", "I07", "I12", "I13", "X01", "X05"})


def test_a_case_counts_in_its_month_however_old(night: HandMadeNight) -> None:
    for period in ("2024-02", "2024Q1", "2024"):
        assert cells(night, "I18", period)[:3] == (1, 1, 100)
        assert cells(night, "X06a", period)[2] == 1


def test_nights_before_the_first_poll_are_neither_counted_nor_excluded(
    night: HandMadeNight,
) -> None:
    nights = night.ask("select distinct night_date from marts.lamp_nights order by 1")

    assert nights == [(date(2025, 6, 3),), (date(2025, 6, 4),)]
    # The night of the 4th has no plan; one lamp of the 3rd stood in works.
    assert cells(night, "I17", "2025-06")[:2] == (1, 1)
    assert cells(night, "I17", "2025-06")[5] == 3


def test_a_field_that_nobody_filled_in_a_month_makes_no_nought(
    night: HandMadeNight,
) -> None:
    missing = (None, None, None, "not_provided", 0, 0, 0)

    assert cells(night, "I05", "2025-05") == missing
    assert cells(night, "I02", "2025-06") == missing
    assert cells(night, "I02", "2025-05")[:4] == (1, 1, 100, None)
    # The call-backs never came at all.
    assert cells(night, "I19", "2025-06") == missing
    # Closing times were noted: what needs only them is there.
    assert cells(night, "I18", "2025-05")[:3] == (30, 30, 100)
    assert not night.ask(
        "select * from marts.indicator_records "
        "where indicator_id = 'I19' or (indicator_id = 'I05' and period = '2025-05')"
    )


def test_a_quarter_sums_the_months_that_have_it_and_says_so(
    night: HandMadeNight,
) -> None:
    disposed = night.ask(
        "select period, numerator, denominator, value, null_reason "
        "from marts.case_metrics where metric_id = 'on_time_disposal_rate' "
        "and dimension = 'county' and period in ('2025-05', '2025-06', '2025Q2') "
        "order by period"
    )

    assert disposed == [
        ("2025-05", None, None, None, "not_provided"),
        ("2025-06", 3, 3, 100, None),
        ("2025Q2", 3, 3, 100, None),
    ]
    # April, and five days of June: the thirty-one days of May did not come.
    assert cells(night, "I05", "2025Q2")[6] == pytest.approx(35 / 66)
