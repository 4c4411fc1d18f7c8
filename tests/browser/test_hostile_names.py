"""A name in the data is text, also to a real browser: it fetches and plants nothing."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, serving, settled
from tests.browser.published_fixture import County, publish_leaders, publish_public
from tests.hostile_names import OUTSIDE, plant

PAGES = (
    "", "indicator", "contractors", "departments", "waste", "lamps",
    "complaints", "toilets", "projects", "report", "health?owner=FS01",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a night in which every name is an attempt."""
    data_dir = tmp_path_factory.mktemp("hostile")
    plant(publish_leaders(data_dir, County()))
    plant(publish_public(data_dir, County()))
    (data_dir / "quarantine").mkdir()
    name = "2025-06-30-![x](http:__evil.invalid_q.png):red[r].xlsx"
    (data_dir / "quarantine" / name).write_bytes(b"PK")
    with serving(data_dir) as pages:
        yield pages


@pytest.mark.parametrize("name", PAGES)
def test_no_name_fetches_or_plants_anything(
    page: Page, hostile: Served, asked_outside: list[str], name: str
) -> None:
    page.goto(f"{hostile.leaders}/{name}")
    settled(page)
    for box in page.locator(".stSelectbox input").all():
        box.click()
        page.keyboard.press("Escape")
    for mark in page.locator("canvas, svg.marks").all():
        mark.hover(force=True)

    assert asked_outside == []
    assert page.locator("#planted, [onerror]").count() == 0
    assert page.locator(f"a[href*='{OUTSIDE}/'], img[src*='{OUTSIDE}']").count() == 0
    assert page.locator("button .katex, button code, button strong").count() == 0
    assert page.title() != "1"


def test_the_operators_button_says_the_name_as_it_is_written(
    page: Page, hostile: Served
) -> None:
    page.goto(f"{hostile.leaders}/health?owner=FS01")
    settled(page)

    button = page.locator(".st-key-make_workbook button")
    expect(button).to_contain_text(f"![x](http://{OUTSIDE}/b.png)[y]")
    expect(button).to_contain_text(":red[r] :material/home: $x^2$ `k` **s**")


def test_the_public_page_takes_names_for_text_too(
    page: Page, hostile: Served, asked_outside: list[str]
) -> None:
    page.goto(hostile.public)
    settled(page)

    assert asked_outside == []
    assert page.locator("#planted, [onerror]").count() == 0


@pytest.mark.parametrize("path", ["<b id=planted>", "![x](http:", "a" * 3000])
def test_a_path_that_is_no_page_is_text_as_well(
    page: Page, hostile: Served, asked_outside: list[str], path: str
) -> None:
    page.goto(f"{hostile.leaders}/{quote(path, safe='%')}")
    settled(page)

    assert asked_outside == []
    assert page.locator("#planted").count() == 0
    assert page.locator("h1, .notice").count() >= 1
