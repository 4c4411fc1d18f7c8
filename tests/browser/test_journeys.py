"""Journeys: what a leader, a department, a contractor and the operator come for."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, settled
from tests.browser.published_fixture import County

MONTH = f"{County().as_of:%Y-%m}"


@pytest.fixture
def desk(page: Page, asked_outside: list[str]) -> Iterator[Page]:
    """A desk's screen; whatever the journey, nothing is asked of the outside."""
    page.set_viewport_size({"width": 1440, "height": 900})
    yield page
    assert asked_outside == []


def test_a_leader_finds_why_and_who_in_two_clicks(desk: Page, served: Served) -> None:
    desk.goto(served.leaders)
    settled(desk)
    desk.locator("a.row", has_text="违法占道案件及时查处率").click()
    settled(desk)

    expect(desk.get_by_text("按承包商和部门", exact=False).first).to_be_visible()
    expect(desk.get_by_text("市容中队").first).to_be_visible()
    expect(desk.get_by_text("挂账").first).to_be_visible()


def test_a_period_goes_along_from_page_to_page(desk: Page, served: Served) -> None:
    before = County().month_list()[-2]
    desk.goto(f"{served.leaders}/lamps?period={before:%Y-%m}")
    settled(desk)
    desk.get_by_role("link", name="垃圾").click()
    settled(desk)

    expect(
        desk.get_by_role("heading", name=f"垃圾 · {before.year}年{before.month}月")
    ).to_be_visible()
    assert f"period={before:%Y-%m}" in desk.url


def test_a_department_finds_its_rank_and_its_overdue_cases(
    desk: Page, served: Served
) -> None:
    desk.goto(f"{served.leaders}/departments")
    settled(desk)
    desk.get_by_role("link", name="宝丰镇人民政府").first.click()
    settled(desk)

    expect(desk.get_by_text("宝丰镇人民政府 得分构成")).to_be_visible()
    expect(desk.get_by_text("全县超期未处置案件 3 件")).to_be_visible()
    assert "dept=0203" in desk.url


def test_a_contractor_reads_the_derivation_down_to_a_deduction(
    desk: Page, served: Served
) -> None:
    desk.goto(f"{served.leaders}/contractors?contractor=HW01")
    settled(desk)
    before = desk.get_by_text("QS06 垃圾扫入下水口").count()
    desk.get_by_text("全部扣分", exact=True).click()
    settled(desk)

    assert before == 0
    expect(desk.get_by_text("QS06 垃圾扫入下水口")).to_be_visible()
    expect(desk.get_by_text("1,020,000.00 元").first).to_be_visible()


@pytest.mark.parametrize(
    ("button", "start"),
    [("Word（可编辑）", b"PK"), ("PDF", b"%PDF"), ("Excel", b"PK")],
)
def test_the_operator_takes_the_bulletin_away(
    desk: Page, served: Served, button: str, start: bytes
) -> None:
    desk.goto(f"{served.leaders}/report?period={MONTH}")
    settled(desk)
    with desk.expect_download() as taken:
        desk.get_by_role("button", name=button).click()

    written = taken.value.path().read_bytes()
    assert written.startswith(start)
    if button.startswith("Word"):
        with zipfile.ZipFile(io.BytesIO(written)) as parts:
            words = parts.read("word/document.xml").decode()
        assert "99.99%" in words
        assert "{{" not in words


def test_a_wall_screen_has_neither_menu_nor_choices(desk: Page, served: Served) -> None:
    desk.set_viewport_size({"width": 3840, "height": 2160})
    desk.goto(f"{served.leaders}/?wall=1")
    settled(desk)

    expect(desk.locator(".stAppHeader")).to_be_hidden()
    last = desk.locator("a.row", has_text="城市综合管理检查考核覆盖率")
    place = last.bounding_box()
    assert place
    assert place["y"] + place["height"] < 2160


