"""Oracle: what is a row, what a cell says, and who may be believed, on one page."""

import io
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest
import xlsxwriter

from tests.golden.oracle.cells import BadCellError, moment, number, share
from tests.golden.oracle.counts import counts
from tests.golden.oracle.csv_lines import fields, records
from tests.golden.oracle.database import FIRST_MOMENT, LAST_MOMENT
from tests.golden.oracle.rules_lighting import fault_rule, outage_rule
from tests.golden.oracle.settings import Settings
from tests.golden.oracle.shapes import REFERENCE, TICKET_COLUMNS
from tests.golden.oracle.workbook import Workbook
from tests.golden.small_county import TOWN, SmallCounty, local

MAY_10 = date(2025, 5, 10)
MAY_11 = date(2025, 5, 11)
PATH = "weighbridge/F6/weigh_F6_20250510.csv"
HEADER = ",".join(TICKET_COLUMNS)
NOON = datetime.combine(MAY_10, time(12))


@pytest.fixture
def county() -> SmallCounty:
    return SmallCounty(date(2025, 5, 1))


def ticket(number: str, plate: str = "鄂C1", tare_at: str = "2025-5-10 8:10") -> str:
    return (
        f"{number},1,进,{plate},C1,其他垃圾,否,城区环卫,{TOWN},,"
        f"6000,5000,1000,2025/05/10 08:00:00,{tare_at},有效,,甲"
    )


def tally(
    county: SmallCounty,
    source: str,
    day: date = MAY_11,
    settings: Settings | None = None,
) -> dict[str, int]:
    table = counts(county.night(day, settings)).set_index("source")
    return {name: int(number) for name, number in table.loc[source].items() if number}


def file(*lines: str, end: str = "\n", encoding: str = "utf-8") -> bytes:
    return end.join([HEADER, *lines, ""]).encode(encoding)


# -- lines


def test_quotes_that_lost_each_other_join_no_tickets(county: SmallCounty) -> None:
    plates = ("鄂C1", '"鄂C2', "鄂C3", '鄂C4"', "鄂C5")
    county.file(PATH, file(*(ticket(str(n), p) for n, p in enumerate(plates))))

    assert tally(county, "weighbridge") == {"received": 5, "accepted": 5}


def test_a_line_break_joins_what_is_too_short_and_balanced() -> None:
    broken = ['1,"two', 'lines",3,4', "5,6,7,8"]

    assert [at for at, _ in records(broken, ",", 4)] == [0, 2]
    assert dict(records(broken, ",", 4))[0] == ["1", "two\nlines", "3", "4"]


@pytest.mark.parametrize(
    "lines",
    [
        ['"first', 'column",2,3,4'],
        ['1,2,3,"last', 'column"'],
        ['1,"two', 'lines",3'],
        ['1,"never', "closed,3"],
    ],
)
def test_other_line_breaks_join_nothing(lines: list[str]) -> None:
    assert [found for _, found in records(lines, ",", 4)] == [
        fields(line, ",") for line in lines
    ]


def test_zero_bytes_spoil_their_line_alone(county: SmallCounty) -> None:
    county.file(PATH, file(ticket("1"), ticket("2", "\0\0"), ticket("3")))

    assert tally(county, "weighbridge")["B08"] == 1
    assert tally(county, "weighbridge")["accepted"] == 2


def test_a_file_may_come_in_utf_16_and_with_semicolons(county: SmallCounty) -> None:
    content = file(ticket("1")).decode().replace(",", ";").encode("utf-16")
    county.file(PATH, content)

    assert tally(county, "weighbridge") == {"received": 1, "accepted": 1}


@pytest.mark.parametrize(
    ("more", "fate"),
    [("备用,备用", "accepted"), ("备用,净重kg", "B10"), ("备用,净重ｋｇ", "B10")],
)
def test_only_columns_that_nobody_names_may_share_a_name(
    county: SmallCounty, more: str, fate: str
) -> None:
    county.file(PATH, f"{HEADER},{more}\n{ticket('1')},a,b\n".encode())

    assert tally(county, "weighbridge")[fate] == 1


def test_totals_are_no_tickets_and_notes_only_where_they_break_a_rule(
    county: SmallCounty,
) -> None:
    blank = "," * (len(TICKET_COLUMNS) - 1)
    lines = (
        " 合计： ",
        ",,小计,12",
        f"制表{blank}",
        ticket("备注1"),
        blank,
        "合计金额",
    )
    county.file(PATH, file(*lines))

    assert tally(county, "weighbridge") == {
        "received": 5,
        "accepted": 1,
        "ignored": 3,
        "quarantined": 1,
        "B08": 1,
    }


