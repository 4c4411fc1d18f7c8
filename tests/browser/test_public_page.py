"""The public page in a browser: released figures, and nothing of the leaders'."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, settled
from tests.browser.published_fixture import County


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_newest_release_is_shown(
    page: Page,
    served: Served,
    asked_outside: list[str],
    screenshots: Path,
    width: int,
    height: int,
) -> None:
    released = County().month_list()[-2]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(served.public)
    settled(page)
    page.screenshot(path=screenshots / f"public-{width}.png")

    heading = f"{released.year}年{released.month}月"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_text("发布日期")).to_be_visible()
    expect(page.get_by_text("违法占道案件及时查处率").first).to_be_visible()
    expect(page.get_by_role("heading", name="更正与修订")).to_be_attached()
    expect(page.get_by_text("初报")).to_have_count(0)
    assert asked_outside == []


def test_an_address_that_is_no_page_leads_back(page: Page, served: Served) -> None:
    page.goto(f"{served.public}/nothing")

    expect(page.get_by_text("地址里的“nothing”不是这里的页面")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("link", name="回到首页").click()

    expect(page.get_by_text("没有这个页面")).to_have_count(0)
    expect(page.get_by_role("heading", name="逐期查看")).to_be_visible()
