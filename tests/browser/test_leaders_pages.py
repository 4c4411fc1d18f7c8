"""The leaders' pages in a browser: what a county leader sees, on a desk and a phone."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, serving, settled
from tests.browser.published_fixture import (
    PLANS,
    County,
    build_leaders,
    publish_leaders,
)

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TABLE_1 = [plan for plan in PLANS if re.fullmatch(r"I\d\d", plan.indicator_id)]


@pytest.fixture
def desk(page: Page) -> Page:
    """A page on a desk."""
    page.set_viewport_size(DESK)
    return page


@pytest.fixture
def phone(page: Page) -> Page:
    """A page on a phone."""
    page.set_viewport_size(PHONE)
    return page


def test_all_21_indicators_fit_one_screen_on_a_desk(
    desk: Page, served: Served, screenshots: Path
) -> None:
    desk.goto(served.leaders)
    settled(desk)

    rows = desk.locator("a.row")
    on_screen = [
        rows.nth(place).bounding_box()["y"] + rows.nth(place).bounding_box()["height"]
        for place in range(len(TABLE_1))
    ]
    desk.screenshot(path=screenshots / "overview-desk.png")

    assert len(TABLE_1) == 21
    for plan in TABLE_1:
        expect(desk.get_by_text(plan.name, exact=True).last).to_be_visible()
    assert max(on_screen) <= DESK["height"]


def test_a_leader_sees_what_is_wrong_first(desk: Page, served: Served) -> None:
    desk.goto(served.leaders)
    settled(desk)

    expect(desk.get_by_text("约束性指标未达标 4 项")).to_be_visible()
    waste = desk.locator(".panel", has_text="垃圾综合治理").first
    first = waste.locator("a.row").first
    expect(first).to_contain_text("城区生活垃圾无害化处理率")
    expect(first).to_contain_text("99.99%")
    expect(first).to_contain_text("未达标")
    expect(desk.get_by_text("路灯迟到")).to_be_visible()


def test_the_overview_reads_on_a_phone(
    phone: Page, served: Served, screenshots: Path
) -> None:
    phone.goto(served.leaders)
    settled(phone)

    too_wide = phone.evaluate(
        "[...document.querySelectorAll('.panels *, .brief *')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth).length"
    )
    phone.screenshot(path=screenshots / "overview-phone.png")

    assert too_wide == 0
    expect(phone.get_by_role("heading", name="市容环境整治")).to_be_visible()


@pytest.mark.parametrize("path", ["", "/indicator?indicator=I08", "/health"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_is_asked_of_the_outside(
    page: Page,
    served: Served,
    asked_outside: list[str],
    screenshots: Path,
    path: str,
    size: dict[str, int],
) -> None:
    page.set_viewport_size(size)
    page.goto(served.leaders + path)
    settled(page)
    name = re.sub(r"\W+", "-", path or "home").strip("-")
    page.screenshot(path=screenshots / f"{name}-{size['width']}.png")

    assert asked_outside == []


def test_a_number_opens_its_records_in_two_clicks_and_back_leads_back(
    desk: Page, served: Served
) -> None:
    desk.goto(served.leaders)
    settled(desk)

    desk.get_by_role("link", name="新增违法建设及时查处率").last.click()
    expect(desk.get_by_role("heading", name="新增违法建设及时查处率")).to_be_visible()
    settled(desk)
    expect(desk.get_by_text("计入分母 52 条，剔除 3 条")).to_be_visible()
    desk.get_by_role("button", name="下一页").click()
    expect(desk.get_by_text("第 2 页")).to_be_visible()
    desk.go_back()
    desk.go_back()
    expect(desk.get_by_role("heading", name="市容环境整治")).to_be_visible()


def test_an_address_opens_the_same_view_again(desk: Page, served: Served) -> None:
    month = County().month_list()[-3]
    desk.goto(f"{served.leaders}/?period={month:%Y-%m}&area=420323103000")
    settled(desk)

    heading = f"宝丰镇 · {month.year}年{month.month}月"
    expect(desk.get_by_role("heading", name=heading)).to_be_visible()
    expect(desk.get_by_text("亮灯率", exact=True)).to_be_visible()
    expect(desk.get_by_text("路灯装灯率", exact=True)).to_have_count(0)


EVERY_PAGE = [
    "", "indicator?indicator=I05", "contractors?contractor=HW01", "departments",
    "waste", "lamps", "complaints", "toilets", "projects", "health", "report",
]  # fmt: skip


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_on_a_phone_only_what_is_wide_scrolls_sideways_and_says_so(
    phone: Page, served: Served, screenshots: Path, path: str
) -> None:
    phone.goto(f"{served.leaders}/{path}")
    settled(phone)
    wide = phone.evaluate(
        """() => [...document.querySelectorAll(".scroll")]
            .filter((box) => box.checkVisibility()).map((box) => {
            const hint = box.querySelector(".swipe");
            return [
                box.scrollWidth > box.clientWidth + 1,
                hint.getBoundingClientRect().height > 0,
                box.getBoundingClientRect().right,
            ];
        })"""
    )
    page_is_wider = phone.evaluate(
        "document.querySelector('.stMain').scrollWidth > window.innerWidth"
    )
    name = path.split("?", maxsplit=1)[0] or "overview"
    phone.screenshot(path=screenshots / f"{name}-phone.png")

    assert not page_is_wider
    assert all(is_hinted == is_wide for is_wide, is_hinted, _ in wide)
    assert all(right <= PHONE["width"] for _, _, right in wide)


def test_a_charts_letters_grow_with_a_wall_screen_and_stay_inside(
    page: Page, served: Served, screenshots: Path
) -> None:
    page.set_viewport_size({"width": 3840, "height": 2160})
    page.goto(f"{served.leaders}/contractors?contractor=HW01")
    settled(page)
    expect(page.locator(".stVegaLiteChart svg")).to_have_count(2)
    drawn = page.evaluate(
        """() => [...document.querySelectorAll(".stVegaLiteChart")].map((box) => {
            const frame = box.closest("[class*=st-key-sheet_]").getBoundingClientRect();
            const texts = [...box.querySelectorAll("svg text")]
                .filter((text) => text.textContent.trim())
                .map((text) => text.getBoundingClientRect());
            return texts.map((one) => [
                one.height, one.left - frame.left, frame.right - one.right
            ]);
        })"""
    )
    page.screenshot(path=screenshots / "contractors-wall.png")

    assert len(drawn) == 2
    for height, left, right in (letters for chart in drawn for letters in chart):
        assert height > 24
        assert left > 0
        assert right > 0
    key = page.locator(".chartkey")
    expect(key).to_contain_text("竹山洁城环境服务有限公司")
    expect(key).to_contain_text("堵河清环卫有限公司")


def test_a_choice_goes_into_the_address(desk: Page, served: Served) -> None:
    month = County().month_list()[-2]
    desk.goto(served.leaders)
    settled(desk)

    desk.get_by_label("期间").click()
    desk.get_by_role("option", name=f"{month.year}年{month.month}月").click()

    expect(desk).to_have_url(re.compile(f"period={month:%Y-%m}"))
    desk.go_back()
    expect(desk).not_to_have_url(re.compile("period="))


def test_links_and_chips_can_be_read_without_colour(desk: Page, served: Served) -> None:
    desk.goto(served.leaders)
    settled(desk)

    said = desk.locator("a.row .chip").all_inner_texts()
    icons = desk.evaluate(
        "[...document.querySelectorAll('.chip')]"
        ".map(e => getComputedStyle(e, '::before').maskImage)"
    )

    assert all(said)
    assert all(icon.startswith("url(") for icon in icons)
    assert desk.evaluate("document.documentElement.lang") == "zh-CN"
    assert desk.locator("img.spark:not([alt])").count() == 0


def test_a_new_night_appears_by_itself(desk: Page, tmp_path: Path) -> None:
    before = County()
    publish_leaders(tmp_path, County(as_of=before.as_of - timedelta(days=3)))
    with serving(tmp_path) as pages:
        desk.goto(pages.leaders)
        settled(desk)
        expect(desk.get_by_text("已落后 3 天")).to_be_visible()

        publish_leaders(tmp_path, before, version="v2")

        expect(desk.get_by_text("已落后")).to_have_count(0, timeout=60_000)
        build_leaders(tmp_path / "again.duckdb", None)  # nobody holds a lock


def test_before_the_first_night_the_page_says_so(
    desk: Page, tmp_path: Path, screenshots: Path
) -> None:
    with serving(tmp_path) as pages:
        desk.goto(pages.leaders)
        expect(desk.get_by_text("还没有发布过结果")).to_be_visible()
        desk.goto(pages.public)
        expect(desk.get_by_text("尚未发布")).to_be_visible()
        desk.screenshot(path=screenshots / "public-empty.png")


def test_an_address_that_is_no_page_is_answered_in_chinese(
    desk: Page, served: Served
) -> None:
    desk.goto(f"{served.leaders}/indicater")

    expect(desk.get_by_text("地址里的“indicater”不是这里的页面")).to_be_visible()
    expect(desk.get_by_role("dialog")).to_have_count(0)

    desk.get_by_role("link", name="指标").click()

    expect(desk).to_have_url(re.compile("/indicator"))
    expect(desk.get_by_text("没有这个页面")).to_have_count(0)
