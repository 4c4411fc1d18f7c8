"""The static site in a browser: for everyone, without scripts, at any width."""

import functools
import html
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cityledger.release import export, workflow
from cityledger.release.workflow import Decision
from tests.unit.released_county import (
    NOW,
    SIGNER,
    Night,
    publish,
    released,
    settings_in,
    usual_cases,
)

SITE_PAGES = (
    "index", "datasets", "methodology", "changes", "corrections", "releases",
    "accessibility", "contact",
)  # fmt: skip
MOST_BYTES = 200_000


class Quiet(SimpleHTTPRequestHandler):
    """A web server that serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases: an old one, a withdrawn one, and the one in force."""
    settings = settings_in(tmp_path_factory.mktemp("site"))
    cases = usual_cases()
    publish(settings, Night())
    released(settings, "首次公开")
    for number, (town, due) in enumerate((("甲镇", 41), ("乙镇", 22)), start=2):
        cases[town, "2025-05"] = (due, due)
        publish(settings, Night(cases=cases, edition=number, reason="数据更正"))
        release = released(settings, f"补录 {number}")
        if number == 2:
            workflow.withdraw(settings, release, Decision(SIGNER, "", "来源有误"), NOW)
    export.export(settings, NOW)
    return (settings.folders.site / "current").resolve()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A browser that runs no scripts, on a narrow telephone."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    yield context.new_page()
    context.close()


def every_page(site: Path) -> list[str]:
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))


def test_every_page_is_small_and_asks_for_nothing_from_outside(site: Path) -> None:
    for page in every_page(site):
        text = (site / page).read_text(encoding="utf-8")
        assert len(text.encode()) + (site / "site.css").stat().st_size < MOST_BYTES
        assert "Content-Security-Policy" in text
        assert "default-src 'none'" in html.unescape(text)
        for outside in ('src="http', "@import", "url(http", "<iframe", "<form"):
            assert outside not in text, page
        assert "style=" not in text, f"{page}: the policy forbids inline styles"


def test_every_link_within_the_site_leads_somewhere(
    site: Path, address: str, page: Page
) -> None:
    broken = []
    for name in every_page(site):
        page.goto(address + name)
        hrefs = page.eval_on_selector_all(
            "a[href], link[rel=stylesheet]", "all => all.map(one => one.href)"
        )
        for href in hrefs:
            path = href.split("#")[0].removeprefix(address)
            if href.startswith(address) and not (site / path).exists():
                broken.append((name, path))
    assert broken == []


def test_axe_finds_nothing_on_any_page(
    site: Path, address: str, browser: Browser
) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                    "best-practice"],
    }  # fmt: skip
    for name in every_page(site):
        page.goto(address + name)
        violations = Axe().run(page, options=options).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == [], name
    context.close()


@pytest.mark.parametrize("view", ["", "en/", "large/"])
@pytest.mark.parametrize("name", [*SITE_PAGES, "indicators/I05"])
def test_at_320_pixels_nothing_must_be_scrolled_sideways(
    address: str, page: Page, view: str, name: str
) -> None:
    # 320 pixels is also what 400 % of a window of 1280 leaves.
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{address}{view}{name}.html")

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_number_is_found_without_scripts_and_with_all_that_it_rests_on(
    address: str, plain: Page, screenshots: Path
) -> None:
    plain.goto(address)
    plain.get_by_role("link", name="占道及时查处率").click()

    for heading in ("口径", "目标依据", "当时公布与现在公布", "下载", "各乡镇"):
        expect(plain.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(plain.get_by_role("img")).to_have_count(2)
    expect(plain.get_by_text("“及时查处率 90”")).to_be_visible()
    expect(plain.get_by_text("件数过少，为保护个人信息隐去").first).to_be_visible()
    plain.screenshot(path=screenshots / "site-320.png", full_page=True)


def test_by_keyboard_the_first_stop_skips_to_the_content(
    address: str, page: Page
) -> None:
    page.goto(address)
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
    )
    assert focused


def test_a_withdrawn_release_answers_with_its_figures_and_the_reason(
    address: str, plain: Page
) -> None:
    plain.goto(f"{address}releases/2025-06-v1.0.1/indicators/I05.html")

    expect(plain.get_by_text("本版已撤回")).to_be_visible()
    expect(plain.get_by_text("来源有误")).to_be_visible()
    expect(plain.get_by_text("96.59").first).to_be_visible()


def test_the_languages_and_sizes_lead_to_each_other(address: str, plain: Page) -> None:
    plain.goto(f"{address}indicators/I05.html")
    plain.get_by_role("link", name="English").click()
    expect(plain.get_by_role("heading", name="Handled in time")).to_be_visible()
    expect(plain.get_by_text("Chinese, which is the official")).to_be_visible()
    plain.get_by_role("link", name="中文").click()
    plain.get_by_role("link", name="大字版").click()
    assert "/large/indicators/I05.html" in plain.url


def test_the_feed_and_the_sitemap_are_well_formed_and_whole(site: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    titles, in_english = (
        [
            str(entry.findtext(f"{atom}title"))
            for entry in Xml.parse(site / name).iter(f"{atom}entry")  # noqa: S314
        ]
        for name in ("feed.xml", "feed-en.xml")
    )
    pages = Xml.parse(site / "sitemap.xml").getroot()  # noqa: S314 - our own file

    assert len(titles) == 3
    assert "已撤回" in titles[1]
    assert "withdrawn" in in_english[1]
    assert len(list(pages)) == len(every_page(site))
