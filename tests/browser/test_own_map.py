"""A county's own boundaries, drawn from its own file and from nowhere else."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import own_boundaries
from tests.browser.conftest import serving, settled
from tests.browser.published_fixture import TOWNS, County, publish_leaders


@pytest.mark.parametrize("field", ["area_code", "代码"])
def test_a_countys_own_geojson_is_drawn_and_nobody_outside_is_asked(
    page: Page,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked_outside: list[str],
    screenshots: Path,
    field: str,
) -> None:
    is_number = field == "代码"
    path = own_boundaries.write(tmp_path / "towns.geojson", field, as_number=is_number)
    monkeypatch.setenv("CITYLEDGER_GEOJSON", str(path))
    monkeypatch.setenv("CITYLEDGER_GEOJSON_CODE", field)
    monkeypatch.setenv("CITYLEDGER_GEOJSON_CREDIT", "审图号：虚构S(2025)001号 <b>x</b>")
    publish_leaders(tmp_path, County())
    page.set_viewport_size({"width": 1440, "height": 900})

    with serving(tmp_path) as pages:
        page.goto(f"{pages.leaders}/indicator?indicator=I05")
        settled(page)
        sheet = page.locator(".st-key-sheet_towns")
        drawn = sheet.locator("svg path[aria-roledescription=geoshape]")
        expect(drawn.first).to_be_visible()
        sheet.scroll_into_view_if_needed()
        sheet.screenshot(path=screenshots / f"own-map-{field}.png")

        boxes = [one.bounding_box() for one in drawn.all()]
        assert len(boxes) == len(TOWNS) + 1
        assert all(box and box["width"] > 10 and box["height"] > 10 for box in boxes)
        assert sheet.locator("svg").get_by_text("宝丰镇").count() == 1
        expect(sheet.get_by_text("审图号：虚构S(2025)001号 <b>x</b>")).to_be_visible()
        expect(sheet.locator("table")).to_contain_text("宝丰镇")
        assert sheet.locator(".tiles").count() == 0
    assert asked_outside == []


@pytest.mark.parametrize(
    "content", ["not json", '{"type": "Point"}', '{"features": []}', "[]"]
)
def test_a_file_that_is_no_map_leaves_the_tiles(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (tmp_path / "towns.geojson").write_text(content, encoding="utf-8")
    monkeypatch.setenv("CITYLEDGER_GEOJSON", str(tmp_path / "towns.geojson"))
    publish_leaders(tmp_path, County())

    with serving(tmp_path) as pages:
        page.goto(f"{pages.leaders}/indicator?indicator=I05")
        settled(page)

        expect(page.get_by_text("本县的边界文件不能用")).to_be_visible()
        assert page.locator(".tiles .tile").count() == len(TOWNS)
