"""Every number on every page is the mart's, rounded by the display rule and no other.

Each page is opened for every indicator, contractor, department and month there is;
each figure in its tables, cards and sentences is compared with the row of the mart it
stands for, and at the end no figure may be left that nobody compared. The marts are
asked anew here and the display rules written down anew in `read_page`: neither goes
through the pages' own code. Of charts, the points they are given are compared.
"""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from read_page import (
    NOTHING,
    Page,
    classed,
    count,
    day,
    figure,
    full_day,
    goal,
    meets,
    minute,
    percent,
    period,
    plain,
    tonnes,
    two,
    yuan,
)
from streamlit import config
from streamlit.testing.v1 import AppTest
from varied_county import publish

from dashboards import guard, wording
from tests.browser.published_fixture import BY_TOWN, COUNTY, PLANS, TOWNS

APP = Path(__file__).parents[2] / "dashboards" / "leaders" / "app.py"
Row = dict[str, Any]
Target = tuple[float, str, float | None]


class County:
    """The published file, and the pages over it."""

    def __init__(self, built: Path) -> None:
        # A copy: one process opens a file in one way only, and the pages do in theirs.
        own = built.with_name("asked_by_the_test.duckdb")
        shutil.copy(built, own)
        self.marts = duckdb.connect(str(own), read_only=True)
        self.app = AppTest.from_file(APP, default_timeout=60).run()
        self.on = ""
        (self.as_of,) = self.marts.execute(
            "select max(as_of) from indicator_values"
        ).fetchone() or (date.min,)

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Ask the marts."""
        answer = self.marts.execute(sql, list(values))
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def row(self, sql: str, *values: object) -> Row:
        """Ask the marts for the only row there is."""
        (found,) = self.rows(sql, *values)
        return found

    def open(self, page: str, **parameters: str) -> Page:
        """Open a page as its address does."""
        self.app.query_params.clear()
        self.app.query_params.update(parameters)
        if self.on != page:
            # Coming from another page carries the period along: the address is whole.
            self.app.switch_page(f"app_pages/{page}.py").run()
            self.on = page
            self.app.query_params.clear()
            self.app.query_params.update(parameters)
        self.app.run()
        assert not self.app.exception
        return Page([element.value for element in self.app.html])

    def points(self) -> list[list[tuple[Any, ...]]]:
        """Return what each line of the open page's charts is drawn through."""
        drawn = []
        for element in self.app.get("vega_lite_chart"):
            spec = json.loads(element.proto.spec)
            # Stated once where all layers share it.
            name = (spec.get("data") or spec["layer"][0]["data"])["name"]
            (given,) = (d for d in element.proto.datasets if d.name == name)
            rows = pa.ipc.open_stream(given.data.data).read_all().to_pylist()
            drawn.append([tuple(row.values()) for row in rows])
        return drawn

    def target(self, value: Row) -> Target | None:
        """Return what a value was held against."""
        if value["target"] is None:
            return None
        for claim in self.rows(
            "select op, value_high from targets where claim_id = ?",
            value["target_claim_id"],
        ):
            return value["target"], claim["op"], claim["value_high"]
        return value["target"], "ge", None

    def value(self, code: str, within: str, area: str) -> Row | None:
        """Return an indicator in the narrowest period around one."""
        for one in enclosing(within):
            found = self.rows(
                "select values_.*, i.unit, i.name_zh from indicator_values as values_ "
                "inner join indicators as i using (indicator_id) where "
                "indicator_id = ? and period = ? and area_code = ?",
                code, one, area,
            )  # fmt: skip
            if found:
                return found[0]
        return None


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A county whose figures are all different, and its pages."""
    data_dir = tmp_path_factory.mktemp("varied")
    built = publish(data_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(data_dir))
        patch.setenv(guard.SIGN_ON, guard.LOOPBACK_ONLY)
        config.set_option("server.address", "127.0.0.1")
        yield County(built)


def enclosing(code: str) -> list[str]:
    year = code[:4]
    if "-" in code:
        return [code, f"{year}Q{(int(code[5:]) + 2) // 3}", year]
    return [code, year] if "Q" in code else [code]


def short(code: str) -> str:
    if "Q" in code:
        return f"{code[-1]}季度"
    return f"{int(code[5:])}月" if "-" in code else f"{code}年"


def distance(value: Row, target: Target | None) -> str:
    if value["value"] is None or target is None:
        return ""
    exact = Decimal(repr(value["value"]))
    shown = Decimal(two(value["value"], target).replace(",", ""))
    low = Decimal(repr(target[0]))
    high = low if target[2] is None else Decimal(repr(target[2]))
    if target[1] == "between":
        nearest, is_over = (high, True) if shown > high else (low, shown > low)
    else:
        nearest, is_over = low, target[1] == "le"
    gap = abs(shown - nearest)
    if not gap:
        return "持平"
    if meets(exact, target):
        return f"{'余' if target[1] == 'le' else '超'} {gap:,.2f}"
    return f"{'超限' if is_over else '差'} {gap:,.2f}"


def shown(value: Row, target: Target | None, n: bool = True) -> str:
    if value["value"] is None:
        return NOTHING + wording.why_missing(value["null_reason"])
    said = figure(value["value"], value["unit"], target) + value["unit"]
    return said + (f"n={value['n']:,}" if n and value["n"] else "")


def against(county: County, value: Row, target: Target | None) -> str:
    if value["value"] is None:
        known = county.rows(
            "select * from indicator_values where indicator_id = ? and area_code = ? "
            "and period_type = ? and period <= ? and value is not null "
            "order by period desc limit 1",
            value["indicator_id"], value["area_code"], value["period_type"],
            value["period"],
        )  # fmt: skip
        if known:
            said = figure(known[0]["value"], value["unit"], target)
            return f"{goal(target)}{short(known[0]['period'])} {said}"
    return goal(target) + distance(value, target)


def months(county: County, mart: str) -> list[str]:
    found = county.rows(f"select distinct month from {mart} order by month")  # noqa: S608
    return [row["month"] for row in found]


def nothing_left(page: Page, *known: object) -> None:
    """Whatever is left says which night, which period, or what was counted here."""
    allowed = {number for one in known for number in re.findall(r"\d[\d,.]*", str(one))}
    assert [left for left in page.figures_left() if left not in allowed] == []


def as_of_words(county: County) -> tuple[str, ...]:
    when = county.as_of
    return (f"{when.year}年{when.month}月{when.day}日 24:00",)


def own_periods(county: County, code: str) -> list[str]:
    return [
        row["period"]
        for row in county.rows(
            "select period from indicator_values where indicator_id = ? "
            "and area_code = ? order by period",
            code,
            COUNTY,
        )
    ]


@pytest.mark.parametrize("code", [plan.indicator_id for plan in PLANS])
def test_an_indicators_page_shows_the_marts_numbers_in_every_period(
    county: County, code: str
) -> None:
    for one in own_periods(county, code):
        check_indicator(county, code, one, COUNTY)


@pytest.mark.parametrize("code", sorted(BY_TOWN))
def test_an_indicators_page_shows_a_towns_numbers(county: County, code: str) -> None:
    newest = months(county, "case_funnel")[-1]
    for town in sorted(TOWNS)[:: 1 if code == "I05" else 6]:
        check_indicator(county, code, newest, town)


def check_indicator(county: County, code: str, within: str, area: str) -> None:
    page = county.open("indicator", indicator=code, period=within, area=area)
    value = county.value(code, within, area)
    assert value
    target = county.target(value)
    unit = value["unit"]

    assert page.one("//*[@class='standing']/*[@class='what']") == shown(value, target)
    assert page.one("//*[@class='standing']/*[@class='against']") == against(
        county, value, target
    )
    small = page.one("//dl[@class='small']")
    for said in (
        f"期间{period(within)}",
        f"剔除{count(value['excluded'])}完整度{percent(value['completeness'])}",
        f"数据截至{day(value['as_of'])}",
    ):
        assert said in small

    course = county.rows(
        "select * from indicator_values where indicator_id = ? and area_code = ? "
        "and period_type = ? order by period desc",
        code, area, value["period_type"],
    )  # fmt: skip
    assert page.table("各期数值") == [
        [
            period(each["period"]),
            figure(each["value"], unit, target)
            if each["value"] is not None
            else wording.why_missing(each["null_reason"]),
            plain(each["target"]),
            each["status"],
            count(each["n"]),
            percent(each["completeness"]),
            each["stage"],
        ]
        for each in course
    ]

    towns = county.rows(
        "select * from indicator_values where indicator_id = ? and period = ? "
        "and area_code != ? order by value asc nulls last, area_code",
        code, within, COUNTY,
    )  # fmt: skip
    of_town = {
        town["area_code"]: figure(town["value"], unit, county.target(town))
        for town in towns
    }
    assert page.table("分乡镇") == [
        [
            town["area_name"],
            of_town[town["area_code"]],
            count(town["n"]),
            " ".join(
                filter(None, [town["status"], wording.why_missing(town["null_reason"])])
            ),
        ]
        for town in towns
    ]
    assert page.take(classed("tile")) == [
        town["area_name"] + of_town[town["area_code"]] + town["status"]
        for town in sorted(towns, key=lambda town: town["area_code"])
    ]

    owners = county.rows(
        "select * from indicator_by_owner where indicator_id = ? and period = ?",
        code, within if area == COUNTY else "",
    )  # fmt: skip
    assert sorted(page.table("按承包商和部门")) == sorted(
        [
            one["owner_kind"], one["owner_name"], figure(one["value"], unit),
            count(one["n"]), count(one["excluded"]),
        ]
        for one in owners
    )  # fmt: skip
    excluded = county.rows(
        "select * from indicator_exclusions where indicator_id = ? and period = ? "
        "and area_code = ?",
        code, within, area,
    )  # fmt: skip
    assert page.table("剔除原因") == [
        [one["reason"], count(one["records"])] for one in excluded
    ]
    reported = county.rows(
        "select * from indicator_ledger where indicator_id = ? and period = ? "
        "and area_code = ? order by edition desc",
        code, within, area,
    )  # fmt: skip
    assert page.table("历次上报") == [
        [
            str(one["edition"]),
            one["stage"],
            figure(one["value"], unit, target),
            day(one["as_of"]),
            f"{one['reason']}{minute(one['recorded_at'])} 记入 · "
            f"目标 {plain(one['target'])} · 口径 {one['formula_version']}",
        ]
        for one in reported
    ]
    records = county.rows(
        "select * from indicator_records where indicator_id = ? and period = ? "
        "and area_code = ? order by role, record_key limit 20",
        code, within, area,
    )  # fmt: skip
    assert page.table("记录") == [
        [
            wording.ROLES[one["role"]],
            wording.RECORD_TYPES[one["record_type"]],
            one["record_key"],
            plain(one["amount"]),
            one["reason"] or "",
        ]
        for one in records
    ]
    claims = county.rows(
        "select * from targets where indicator_id = ? order by status, valid_from desc",
        code,
    )
    assert [said.split("年 ")[0] for said in page.take("//figure")] == [
        goal((one["value"], one["op"], one["value_high"])).removeprefix("目标 ")
        + wording.CLAIM_STATES[one["status"]]
        + str(one["year"])
        for one in claims
    ]
    page.take("//dl[@class='facts']")
    nothing_left(
        page, code, period(within), f"计入分母 {count(value['n'])} 条",
        f"剔除 {count(value['excluded'])} 条", value["name_zh"], "第 1 页",
    )  # fmt: skip


def test_the_overview_shows_the_marts_numbers_in_every_period_and_area(
    county: County,
) -> None:
    for within in sorted(
        {p for plan in PLANS for p in own_periods(county, plan.indicator_id)}
    ):
        check_overview(county, within, COUNTY)
    for town in sorted(TOWNS):
        check_overview(county, months(county, "case_funnel")[-1], town)


def check_overview(county: County, within: str, area: str) -> None:
    page = county.open("overview", period=within, area=area)
    drawn = page.tree.xpath("//a[contains(@class, 'row')]")
    seen = set()
    for row in drawn:
        code = row.get("href").split("indicator=")[1].split("&")[0]
        value = county.value(code, within, area)
        assert value
        target = county.target(value)
        what, goals = (
            "".join(row.xpath(f"./*[@class='{name}']")[0].itertext())
            for name in ("what", "against")
        )
        assert what == shown(value, target)
        assert goals == against(county, value, target)
        meta = "".join(row.xpath(".//*[@class='meta']")[0].itertext())
        if value["completeness"] is not None and value["completeness"] < 1:
            assert f"完整 {percent(value['completeness'])}" in meta
        seen.add(code)
        for variant in (f"{code}b",):
            beside = county.value(variant, within, area)
            if beside:
                assert figure(beside["value"], beside["unit"]) in meta
                seen.add(variant)
        change = county.rows(
            "select * from indicator_changes where indicator_id = ? and period = ? "
            "and area_code = ?",
            code, value["period"], area,
        )  # fmt: skip
        for one in change:
            by = Decimal(repr(abs(one["period_change"]))).quantize(Decimal("0.01"))
            assert f"{'↑' if one['period_change'] > 0 else '↓'} {by:,}" in meta
    published = {
        plan.indicator_id
        for plan in PLANS
        if county.value(plan.indicator_id, within, area)
    }
    assert seen == published
    items = county.rows("select * from attention order by position")
    if area == COUNTY:
        for said, item in zip(
            page.take("//*[@id='attention']//li"), items, strict=True
        ):
            assert said.endswith(f"{item['quantity']:,} {item['unit']}")
            assert f"自{day(item['first_day'])}起" in said


@pytest.mark.parametrize("contractor", ["HW01", "HW02"])
def test_a_contractors_page_shows_the_marts_numbers_in_every_month(
    county: County, contractor: str
) -> None:
    for month in months(county, "contractor_scores"):
        for depth in ("3", "4", "9"):
            check_contractor(county, contractor, month, depth)


def check_contractor(county: County, code: str, month: str, depth: str) -> None:
    page = county.open("contractors", contractor=code, period=month, depth=depth)
    scores = county.rows(
        "select * from contractor_scores where month = ? order by contractor_code",
        month,
    )
    own = next(one for one in scores if one["contractor_code"] == code)
    assert page.take("//a[contains(@class, 'card')]") == [
        f"{one['contractor_name']}{two(one['score'])}分{one['grade']}"
        f"应付 {yuan(one['payable_yuan'])} 元"
        for one in scores
    ]
    lines = county.rows(
        "select * from contractor_score_lines where contractor_code = ? and month = ? "
        "and level <= ? order by line_number",
        code, month, int(depth),
    )  # fmt: skip
    derived = page.table("应付推导")
    expected = [
        f"{yuan(one['value'])} 元"
        if one["unit"] == "元"
        else f"{two(one['value'])} {one['unit']}"
        for one in lines
    ]
    paid = [f"{yuan(own[name])} 元" for name in ("adjustment_yuan", "to_pay_yuan")]
    assert [row[1] for row in derived] == expected + paid
    for row, line in zip(derived, lines, strict=False):
        assert row[0].startswith(line["label"])
        if line["quantity"] is not None and line["step"] == "deduct":
            assert f"低于起扣线 {two(line['quantity'])} 分" in row[0]
    every = county.rows(
        "select * from contractor_scores where contractor_code = ? order by month desc",
        code,
    )
    assert page.table("逐月得分") == [
        [
            period(one["month"]), two(one["score"]), one["grade"],
            yuan(one["payable_yuan"]), one["stage"],
        ]
        for one in every
    ]  # fmt: skip
    segments = county.rows(
        "select * from segment_misses where contractor_code = ? and month = ? "
        "order by missed_pct desc, segment_id",
        code, month,
    )  # fmt: skip
    hundred = (100.0, "ge", None)
    assert page.table("未达作业遍数的路段") == [
        [
            f"{one['road_name']} {one['segment_id']}",
            f"{one['town_name']} · {one['community_name']}",
            one["road_class"],
            count(one["length_m"]),
            two(one["done_pct"], hundred),
            f"{count(one['done_passes'])} / {count(one['required_passes'])}",
            f"{count(one['days_missed'])} / {count(one['days'])}",
            day(one["last_missed_on"]),
        ]
        for one in segments
        if one["days_missed"]
    ]
    bars = {
        bar.get("href").rsplit("segment=", 1)[1]: (bar.get("title"), bar.text_content())
        for bar in page.tree.xpath("//a[contains(@class, 'segment')]")
    }
    assert bars == {
        one["segment_id"]: (
            f"{one['road_name']} {one['segment_id']}：完成应作业遍数的 "
            f"{two(one['done_pct'], hundred)}%，未达 {count(one['days_missed'])} 天",
            percent(one["done_pct"] / 100, "1"),
        )
        for one in segments
    }
    page.take("//a[contains(@class, 'segment')]")
    page.take(classed("routekey"))
    missed = sum(bool(one["days_missed"]) for one in segments)
    nothing_left(
        page, *as_of_words(county), period(month), f"{len(segments)} 段 {missed} 段",
        own["scheme_version"], "满分 100",
    )  # fmt: skip


@pytest.mark.parametrize("dept", ["0101", "0203", "0204"])
def test_a_departments_page_shows_the_marts_numbers_in_every_month(
    county: County, dept: str
) -> None:
    for month in months(county, "department_scores"):
        check_department(county, dept, month)


def check_department(county: County, dept: str, month: str) -> None:
    page = county.open("departments", dept=dept, period=month)
    ranked = county.rows("select * from department_scores where month = ?", month)
    drawn = page.table("部门得分与名次")
    drawn += page.table("部门得分与名次")
    assert sorted(drawn) == sorted(
        [
            str(one["rank"]) if one["ranked"] else NOTHING,
            one["dept_name"],
            two(one["score"]),
            count(one["due_cases"]),
            f"{two(one['on_time_rate'])} {two(one['on_time_rate_low'])}"
            f"–{two(one['on_time_rate_high'])}",
            "件数少，不排名"
            if not one["ranked"]
            else f"可能在第 {one['rank_best']}–{one['rank_worst']} 名"
            if one["rank_may_change"]
            else "稳定",
        ]
        for one in ranked
    )
    assert page.table("得分构成") == [
        [
            one["part_name"],
            f"{plain(one['numerator'])} / {plain(one['denominator'])}",
            two(one["share"] and one["share"] * 100),
            plain(one["weight"]),
            two(one["points"]),
            count(one["excluded"]),
        ]
        for one in county.rows(
            "select * from department_parts where dept_code = ? and month = ? "
            "order by position",
            dept,
            month,
        )
    ]
    check_metrics(county, page, "department", dept, month)
    way = county.row(
        "select * from case_funnel where month = ? and area_code = ?", month, COUNTY
    )
    assert page.take("//ol[@class='funnel']/li/b") == [
        count(way[step])
        for step in (
            "reported", "accepted", "registered", "dispatched", "disposed", "closed",
        )
    ]  # fmt: skip
    overdue = county.rows("select * from overdue_list order by due_at, case_id")
    assert page.table("超期未处置案件") == [
        [
            one["case_id"], one["dept_name"], one["town_name"], minute(one["due_at"]),
            count(one["days_over"]), count(one["rework_count"]),
            count(one["extension_count"]),
        ]
        for one in overdue
    ]  # fmt: skip
    nothing_left(page, *as_of_words(county), period(month), f"{len(overdue)} 件", "95%")


def check_metrics(
    county: County, page: Page, dimension: str, member: str, month: str
) -> None:
    found = county.rows(
        "select * from case_metrics where dimension = ? and member = ? and period = ?",
        dimension, member, month,
    )  # fmt: skip
    expected = {
        f"{one['metric_name']}{figure(one['value'], one['unit'])}{one['unit']}"
        f"n={count(one['n'])} · 剔除 {count(one['excluded'])}"
        for one in found
    }
    drawn = set(page.take("//div[contains(concat(' ', @class, ' '), ' card ')]"))
    # A page shows some of the metrics; what it shows is theirs.
    assert drawn <= expected


def check_cards(county: County, page: Page, month: str, area: str = COUNTY) -> None:
    for card in page.tree.xpath("//a[contains(@class, 'card')]"):
        code = card.get("href").split("indicator=")[1].split("&")[0]
        value = county.value(code, month, area)
        assert value
        target = county.target(value)
        n = (
            f"n={count(value['n'])}"
            if value["n"]
            else wording.why_missing(value["null_reason"])
        )
        assert " ".join(card.text_content().split()) == (
            f"{value['name_zh']}{figure(value['value'], value['unit'], target)}"
            f"{'' if value['value'] is None else value['unit']}"
            f"{value['status']}{goal(target)} · "
            f"{period(value['period'])} · {n}"
        )
    page.take("//a[contains(@class, 'card')]")


def test_the_waste_page_shows_the_marts_numbers_in_every_month(county: County) -> None:
    for month in months(county, "facility_use"):
        page = county.open("waste", period=month)
        check_cards(county, page, month)
        assert page.table("垃圾流向") == [
            [
                f"{one['origin_name']} {one['origin_type']}", one["facility_name"],
                one["facility_kind"], one["waste_class"], tonnes(one["net_kg"]),
                count(one["tickets"]),
            ]
            for one in county.rows(
                "select * from waste_flows where month = ? order by net_kg desc", month
            )
        ]  # fmt: skip
        uses = county.rows(
            "select * from facility_use where month = ? "
            "order by facility_kind, facility_id",
            month,
        )
        names = {one["facility_id"]: one["facility_name"] for one in uses}
        assert page.table("进出平衡") == [
            [
                names[one["facility_id"]],
                tonnes(one["in_kg"]), tonnes(one["out_kg"]),
                tonnes(one["treated_kg"]), tonnes(one["gap_kg"]),
                two(one["gap_pct"]), count(one["tickets"]),
                count(one["probable_duplicates"]), two(one["manual_share_pct"]),
            ]
            for one in county.rows(
                "select * from waste_balance where month = ? "
                "order by abs(gap_pct) desc, facility_id",
                month,
            )
        ]  # fmt: skip
        assert page.table("设施负荷") == [
            [
                one["facility_name"], one["facility_kind"], two(one["tonnes_per_day"]),
                two(one["peak_tonnes"]), day(one["peak_date"]),
                between(one["capacity_low"], one["capacity_high"]),
                between(one["use_low_pct"], one["use_high_pct"]), one["status"],
            ]
            for one in uses
        ]  # fmt: skip
        nothing_left(page, *as_of_words(county), period(month))


def between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return NOTHING
    return two(low) if low == high else f"{two(low)}–{two(high)}"


def test_the_lamps_page_shows_the_marts_numbers_in_every_month(county: County) -> None:
    for month in months(county, "lamp_months"):
        page = county.open("lamps", period=month)
        check_cards(county, page, month)
        for caption, where in (
            ("亮灯率按道路等级", "area_code = ?"),
            ("亮灯率按乡镇", "area_code != ?"),
        ):
            assert page.table(caption) == [
                [
                    one["road_class"]
                    if caption.endswith("等级")
                    else f"{one['area_name']} · {one['road_class']}",
                    two(one["lit_pct"]),
                    count(one["lit"]),
                    count(one["unlit"]),
                    count(one["unknown"]),
                    count(one["planned"]),
                ]
                for one in county.rows(
                    f"select * from lamp_months where {where} and month = ? "  # noqa: S608
                    "order by area_code, road_class",
                    COUNTY,
                    month,
                )
            ]
        dark = county.rows("select * from lamps_out order by nights desc, lamp_id")
        assert page.table("连续不亮的灯") == [
            [
                one["lamp_id"], one["town_name"], one["circuit_id"], one["road_class"],
                day(one["dark_since"]), count(one["nights"]),
            ]
            for one in dark
        ]  # fmt: skip
        assert page.table("计划停电") == [
            [
                one["outage_id"], one["circuit_id"], minute(one["starts_at"]),
                minute(one["ends_at"]), count(one["lamp_count"]),
            ]
            for one in county.rows(
                "select * from lamp_outages where strftime(starts_at, '%Y-%m') = ?",
                month,
            )
        ]  # fmt: skip
        assert page.table("维修") == [
            [
                period(one["month"]), one["grade"], count(one["faults"]),
                f"{count(one['on_time'])} / {count(one['due'])}",
                two(one["on_time_rate"]), two(one["median_hours"]),
                count(one["open_overdue"]),
            ]
            for one in county.rows("select * from lamp_repairs order by month desc")
        ]  # fmt: skip
        nothing_left(page, *as_of_words(county), period(month), f"{len(dark)} 盏")


def test_the_complaints_page_shows_the_marts_numbers_in_every_month_and_area(
    county: County,
) -> None:
    for month in months(county, "case_funnel"):
        for area in [COUNTY, *sorted(TOWNS)[:2]]:
            page = county.open("complaints", period=month, area=area)
            check_cards(county, page, month, area)
            dimension = "county" if area == COUNTY else "town"
            check_metrics(county, page, dimension, area, month)
            heat = {
                (one["weekday"], one["hour_of_day"]): one["complaints"]
                for one in county.rows(
                    "select * from case_heat where month = ? and area_code = ?",
                    month,
                    area,
                )
            }
            drawn = page.table("投诉按星期和小时")
            assert {
                (down, across): int(cell)
                for down, row in enumerate(drawn, start=1)
                for across, cell in enumerate(row[1:])
                if cell
            } == heat
            assert page.table("问题多的社区") == [
                [
                    str(one["position"]), one["community_name"], one["town_name"],
                    count(one["complaints"]), count(one["cases"]),
                    count(one["still_open"]),
                ]
                for one in county.rows(
                    "select * from case_hot_spots where month = ? order by position",
                    month,
                )
            ]  # fmt: skip
            page.take("//table[@class='heat']")
            nothing_left(page, *as_of_words(county), period(month), "前 10 名")


def test_the_toilets_page_shows_the_marts_numbers_in_every_month(
    county: County,
) -> None:
    for month in months(county, "toilet_stars"):
        page = county.open("toilets", period=month)
        toilets = county.rows("select * from toilet_stars where month = ?", month)
        assert [
            [row[0], row[3], row[4][-3:], row[5], row[6][-3:]]
            for row in page.table("公厕星级")
        ] == [
            [
                f"{one['toilet_name']} {one['toilet_id']}", two(one["score"]),
                f"{one['stars']} 星", two(one["quarter_score"]),
                f"{one['quarter_stars']} 星",
            ]
            for one in toilets
        ]  # fmt: skip
        nothing_left(page, *as_of_words(county), period(month), f"{len(toilets)} 座")


def test_the_projects_page_shows_the_marts_numbers(county: County) -> None:
    page = county.open("projects")
    said = page.take(classed("project"))
    projects = county.rows("select * from plan_projects order by project_no")

    assert len(said) == len(projects)
    for one in projects:
        (drawn,) = [text for text in said if text.startswith(one["project_name"])]
        if one["done_quantity"] is not None:
            assert (
                f"{two(one['done_pct'])}% 完成 {plain(one['done_quantity'])} / "
                f"{plain(one['target_quantity'])} {one['unit']}"
            ) in drawn
    nothing_left(page, *as_of_words(county))


def test_the_data_quality_page_shows_the_marts_numbers_for_every_sender(
    county: County,
) -> None:
    owners = county.rows("select distinct owner from quarantine_owners")
    for owner in ["", *(row["owner"] for row in owners)]:
        page = county.open("health", **({"owner": owner} if owner else {}))
        first = county.as_of - timedelta(days=13)
        newest = county.rows(
            "select * from source_health qualify business_date = max(business_date) "
            "over (partition by source)"
        )
        drawn = {row[0]: row for row in page.table("数据源")}
        monthly = {"registers", "inspections"}
        for one in newest:
            row = drawn[wording.source(one["source"])]
            if one["source"] in monthly and row[2] != day(one["business_date"]):
                continue
            assert row[2:10] == [
                day(one["business_date"]),
                *(
                    count(one[name])
                    for name in (
                        "expected", "received", "accepted", "quarantined", "superseded",
                        "ignored",
                    )
                ),
                minute(one["loaded_at"]),
            ]  # fmt: skip
        states = {row[0]: row for row in page.table("来源状况")}
        for one in county.rows("select * from source_summary"):
            assert states[wording.source(one["source"])][1:] == [
                one["status"],
                full_day(one["last_received_date"]),
                count(one["silent_days"]),
                count(one["received"]),
                NOTHING
                if one["refused_share"] is None
                else two(one["refused_share"] * 100),
                count(one["unread_files"]),
                full_day(one["last_loaded_for"]),
            ]
        assert [row[1:] for row in page.table("没有取用的文件")] == [
            [one["file"], one["reason"], full_day(one["since"])]
            for one in county.rows(
                "select * from unread_files order by since desc, source, file"
            )
        ]
        assert [row[1:6] for row in page.table("毛病清单")] == [
            [
                one["rule"], one["fault"], count(one["open"]),
                count(one["rows_quarantined"]), day(one["last_seen"]),
            ]
            for one in county.rows(
                'select * from quarantine_faults order by "open" desc, '
                "rows_quarantined desc, source, rule, fault"
            )
        ]  # fmt: skip
        assert [row[:3] for row in page.table("质量闸门发现的问题")] == [
            [day(one["as_of"]), one["severity"], one["check_name"]]
            for one in county.rows(
                "select * from gate_findings where as_of >= ? "
                "order by as_of desc, position",
                first,
            )
        ]
        assert page.table("夜间运行") == [
            [
                f"{one['as_of'].year}年{day(one['as_of'])}",
                wording.OUTCOMES[one["outcome"]],
                gate(one),
                minute(one["started_at"]),
                minute(one["finished_at"]),
                *(
                    count(one[name])
                    for name in (
                        "rows_in", "rows_accepted", "rows_quarantined",
                        "rows_superseded", "rows_ignored",
                    )
                ),
                one["code_version"],
            ]
            for one in county.rows("select * from runs order by as_of desc limit 30")
        ]  # fmt: skip
        assert [[*row[4:]] for row in page.table("隔离的记录，按报送单位和规则")] == [
            [
                count(one["open"]),
                full_day(one["open_since"]) if one["open"] else NOTHING,
                count(one["rows_quarantined"]), count(one["resubmitted"]),
                count(one["waived"]),
            ]
            for one in county.rows(
                "select * from quarantine_owners where ? in ('', owner) "
                'order by "open" desc, rows_quarantined desc, source, owner, rule',
                owner,
            )
        ]  # fmt: skip
        assert [[row[0], row[2], *row[4:]] for row in page.table("隔离的记录")] == [
            [
                period(one["month"]), one["rule"], count(one["rows_quarantined"]),
                count(one["open"]), count(one["resubmitted"]),
            ]
            for one in county.rows(
                'select * from quarantine_summary order by month desc, "open" desc, '
                "rows_quarantined desc, source, rule"
            )
        ]  # fmt: skip
        assert [row[3:8] for row in page.table("两处数据是否一致")] == [
            [
                two(one["agreement_pct"]),
                f"{count(one['agreeing'])} / {count(one['compared'])}",
                count(one["only_first"]), count(one["only_second"]),
                count(one["differing"]),
            ]
            for one in county.rows("select * from reconciliation")
        ]  # fmt: skip
        published = county.row("select max(finished_at) as at from runs")
        nothing_left(
            page,
            *as_of_words(county),
            minute(published["at"]),
            "近 14 天",
            "近28天",
            "最多 150 行",
            "最多 100 种",
        )


def gate(run: Row) -> str:
    if run["checks"] is None:
        return "没有检验记录"
    said = [f"停止 {run['failures']}"] if run["failures"] else []
    said += [f"警告 {run['warnings']}"] if run["warnings"] else []
    return f"{run['checks']} 项：{'，'.join(said) or '全部通过'}"


def test_the_bulletin_shows_the_marts_numbers_in_every_month(county: County) -> None:
    for month in months(county, "contractor_scores"):
        page = county.open("report", period=month)
        drawn = {row[0]: row for row in page.table("二、规划表1指标")}
        plans = [
            plan
            for plan in PLANS
            if len(plan.indicator_id) == 3 and plan.indicator_id[0] == "I"
        ]
        assert len(drawn) == len(plans)
        statuses: dict[str, int] = {}
        for plan in plans:
            value = county.value(plan.indicator_id, month, COUNTY)
            assert value
            target = county.target(value)
            statuses[value["status"]] = statuses.get(value["status"], 0) + 1
            assert drawn[value["name_zh"]][1:] == [
                wording.why_missing(value["null_reason"])
                if value["value"] is None
                else figure(value["value"], value["unit"], target) + value["unit"],
                goal(target).removeprefix("目标 ") if target else "无",
                distance(value, target) or NOTHING,
                value["status"],
                count(value["n"]),
            ]
        assert page.table("三、环卫承包商") == [
            [
                one["contractor_name"], two(one["score"]), one["grade"],
                yuan(one["payable_yuan"]), one["stage"],
            ]
            for one in county.rows(
                "select * from contractor_scores where month = ? "
                "order by contractor_code",
                month,
            )
        ]  # fmt: skip
        scores = county.rows("select * from department_scores where month = ?", month)
        assert sorted(row[:4] for row in page.table("四、部门与乡镇")) == sorted(
            [
                f"{one['ranking_group']} {one['rank'] if one['ranked'] else NOTHING}",
                one["dept_name"], two(one["score"]), count(one["due_cases"]),
            ]
            for one in scores
        )  # fmt: skip
        binding = sum(
            value["status"] == "未达标"
            for plan in plans
            if plan.nature == "约束性"
            and (value := county.value(plan.indicator_id, month, COUNTY))
        )
        tally = "".join(f"{status}{number}项" for status, number in statuses.items())
        nothing_left(
            page, *as_of_words(county), period(month), f"{len(plans)}项", "v1", "表1",
            tally, f"未达标{binding}项",
        )  # fmt: skip


def test_charts_are_drawn_through_the_marts_numbers(county: County) -> None:
    for plan in PLANS:
        code, newest = plan.indicator_id, own_periods(county, plan.indicator_id)[-1]
        county.open("indicator", indicator=code, period=newest)
        course = county.rows(
            "select period, value, status from indicator_values where area_code = ? "
            "and indicator_id = ? and period_type = (select any_value(period_type) "
            "from indicator_values where period = ?) order by period",
            COUNTY, code, newest,
        )  # fmt: skip
        drawn = [
            [(x, y, status) for x, y, _, status in line] for line in county.points()
        ]
        known = any(one["value"] is not None for one in course)
        assert [sorted(line) for line in drawn] == (
            [[tuple(one.values()) for one in course]] if known else []
        )

    scores = county.rows(
        "select month, score, contractor_name, contractor_code from contractor_scores "
        "where score is not null order by month"
    )
    contractor = scores[0]["contractor_code"]
    county.open("contractors", contractor=contractor)
    compared, own = county.points()
    assert sorted(compared) == sorted(tuple(one.values())[:3] for one in scores)
    assert [point[:2] for point in own] == [
        (one["month"], one["score"])
        for one in scores
        if one["contractor_code"] == contractor
    ]

    for month in months(county, "lamp_months"):
        county.open("lamps", period=month)
        (nights,) = county.points()
        assert nights == [
            (f"{one['night_date']:%m-%d}", *list(one.values())[1:])
            for one in county.rows(
                "select night_date, lit_pct, unlit, unknown, planned "
                "from lamp_timeline where strftime(night_date, '%Y-%m') = ? "
                "and lit_pct is not null order by night_date",
                month,
            )
        ]

    county.open("complaints")
    (rate,) = county.points()
    assert rate == [
        tuple(one.values())
        for one in county.rows(
            "select period, value, n from case_metrics where period_type = 'M' "
            "and metric_id = 'complaint_closing_rate' and member = ? "
            "and value is not null order by period",
            COUNTY,
        )
    ]
