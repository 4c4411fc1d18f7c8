"""A night of the lamps is judged again when, and only when, it would be otherwise."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from landed_by_hand import HandMadeNight, Value
from test_checked_lighting import lamp, outage, plan

FIRST = date(2025, 6, 1)
NIGHTS = [FIRST + timedelta(days=n) for n in range(4)]
D = date(2025, 6, 5)
LATER = datetime(2025, 4, 1)  # noqa: DTZ001 - county time has no zone


def dusk(night: date) -> datetime:
    return datetime.combine(night, time(19))


def burning(
    circuit: str, night: date, hours: int = 4, **columns: Value
) -> dict[str, Any]:
    ends = dusk(night) + timedelta(hours=hours)
    return plan(circuit, night, on_at=dusk(night), off_at=ends, **columns)


def polls(lamps: Iterable[str], night: date, hours: float = 4) -> list[dict[str, Any]]:
    return [
        {
            "lamp_id": name,
            "ts": dusk(night) + timedelta(minutes=30 * n),
            "power_state": "on",
            "online": True,
            "power_w": 90.0,
        }
        for name in lamps
        for n in range(int(hours * 2) + 1)
    ]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> HandMadeNight:
    """Four nights of two circuits with two lamps each; all but one lamp lit."""
    night = HandMadeNight(tmp_path_factory.mktemp("lamp_nights"), D)
    night.land_typed(
        "lamp",
        [
            lamp("A1"),
            lamp("A2"),
            lamp("B1", circuit_id="K2"),
            lamp("B2", circuit_id="K2"),
            lamp("C", control="回路"),
        ],
        D,
    )
    night.land_typed(
        "switch_plan", [burning(c, day) for c in ("K1", "K2") for day in NIGHTS], D
    )
    for day in NIGHTS:
        night.land_polls(day, polls(["A1", "A2", "B1"], day))
    night.run("+int_lamp_night_records", "int_lamp_nights")
    return night


def verdicts(night: HandMadeNight) -> dict[tuple[date, str], int]:
    return {
        (day, verdict): count
        for day, verdict, count in night.ask(
            "select night_date, verdict, cast(sum(record_count) as int) "
            "from intermediate.int_lamp_night_records group by all"
        )
    }


def judged_afresh(night: HandMadeNight) -> dict[tuple[date, str], int]:
    return {
        (day, verdict): count
        for day, verdict, count in night.ask(
            "select night_date, verdict, count(*) "
            "from intermediate.int_lamp_nights group by all"
        )
    }


def hashes(night: HandMadeNight) -> dict[date, str]:
    return dict(
        night.ask(
            "select distinct night_date, input_hash "
            "from intermediate.int_lamp_night_records"
        )
    )


def changed_by(night: HandMadeNight) -> set[date]:
    """Run once more; return the nights that were judged again."""
    before = hashes(night)
    night.run("+int_lamp_night_records")
    after = hashes(night)
    assert verdicts(night) == judged_afresh(night)
    return {day for day in after if after[day] != before.get(day)}


def test_nights_come_from_their_inputs_and_from_nothing_else(
    night: HandMadeNight,
) -> None:
    assert verdicts(night) == {
        (day, verdict): count
        for day in NIGHTS
        for verdict, count in (("亮", 3), ("未知", 1))
    }
    assert changed_by(night) == set()

    night.land_polls(NIGHTS[0], polls(["B2"], NIGHTS[0]), nth=2)
    assert NIGHTS[0] in changed_by(night)
    assert verdicts(night)[NIGHTS[0], "亮"] == 4

    later = [burning("K2", NIGHTS[1], hours=9, updated_at=LATER)]
    night.land_typed("switch_plan", later, D, nth=2)
    assert changed_by(night) == {NIGHTS[1]}
    assert verdicts(night)[NIGHTS[1], "未知"] == 2

    works = [
        outage(
            "works", starts_at=dusk(NIGHTS[2]), ends_at=dusk(NIGHTS[3]), circuit_id="K1"
        )
    ]
    night.land_typed("planned_outage", works, D, nth=3)
    assert changed_by(night) == {NIGHTS[2], NIGHTS[3]}
    assert verdicts(night)[NIGHTS[2], "计划停"] == 2

    taken_down = [lamp("A2", in_service_to=NIGHTS[2], updated_at=LATER)]
    night.land_typed("lamp", taken_down, D, nth=4)
    again = changed_by(night)
    assert NIGHTS[3] in again
    assert not again & set(NIGHTS[:3])
