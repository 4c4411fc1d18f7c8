"""Oracle: versions, replaced files and editions of a county on one page."""

from datetime import date

import pandas as pd
import pytest

from tests.golden.oracle.counts import counts
from tests.golden.oracle.database import COLUMNS
from tests.golden.oracle.rules_lighting import plan_rule, poll_rules
from tests.golden.oracle.shapes import SWEEPING_COLUMNS, TICKET_COLUMNS
from tests.golden.oracle.workdays import midnight
from tests.golden.small_county import TOWN, SmallCounty, local, workbook

MAY_10 = date(2025, 5, 10)
MAY_11 = date(2025, 5, 11)
PATH = "weighbridge/F6/weigh_F6_20250510.csv"


@pytest.fixture
def county() -> SmallCounty:
    return SmallCounty(date(2025, 5, 1))


def ticket(number: str, net: int, **changes: str) -> dict[str, str]:
    row = {
        "磅单号": number,
        "方向": "进",
        "垃圾类别": "其他垃圾",
        "是否二次": "否",
        "来源类型": "城区环卫",
        "来源编码": TOWN,
        "毛重kg": f"{net + 5000}",
        "皮重kg": "5000",
        "净重kg": f"{net}",
        "毛重时间": "2025-05-10 08:00:00",
        "皮重时间": "2025-05-10 08:10:00",
        "状态": "有效",
    }
    return row | changes


def csv(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    lines = [",".join(row.get(name, "") for name in TICKET_COLUMNS) for row in rows]
    return "\n".join([",".join(TICKET_COLUMNS), *lines]).encode(encoding)


def collected(county: SmallCounty, day: date) -> float:
    return county.value(day, "I09", "2025-05").denominator


def tally(county: SmallCounty, source: str, day: date = MAY_11) -> dict[str, int]:
    row = counts(county.night(day)).set_index("source").loc[source]
    return {name: int(number) for name, number in row.items() if number}


def test_a_sent_again_file_replaces_what_it_said_but_only_from_its_night(
    county: SmallCounty,
) -> None:
    county.file(PATH, csv(ticket("1", 1000), ticket("2", 2000)))
    county.seen = MAY_11
    county.file(PATH, csv(ticket("1", 1000), encoding="gb18030"))

    assert collected(county, MAY_10) == 3000
    assert collected(county, MAY_11) == 1000
    assert tally(county, "weighbridge") == {
        "received": 3,
        "accepted": 1,
        "superseded": 2,
    }


def test_a_refused_file_leaves_the_last_accepted_one_in_force(
    county: SmallCounty,
) -> None:
    county.file(PATH, csv(ticket("1", 1000)))
    county.seen = MAY_11
    county.file(PATH, b"\xff\xff")

    assert collected(county, MAY_11) == 1000
    assert tally(county, "weighbridge")["B10"] == 1


def test_a_correction_replaces_its_ticket_unless_it_is_quarantined(
    county: SmallCounty,
) -> None:
    fix = {"状态": "更正", "更正磅单号": "1"}
    county.file(PATH, csv(ticket("1", 1000), ticket("2", 2000)))
    good = csv(ticket("3", 700, **fix), ticket("4", 0, **fix | {"更正磅单号": "2"}))
    county.file("weighbridge/F6/weigh_F6_20250511.csv", good)

    assert collected(county, MAY_11) == 2700
    assert tally(county, "weighbridge")["B02"] == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"磅单号": "", "净重kg": "x"}, "B01"),
        ({"净重kg": "1O00"}, "B02"),
        ({"毛重kg": "６，０２１"}, "B03"),
        ({"状态": "未知", "毛重时间": ""}, "B04"),
        ({"皮重时间": "2025-05-10 20:00:01"}, "B05"),
        ({"来源编码": "F6"}, "B06"),
        ({"来源类型": "设施", "来源编码": TOWN}, "B06"),
    ],
)
def test_a_row_counts_under_the_first_rule_it_breaks(
    county: SmallCounty, changes: dict[str, str], code: str
) -> None:
    county.file(PATH, csv(ticket("1", 1000, **changes)))

    assert tally(county, "weighbridge") == {"received": 1, "quarantined": 1, code: 1}


