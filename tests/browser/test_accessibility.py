"""Accessibility: axe on every page; what our own markup does wrong is an error."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Served, settled

PAGES = [
    "", "indicator?indicator=I05", "contractors", "departments", "waste", "lamps",
    "complaints", "toilets", "projects", "health", "report",
]  # fmt: skip
GRAVE = {"serious", "critical"}
# What Streamlit draws itself and we cannot change from here: its own elements carry
# these classes or test ids, ours are all within .stHtml.
OURS = ".stHtml"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_a_serious_violation_in_our_own_markup(
    page: Page, served: Served, address: str
) -> None:
    page.goto(f"{served.leaders}/{address}")
    settled(page)

    found = Axe().run(page).response["violations"]

    ours = [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if _is_ours(page, node["target"][0])
    ]
    assert ours == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_main_heading_and_fits_a_phone(
    page: Page, served: Served, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served.leaders}/{address}")
    settled(page)

    wide = page.evaluate("document.documentElement.scrollWidth")

    assert page.locator("h1").count() == 1
    assert wide <= 390


def _is_ours(page: Page, selector: object) -> bool:
    if not isinstance(selector, str):
        return False
    return bool(
        page.evaluate(
            "([target, ours]) => !!document.querySelector(target)?.closest(ours)",
            [selector, OURS],
        )
    )
