"""Journeys: what a leader, a department, a contractor and the operator come for."""

import io
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
    expect(desk.get_by_text("超期未处置案件 3 件")).to_be_visible()
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