def test_full_width_digits_and_thousands_are_numbers(county: SmallCounty) -> None:
    county.file(PATH, csv(ticket("1", 1000, 毛重kg="６０２０")))

    assert collected(county, MAY_11) == 1000


def test_a_quarantined_version_leaves_the_last_accepted_one_in_force(
    county: SmallCounty,
) -> None:
    done = {"due_at": local(MAY_10), "disposed_at": local(date(2025, 5, 9))}
    county.case("c1", updated_at=local(date(2025, 5, 9)), **done)
    county.case("c1", status="?", updated_at=local(MAY_10), **done)
    county.case("c1", status="作废", updated_at=local(date(2025, 5, 12)), **done)

    assert county.value(MAY_11, "I05", "2025-05").numerator == 1
    assert county.value(date(2025, 5, 12), "I05", "2025-05").excluded == 1
    assert tally(county, "cases") == {
        "received": 3,
        "accepted": 1,
        "pending": 1,
        "quarantined": 1,
        "A02": 1,
    }


ROADS = (
    "segment_id,road_name,road_class,community_code,length_m,area_m2,"
    "contractor_code,required_passes,lamp_required\n"
    "S1,人民路,主干道,420323100001,1000,{area},{contractor},2,是\n"
)
CONTRACTORS = (
    "contractor_code,name,contract_from,contract_to,monthly_fee_yuan\n"
    "C1,环卫公司,2025-01-01,,1000000\nC2,保洁公司,2025-01-01,,1000000\n"
)


def test_a_road_belongs_to_the_edition_of_the_day(county: SmallCounty) -> None:
    county.file("reference/contractors.csv", CONTRACTORS.encode())
    county.file(
        "reference/road_segments.csv", ROADS.format(area=100, contractor="C1").encode()
    )
    row = ("S1", "机械", 2, 1, 0.9, "", "")
    for day in (MAY_10, MAY_11):
        sheet = {"作业日报": [SWEEPING_COLUMNS, (day.isoformat(), *row)]}
        name = f"sanitation/C1/sweeping_{day:%Y%m%d}.xlsx"
        county.file(name, workbook(sheet))
    county.seen = MAY_11
    county.file(
        "reference/road_segments.csv", ROADS.format(area=300, contractor="C2").encode()
    )

    cell = county.value(MAY_11, "I01", "2025-05")

    assert (cell.numerator, cell.denominator, cell.n) == (50, 400, 2)
    assert tally(county, "sanitation")["C01"] == 1


def test_a_register_that_is_missing_is_not_due_then_late(county: SmallCounty) -> None:
    county.register("equipment", "202504", [("装备名称", "标准数量", "在用合格数量")])

    running = county.value(date(2025, 5, 30), "I20", "2025-05")
    ended = county.value(date(2025, 5, 31), "I20", "2025-05")

    assert (running.null_reason, ended.null_reason) == ("not_due", "source_late")
    assert running[["numerator", "denominator"]].isna().all()


def test_a_poll_counts_under_the_first_rule_it_breaks() -> None:
    polls = pd.DataFrame(
        [
            ("L1", 0, None, "t", None),
            ("L1", 1, "dim", "t", -1.0),
            ("L1", 2, "on", "t", -1.0),
            ("L9", 3, "dim", "t", -1.0),
        ],
        columns=COLUMNS,
    )

    codes = poll_rules(polls, {"L1"})

    assert list(codes) == ["", "D02", "D04", "D01"]


def test_a_plan_ends_after_it_begins_and_hangs_on_a_known_circuit() -> None:
    noon = midnight(MAY_10)
    plan = {"circuit_id": "K1", "night_date": MAY_10, "on_at": noon, "off_at": noon}

    assert plan_rule(plan, {"K1"}) == "D03"
    assert plan_rule(plan, {"K2"}) == "D01"
