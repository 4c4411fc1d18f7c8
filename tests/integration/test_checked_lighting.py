"""The street-light database, from its rows to the verdict."""

from datetime import date, datetime
from typing import Any

import pytest
from landed_by_hand import HandMadeNight, Value

D = date(2025, 6, 30)
SPRING = datetime(2025, 3, 1)  # noqa: DTZ001 - county time has no zone
DUSK = datetime(2025, 6, 3, 19)  # noqa: DTZ001
DAWN = datetime(2025, 6, 4, 6)  # noqa: DTZ001


def lamp(name: str, **columns: Value) -> dict[str, Any]:
    return {
        "lamp_id": name,
        "pole_no": "P1",
        "circuit_id": "K1",
        "segment_id": "R1",
        "town_code": "420323100000",
        "road_class": "主干道",
        "power_w": 150.0,
        "control": "单灯",
        "in_service_from": date(2020, 1, 1),
        "updated_at": SPRING,
    } | columns


def plan(circuit: str, night: date, **columns: Value) -> dict[str, Any]:
    return {
        "circuit_id": circuit,
        "night_date": night,
        "on_at": DUSK,
        "off_at": DAWN,
        "updated_at": SPRING,
    } | columns


def outage(name: str, **columns: Value) -> dict[str, Any]:
    return {
        "outage_id": name,
        "circuit_id": "K1",
        "starts_at": DUSK,
        "ends_at": DAWN,
        "updated_at": SPRING,
    } | columns


def fault(name: str, **columns: Value) -> dict[str, Any]:
    return {
        "fault_id": name,
        "lamp_id": "L1",
        "found_at": DUSK,
        "found_by": "夜巡",
        "grade": "一般",
        "due_at": None,
        "fixed_at": DAWN,
        "updated_at": SPRING,
    } | columns


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    night = HandMadeNight(tmp_path_factory.mktemp("lighting"), D)
    night.land_typed(
        "lamp",
        [
            lamp("L1"),
            lamp("no control", control=None, circuit_id=None),
            lamp("candle", control="蜡烛", circuit_id="K2"),
            lamp("sucks power", power_w=-1.0, circuit_id="K3"),
            lamp("both", control="蜡烛", power_w=-1.0),
            lamp("of tomorrow", updated_at=datetime(2025, 7, 2)),  # noqa: DTZ001
        ],
        D,
    )
    night.land_typed(
        "lamp",
        [
            lamp("L1", power_w=90.0, updated_at=DUSK),
            lamp("L1", power_w=-5.0, updated_at=DAWN),
        ],
        D,
        nth=2,
    )
    night.land_typed(
        "switch_plan",
        [
            plan("K1", date(2025, 6, 3)),
            plan("K2", date(2025, 6, 3)),
            plan("K1", date(2025, 6, 4), off_at=DUSK),
        ],
        D,
    )
    night.land_typed(
        "planned_outage",
        [outage("sound"), outage("lost", circuit_id="K9"), outage("0", ends_at=DUSK)],
        D,
    )
    night.land_typed(
        "lamp_fault",
        [
            fault("sound"),
            fault("still dark", fixed_at=None),
            fault("unknown lamp", lamp_id="L9"),
            fault("of a broken lamp", lamp_id="candle"),
            fault("by rumour", found_by="听说"),
            fault("grave", grade="重大"),
            fault("fixed first", found_at=DAWN, fixed_at=DUSK),
            fault("lamp before grade", lamp_id=None, grade=None),
        ],
        D,
    )
    night.run("+checked_switch_plan", "+checked_planned_outage", "+checked_lamp_fault")
    return night


def test_lamps_are_judged_and_the_newest_sound_version_stands(
    night: HandMadeNight,
) -> None:
    found = night.ask(
        "select lamp_id, power_w, coalesce(rule, verdict) "
        "from restricted.checked_lamp order by load_id, row_id"
    )

    assert found == [
        ("L1", 150.0, "superseded"),
        ("no control", 150.0, "accepted"),
        ("candle", 150.0, "D02"),
        ("sucks power", -1.0, "D04"),
        ("both", -1.0, "D02"),
        ("L1", 90.0, "accepted"),
        ("L1", -5.0, "D04"),
    ]


def test_a_circuit_is_known_by_its_lamps(night: HandMadeNight) -> None:
    assert night.rules("switch_plan") == {
        "K1/2025-06-03": "accepted",
        "K2/2025-06-03": "D01",
        "K1/2025-06-04": "D03",
    }


def test_outages_end_after_they_start(night: HandMadeNight) -> None:
    assert night.rules("planned_outage") == {
        "sound": "accepted",
        "lost": "D01",
        "0": "D03",
    }


def test_faults_are_judged_by_the_first_rule_they_break(night: HandMadeNight) -> None:
    assert night.rules("lamp_fault") == {
        "sound": "accepted",
        "still dark": "accepted",
        "unknown lamp": "D01",
        "of a broken lamp": "D01",
        "by rumour": "D02",
        "grave": "D02",
        "fixed first": "D03",
        "lamp before grade": "D01",
    }