# -- cells


@pytest.mark.parametrize(
    "words",
    ["2025-6-3 8:05", "2025/06/03 08:05:00", "2025-06-03 08:05", "2025/6/3 8:05"],
)
def test_times_are_read_as_offices_write_them(words: str) -> None:
    assert moment(words) == datetime.combine(date(2025, 6, 3), time(8, 5))


@pytest.mark.parametrize(
    "words",
    ["2025-6/3", "2025-02-30", "1899-12-30", "2101-01-01", "2025-6-3T8:05", "8:05"],
)
def test_other_times_cannot_be_read(words: str) -> None:
    with pytest.raises(BadCellError):
        moment(words)


def test_a_bare_date_begins_at_midnight_and_ends_a_day_later() -> None:
    on = datetime.combine(MAY_10, time())

    assert moment("2025-5-10") == moment(on) == on
    assert moment("2025-5-10", deadline=True) == moment(on, deadline=True)
    assert moment(on, deadline=True) == on + timedelta(days=1)


@pytest.mark.parametrize("words", ["12,34", "1,2340", "12.5吨", "50%", "—", "12 340"])
def test_other_numbers_cannot_be_read(words: str) -> None:
    with pytest.raises(BadCellError):
        number(words, ("kg",))


def test_numbers_and_shares_are_read_as_offices_write_them() -> None:
    assert number("１２，３４０ ｋｇ", ("kg",)) == number("12,340") == 12340
    assert share("97.5％") == share(0.975) == Fraction(39, 40)


def test_a_workbook_shows_errors_and_hides_what_lies_under_a_merge() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("台账")
        page.write_formula(0, 0, "=NA()", None, "#N/A")
        page.write_formula(0, 1, "=A1+1", None, "")
        page.write_datetime(
            0, 2, NOON, book.add_format({"num_format": "yyyy/m/d h:mm"})
        )
        page.write_number(0, 3, -3, book.add_format({"num_format": "yyyy-mm-dd"}))
        page.merge_range(1, 0, 2, 1, "merged")
        page.write_string(2, 1, "hidden")
        page.write_blank(1_048_575, 16_383, None, book.add_format())

    (first, second) = Workbook(buffer.getvalue()).rows("台账")

    assert [getattr(cell, "shows", cell) for cell in first[1]] == [
        "#N/A",
        "=A1+1",
        NOON,
        "-3",
    ]
    assert second == (2, ["merged"])


def test_what_cannot_be_read_is_no_empty_cell(county: SmallCounty) -> None:
    buffer = io.BytesIO()
    columns = "设施编号 类型 地址 乡镇编码 许可编号 许可起 许可止 符合规划 最近检查日期"
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [*columns.split(), "最近检查结果", "拆除日期", "备注"])
        for line in range(1, 5):
            page.write_row(line, 0, [f"G{line}", "", "", TOWN, "", "", "", "是"])
        page.write_formula(2, 10, "=NA()", None, "#REF!")
        page.write_formula(3, 5, "=TODAY()", None, "")
        page.write_formula(4, 11, "=NA()", None, "#DIV/0!")
    county.file("registers/ad_facilities_202505.xlsx", buffer.getvalue())

    assert tally(county, "registers") == {
        "received": 4,
        "accepted": 2,
        "quarantined": 2,
        "E02": 2,
    }


# -- records of the platform


@pytest.mark.parametrize(
    ("fields", "fate"),
    [
        ({"updated_at": ""}, "A01"),
        ({"dept_code": "", "due_at": "", "resolution_means": ""}, "accepted"),
        ({"rework_count": ""}, "A07"),
        ({"disposed_at": "1753-01-01T00:00:00+08:00"}, "A03"),
        ({"due_at": "0001-01-01T00:00:00Z"}, "A03"),
        ({"due_at": "2101-01-01T00:00:00+08:00"}, "A03"),
        ({"reported_at": "1999-12-31T23:59:59+08:00"}, "A03"),
        ({"reported_at": "2000-01-01T00:00:00+08:00"}, "accepted"),
        ({"closed_at": local(date(2025, 4, 1))}, "A04"),
        ({"due_at": local(date(2025, 4, 1))}, "A04"),
        ({"due_at_original": local(date(2025, 4, 1))}, "accepted"),
    ],
)
def test_a_case_is_judged_by_the_first_rule_it_breaks(
    county: SmallCounty, fields: dict[str, str], fate: str
) -> None:
    county.case("c1", **{"reported_at": local(date(2025, 4, 2)), **fields})

    assert tally(county, "cases")[fate] == 1


