"""Every page in every state: a night, no night, an old night, empty, broken."""

import json
import re
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from lxml import html
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboards import guard
from tests.browser.published_fixture import (
    COUNTY,
    PLANS,
    County,
    build_leaders,
    publish_leaders,
    publish_public,
)
from tests.hostile_names import OUTSIDE, plant

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
PAGES = [
    "overview", "indicator", "contractors", "departments", "waste", "lamps",
    "complaints", "toilets", "projects", "health", "report",
]  # fmt: skip
SUBJECT_PAGES = {
    "contractors", "departments", "waste", "lamps", "complaints", "toilets", "projects",
}  # fmt: skip
SUBJECT_MARTS = [
    "contractor_scores", "department_scores", "facility_use", "lamp_months",
    "case_funnel", "toilet_stars", "plan_projects", "attention", "indicator_changes",
    "source_health", "quarantine_summary", "reconciliation",
]  # fmt: skip


@pytest.fixture(autouse=True)
def on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was started for this machine alone."""
    monkeypatch.setenv(guard.SIGN_ON, guard.LOOPBACK_ONLY)
    config.set_option("server.address", "127.0.0.1")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with nothing in it, which the pages look into."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


def leaders(page: str = "overview", /, **parameters: str) -> AppTest:
    app = AppTest.from_file(DASHBOARDS / "leaders" / "app.py", default_timeout=60)
    app.run()
    app.query_params.update(parameters)
    app.switch_page(f"app_pages/{page}.py").run()
    assert not app.exception
    return app


def public_page() -> AppTest:
    app = AppTest.from_file(DASHBOARDS / "public" / "app.py", default_timeout=60).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.html)


def test_the_overview_shows_every_indicator_of_the_night(data_dir: Path) -> None:
    publish_leaders(data_dir, County())

    page = said(leaders())

    assert all(plan.name.removesuffix("）") in page for plan in PLANS if plan.target)
    assert "99.99<small>%" in page
    assert "100.00<small>%" in page
    assert "简化口径 37.34" in page
    assert "本期无应办件" in page
    assert "未采集" in page
    assert "未到报送时间" in page
    assert "口径冲突区间" in page
    assert "完整 91.2%" in page
    assert "沿用上次调查" in page
    assert "已落后" not in page


def test_the_overview_of_a_town_shows_what_towns_have(data_dir: Path) -> None:
    publish_leaders(data_dir, County())

    page = said(leaders(area="420323103000"))

    assert "<h1>宝丰镇 · " in page
    assert "亮灯率" in page
    assert "路灯装灯率" not in page


@pytest.mark.parametrize("page", PAGES)
def test_an_old_night_says_how_old_it_is(data_dir: Path, page: str) -> None:
    fresh = County()
    publish_leaders(data_dir, County(as_of=fresh.as_of - timedelta(days=4)))

    assert "已落后 4 天" in said(leaders(page))


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_night_every_page_says_so(data_dir: Path, page: str) -> None:
    assert "还没有发布过结果" in said(leaders(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_file_without_rows_is_an_empty_state(data_dir: Path, page: str) -> None:
    folder = data_dir / "published"
    folder.mkdir()
    build_leaders(folder / "leaders.duckdb", None)

    assert "notice-empty" in said(leaders(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_file_that_cannot_be_read_is_an_error_in_words(
    data_dir: Path, page: str
) -> None:
    folder = data_dir / "published"
    folder.mkdir()
    (folder / "leaders.duckdb").write_bytes(b"not a database")

    assert "发布文件无法读取" in said(leaders(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_night_without_a_single_value_is_no_zero(data_dir: Path, page: str) -> None:
    publish_leaders(data_dir, County(all_null=True))

    drawn = said(leaders(page))

    assert "0.00" not in drawn
    assert page not in {"overview", "indicator", "report"} or "数据迟报" in drawn


def test_names_from_the_data_cannot_become_markup(data_dir: Path) -> None:
    publish_leaders(data_dir, County(name_suffix="<b onclick=x>长</b>" * 5))

    for page in PAGES:
        assert "<b onclick" not in said(leaders(page))


@pytest.mark.parametrize("page", PAGES)
def test_huge_values_are_drawn_in_full(data_dir: Path, page: str) -> None:
    built = publish_leaders(data_dir, County())
    with duckdb.connect(str(built)) as marts:
        marts.execute("update indicator_values set numerator = 1e15, n = 9e15::bigint")
        marts.execute("update waste_flows set net_kg = 1e13, tickets = 9e15::bigint")
        marts.execute("update contractor_scores set payable_yuan = 99999999999.99")
        marts.execute("update case_heat set complaints = 9e15::bigint")

    drawn = said(leaders(page))

    assert "e+" not in drawn
    assert page != "contractors" or "99,999,999,999.99 元" in drawn
    assert page != "waste" or "10,000,000,000.000" in drawn


@pytest.mark.parametrize("page", PAGES)
def test_a_county_with_one_source_missing_opens_every_page(
    data_dir: Path, page: str
) -> None:
    built = publish_leaders(data_dir, County())
    with duckdb.connect(str(built)) as marts:
        for mart in SUBJECT_MARTS:
            marts.execute(f"delete from {mart}")  # noqa: S608 - names of this file

    drawn = said(leaders(page))

    assert page not in SUBJECT_PAGES or "notice-empty" in drawn


def test_a_long_overdue_list_shows_its_oldest_and_says_where_the_rest_is(
    data_dir: Path,
) -> None:
    built = publish_leaders(data_dir, County())
    with duckdb.connect(str(built)) as marts:
        marts.execute(
            "insert into overdue_list by name select o.* replace ("
            "'ZX' || n as case_id, o.due_at - to_days(n::integer) as due_at) "
            "from (from overdue_list limit 1) as o, range(1, 151) as _ (n)"
        )

    page = said(leaders("departments"))

    assert "全县超期未处置案件 153 件" in page
    assert "这里列出期限最早的 100 件；导出的文件里是全部" in page
    assert "ZX150" in page
    assert "ZX50<" not in page


def test_after_a_refused_night_the_last_published_one_is_shown_with_its_date(
    data_dir: Path,
) -> None:
    shown = County(as_of=County().as_of - timedelta(days=1))
    built = publish_leaders(data_dir, shown)
    with duckdb.connect(str(built)) as marts:
        marts.execute(
            "insert into runs by name select 'refused' as run_id, ? as as_of, "
            "'refused' as outcome",
            [shown.as_of + timedelta(days=1)],
        )

    for page in PAGES:
        assert "已落后 1 天" in said(leaders(page))


def test_a_table_shows_each_mart_value_as_it_is(data_dir: Path) -> None:
    publish_leaders(data_dir, County())

    assert "94.74" in said(leaders("departments"))
    assert "97.76" in said(leaders("lamps"))
    assert "8.058" in said(leaders("waste"))
    assert "90.20" in said(leaders("complaints"))
    assert "89.10" in said(leaders("toilets"))
    assert "78.00%" in said(leaders("projects"))


def test_an_indicator_shows_definition_claims_towns_ledger_and_records(
    data_dir: Path,
) -> None:
    publish_leaders(data_dir, County())

    page = said(leaders("indicator", indicator="I08"))

    assert "<h1>居民区生活垃圾分类覆盖率</h1>" in page
    assert "居民区垃圾分类覆盖率达到70%" in page
    assert "另有记载" in page
    assert "宝丰镇" in page
    assert "首次报告" in page
    assert "这一期没有逐条记录" in page


def test_the_records_behind_a_value_can_be_leafed_through(data_dir: Path) -> None:
    publish_leaders(data_dir, County())

    app = leaders("indicator", indicator="I05", role="denominator")
    first = said(app)
    app.button[1].click().run()

    assert "计入分母 1,204 条，剔除 3 条" in first
    assert "AJ000000000" in first
    assert "第 2 页" in said(app)
    assert "AJ000000020" in said(app)
    assert "AJ000000000" not in said(app)


def test_an_address_kept_from_before_a_parameter_was_renamed_still_opens(
    data_dir: Path,
) -> None:
    publish_leaders(data_dir, County())

    assert "<h1>居民区生活垃圾分类覆盖率</h1>" in said(leaders("indicator", id="I08"))


NONSENSE = [
    *("9" * 20, "9" * 4400, "0", "-1", "1e9", "١", "²", "1 ", "", "NaN"),
    *("\x00", "\x1b[2J", "\u202e", "%00", "'; drop table runs; --", "<script>"),
    *("../../etc/passwd", "长" * 5000, "2025-13", "2025Q9", "0000-00"),
    *("领导", "0204", "HW01"),
]


@pytest.mark.parametrize("page", PAGES)
def test_no_address_makes_a_page_fail(data_dir: Path, page: str) -> None:
    publish_leaders(data_dir, County())
    names = [
        "period", "area", "indicator", "id", "role", "page", "contractor", "depth",
        "segment", "dept", "owner", "wall",
    ]  # fmt: skip
    app = leaders(page)
    usual = said(app)
    assert "无法读取" not in usual

    for words in NONSENSE:
        app.query_params.clear()
        app.query_params.update(dict.fromkeys(names, words))
        app.run()
        assert not app.exception, words[:20]
        assert "无法读取" not in said(app), words[:20]


@pytest.mark.parametrize("number", ["9" * 20, "9" * 4400, "999999", "0", "-3", "²"])
def test_a_page_of_records_that_is_not_there_opens_the_first(
    data_dir: Path, number: str
) -> None:
    publish_leaders(data_dir, County())

    page = said(leaders("indicator", indicator="I05", page=number))

    assert "第 1 页" in page
    assert "AJ000000000" in page


def test_which_records_were_asked_for_is_not_taken_for_who_asked(
    data_dir: Path,
) -> None:
    publish_leaders(data_dir, County())

    leaders("indicator", indicator="I05", role="numerator")

    lines = [
        json.loads(line)
        for log in (data_dir / "access_log").iterdir()
        for line in log.read_text(encoding="utf-8").splitlines()
    ]
    assert {line["role"] for line in lines} == {"操作员"}
    assert lines[-1]["counted"] == "numerator"


@pytest.mark.parametrize("page", PAGES)
def test_a_hostile_name_is_never_more_than_text(data_dir: Path, page: str) -> None:
    assert plant(publish_leaders(data_dir, County())) > 80

    app = leaders(page, **({"owner": "FS01"} if page == "health" else {}))

    drawn = html.fromstring(f"<div>{said(app)}</div>")
    assert drawn.xpath("//*[@id='planted'] | //*[@onerror]") == []
    outside = drawn.xpath("//@src[not(starts-with(., 'data:'))] | //@href")
    assert not [one for one in outside if OUTSIDE in one and "://" in one]
    for button in [*app.button, *app.get("download_button")]:
        assert not re.search(r"(?<!\\)[\[\]`$*<:]", button.label), button.label
    assert page != "health" or any(OUTSIDE[:4] in b.label for b in app.button)


def test_an_address_that_makes_no_sense_opens_the_default_view(data_dir: Path) -> None:
    publish_leaders(data_dir, County())

    app = leaders("indicator", indicator="I99", period="1999-13", area="x", page="-3")

    assert "<h1>城区主次干道清扫保洁机械化作业率</h1>" in said(app)


def test_the_data_quality_page_shows_sources_quarantine_and_nights(
    data_dir: Path,
) -> None:
    publish_leaders(data_dir, County())

    page = said(leaders("health"))

    assert "地磅" in page
    assert "部分" in page
    assert "毛重减皮重与净重不符" in page
    assert "未通过把关" in page


def test_the_data_quality_page_tells_silence_refusals_and_files_not_taken(
    data_dir: Path,
) -> None:
    publish_leaders(data_dir, County())

    page = said(leaders("health"))
    overview = said(leaders("overview"))

    assert "多数不合格" in page
    assert "61.30" in page
    assert "weighbridge/FS01/磅单.csv" in page
    assert "文件名不合约定" in page
    assert "单元格读不出来：拆除日期=#REF!" in page
    assert "从未到数" in page
    assert "从未到数</b> 1 个" in overview
    assert "回访<b>静默</b>" in overview
    assert "全部正常" not in overview


def test_what_the_gate_found_says_how_bad_where_and_what_to_do(data_dir: Path) -> None:
    publish_leaders(data_dir, County())

    page = said(leaders("health"))

    assert "停止 1，警告 1" in page
    assert "61 项：警告 1" in page
    assert "没有检验记录" in page
    assert "比率超出 0–100" in page
    assert "修正来源或算法后重新运行" in page
    assert "I05 2025-06 宝丰镇（数值 142）" in page
    assert " 等 7 处" in page
    assert "路灯 2025-06-29（状态 迟到）" in page
    assert page.count("来源到数情况") == 14


def test_broken_rows_are_told_by_who_must_mend_them(data_dir: Path) -> None:
    publish_leaders(data_dir, County())

    everyone = said(leaders("health"))
    one = said(leaders("health", owner="toilets"))

    assert "环卫主管股室" in everyone
    assert "生活垃圾焚烧厂" in everyone
    owners = one.split("隔离的记录，按报送单位和规则</caption>")[1]
    owners = owners.split("</table>")[0]
    assert "公厕台账" in owners
    assert "生活垃圾焚烧厂" not in owners
    assert "还没有生成过这家单位的清单" in one


def test_a_new_edition_is_read_without_a_restart(data_dir: Path) -> None:
    old = County().as_of - timedelta(days=4)
    publish_leaders(data_dir, County(as_of=old))
    app = leaders()
    before = said(app)

    publish_leaders(data_dir, County(), version="v2")
    app.run()

    assert "已落后 4 天" in before
    assert "已落后" not in said(app)


def test_reading_leaves_no_lock_on_the_published_file(data_dir: Path) -> None:
    built = publish_leaders(data_dir, County())
    leaders()

    with duckdb.connect(str(built)) as writer:
        writer.execute("delete from runs")


def test_the_public_page_shows_the_newest_release(data_dir: Path) -> None:
    publish_public(data_dir, County())

    page = said(public_page())

    assert "发布日期" in page
    assert "违法占道案件及时查处率" in page
    assert "补录案件 3 件" in page


def test_before_the_first_release_the_public_page_says_so(data_dir: Path) -> None:
    publish_public(data_dir, None)

    assert "尚未发布" in said(public_page())


def test_without_a_public_file_the_public_page_says_so(data_dir: Path) -> None:
    assert not (data_dir / "published").exists()
    assert "尚未发布" in said(public_page())


def test_a_withdrawn_release_is_not_shown(data_dir: Path) -> None:
    built = publish_public(data_dir, County())
    with duckdb.connect(str(built)) as released:
        released.execute("update releases set withdrawn_at = published_at")

    page = said(public_page())

    assert "尚未发布" in page
    assert "违法占道案件及时查处率" not in page


def test_a_town_is_never_on_the_public_page(data_dir: Path) -> None:
    built = publish_public(data_dir, County())
    with duckdb.connect(str(built)) as released:
        released.execute(
            "insert into indicator_values by name "
            "select * replace ('420323103000' as area_code, 1.23 as value) "
            "from indicator_values where area_code = ?",
            [COUNTY],
        )

    assert "1.23" not in said(public_page())