LAST_MONTH = f"{County().month_list()[-2]:%Y-%m}"
VIEWS = {
    "": "period=2025&area=420323103000",
    "indicator": f"indicator=I17&period={LAST_MONTH}&area=420323103000",
    "contractors": f"contractor=HW01&period={LAST_MONTH}&depth=9&segment=LD4",
    "departments": f"dept=0203&period={LAST_MONTH}",
    "waste": f"period={LAST_MONTH}",
    "lamps": f"period={LAST_MONTH}",
    "complaints": f"period={LAST_MONTH}&area=420323103000",
    "toilets": f"period={LAST_MONTH}",
    "projects": "wall=1",
    "health": "owner=toilets",
    "report": f"period={LAST_MONTH}",
}


@pytest.mark.parametrize("path", VIEWS)
def test_an_address_opens_the_same_view_again_and_back_leads_back(
    desk: Page, served: Served, path: str
) -> None:
    address = f"{served.leaders}/{path}"
    desk.goto(address)
    settled(desk)
    newest = seen(desk)
    desk.goto(f"{address}?{VIEWS[path]}")
    settled(desk)
    chosen = seen(desk)
    desk.reload()
    settled(desk)
    again = seen(desk)
    desk.go_back()
    settled(desk)

    assert chosen != newest
    assert again == chosen
    assert seen(desk) == newest


def test_a_choice_made_by_hand_is_in_the_address_and_back_undoes_it(
    desk: Page, served: Served
) -> None:
    desk.goto(f"{served.leaders}/indicator?indicator=I17")
    settled(desk)
    before = seen(desk)
    choose(desk, "期间", f"{LAST_MONTH[:4]}年{int(LAST_MONTH[5:])}月")
    expect(desk).to_have_url(re.compile(f"period={LAST_MONTH}"))
    settled(desk)
    choose(desk, "范围", "宝丰镇")
    expect(desk).to_have_url(re.compile("area=420323103000"))
    settled(desk)
    assert "indicator=I17" in desk.url
    chosen = seen(desk)

    desk.reload()
    settled(desk)
    assert seen(desk) == chosen
    desk.go_back()
    settled(desk)
    desk.go_back()
    settled(desk)
    assert seen(desk) == before


def seen(page: Page) -> list[str]:
    """Return what stands on the page; a chart that is changed reorders its letters."""
    return sorted(page.locator(".stMain").inner_text().split("\n"))


def choose(page: Page, label: str, name: str) -> None:
    """Choose from a list the way a reader does."""
    box = page.get_by_role("combobox", name=label, exact=True)
    page.locator(".stSelectbox").filter(has=box).click()
    page.get_by_role("option", name=name, exact=True).click()
    settled(page)


def test_a_road_segment_is_reached_by_keyboard_and_its_figures_are_the_tables(
    desk: Page, served: Served
) -> None:
    desk.goto(f"{served.leaders}/contractors?contractor=HW01&period={MONTH}")
    settled(desk)
    bar = desk.get_by_role("link", name="明清大道 LD4：完成应作业遍数的 35.00%")
    bar.focus()
    desk.keyboard.press("Enter")
    settled(desk)

    assert "segment=LD4" in desk.url
    facts = desk.locator(".st-key-sheet_routes dl.facts")
    expect(facts).to_contain_text("21 / 应作业 60（35.00%）")
    row = desk.locator(".st-key-sheet_segments tr", has_text="LD4")
    expect(row).to_contain_text("35.00")
    expect(row).to_contain_text("21 / 60")
    desk.go_back()
    settled(desk)
    expect(facts).to_have_count(0)


def test_a_link_within_a_page_goes_there_without_drawing_it_anew(
    desk: Page, served: Served
) -> None:
    desk.set_viewport_size({"width": 1000, "height": 500})
    desk.goto(served.leaders)
    settled(desk)
    desk.get_by_role("link", name="2 项").click()

    expect(desk.locator("#attention")).to_be_in_viewport()
    assert "#" not in desk.url