def test_history_begins_where_the_county_says(county: SmallCounty) -> None:
    county.case("c1", reported_at=local(date(1999, 6, 1)))

    early = tally(county, "cases", MAY_11, Settings(history_from=date(1999, 1, 1)))

    assert early["accepted"] == 1


def test_what_is_odd_is_counted_once_for_each_case_that_stands(
    county: SmallCounty,
) -> None:
    closed = {
        "reported_at": local(date(2025, 4, 2)),
        "closed_at": local(date(2025, 4, 3)),
    }
    county.case("codes", dept_code="D9", contractor_code="C9", category_code="9999")
    county.case("sea", lon=0, lat=0.0)
    county.case("working", **closed, status="处置中")
    county.case("void", **closed, status="作废")
    county.case("again", **closed, status="已结案")
    county.case("sea", lon=110.2, lat=0, updated_at=local(MAY_10))
    county.memory.keep_records(
        "case_events",
        [
            {
                "event_id": "e1",
                "case_id": "again",
                "event_type": "reopened",
                "event_at": local(date(2025, 4, 4)),
                "actor_role": "值班长",
                "updated_at": local(date(2025, 4, 4)),
            }
        ],
        county.seen,
    )

    found = tally(county, "cases")

    assert {k: n for k, n in found.items() if k.startswith("AW")} == {
        "AW1": 1,
        "AW2": 2,
    }


# -- weighbridges, reference tables, lights


def test_a_stored_tare_may_be_old_or_lack_its_time(county: SmallCounty) -> None:
    times = ("", "2024-01-05 10:00", "2025-05-11 9:00", "某日")
    county.file(PATH, file(*(ticket(str(n), tare_at=t) for n, t in enumerate(times))))
    stored = Settings(stored_tare=frozenset({"F6"}))

    assert tally(county, "weighbridge")["B05"] == 4
    assert tally(county, "weighbridge", MAY_11, stored)["B05"] == 2


def edition(name: str, *rows: str) -> bytes:
    return "\n".join([REFERENCE[name].replace(" ", ","), *rows, ""]).encode()


def test_a_broken_row_leaves_what_was_said_before_in_force(county: SmallCounty) -> None:
    county.seen = MAY_10
    county.file(
        "reference/facilities.csv",
        edition(
            "facilities",
            "F1,焚烧厂,焚烧,全县,是",
            "F1,焚烧厂,焚烧,全县,是",
            "F1,另一个厂,焚烧,全县,是",
            "F2,填埋场,新型,全县,是",
            "F9,新厂,新型,全县,是",
            "F3,厨余厂,厨余处理,,是",
            "F4,暂存点,危废暂存,全县,有",
            ",无名,焚烧,全县,是",
            "F8,短行",
            "合计,5个,,,",
        ),
    )

    found = tally(county, "reference", MAY_10)
    facilities = county.night(MAY_10).reference.at("facilities", MAY_10)

    assert {k: n for k, n in found.items() if k[0] == "F"} == {
        "F01": 3,
        "F02": 3,
        "F03": 1,
    }
    assert found["ignored"] == 1
    assert sorted(facilities) == ["F1", "F2", "F3", "F4"]
    assert facilities["F2"]["kind"] == "卫生填埋"


def test_a_code_is_known_from_the_edition_that_brings_it(county: SmallCounty) -> None:
    county.file(
        "reference/communities.csv", edition("communities", "C1,新村,420323999000,否")
    )
    assert tally(county, "reference", MAY_10)["F04"] == 1

    county.seen = MAY_11
    county.file(
        "reference/towns.csv",
        edition("towns", f"{TOWN},城关镇,是", "420323999000,新镇,否"),
    )
    assert "F04" not in tally(county, "reference", MAY_11)


def test_for_ever_is_an_end_of_works_and_of_nothing_else() -> None:
    works = {"outage_id": "W", "circuit_id": "K1", "updated_at": NOON}
    fault = {"fault_id": "G", "lamp_id": "L1", "found_by": "夜巡", "grade": "一般"}

    assert outage_rule(
        {**works, "starts_at": NOON, "ends_at": LAST_MOMENT}, {"K1"}
    ) is (None)
    assert outage_rule(
        {**works, "starts_at": LAST_MOMENT, "ends_at": NOON}, {"K1"}
    ) == ("D03")
    assert fault_rule({**fault, "found_at": NOON, "fixed_at": LAST_MOMENT}, {"L1"}) == (
        "D03"
    )
    assert fault_rule(
        {**fault, "found_at": FIRST_MOMENT, "fixed_at": None}, {"L1"}
    ) == ("D03")
