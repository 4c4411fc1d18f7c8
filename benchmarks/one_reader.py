"""One reader: how long a page and a change of period take, in Chromium.

Each page is opened in a new browser that has nothing of ours, again in the same
browser, as every later morning, and then drawn for other periods. The browser's own
clock is read, from the navigation to the content, from the click to the script's end.
`python -m benchmarks.one_reader --help`.
"""

import json
import os
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.pages import free_port, served_pages

# What a reader came for: no heading, no frame, no choice of periods.
CONTENT = ".panels a.row, .headline .value, .card-value, .project, table.grid tbody tr"
RESTING = "[data-testid=stApp][data-test-script-state=notRunning]"
PAGES = (
    "", "indicator?indicator=I05", "indicator?indicator=I17", "contractors",
    "departments", "waste", "lamps", "complaints", "toilets", "projects", "health",
    "report",
)  # fmt: skip
PATIENCE_MS = 60_000


# The moments that count, noted by the page itself.
WATCH = """
(([content, resting]) => {
    const look = () => {
        const root = document.documentElement;
        if (!root) return;
        if (!window.cl_content && document.querySelector(content))
            window.cl_content = performance.now();
        if (window.cl_wanted && !window.cl_drawn) {
            const named = [...document.querySelectorAll("h1, dl.small")];
            if (named.some((one) => one.textContent.includes(window.cl_wanted)))
                window.cl_drawn = performance.now();
        }
        if (window.cl_drawn && !window.cl_rest && document.querySelector(resting))
            window.cl_rest = performance.now();
    };
    new MutationObserver(look).observe(document, {
        subtree: true, childList: true, characterData: true, attributes: true,
        attributeFilter: ["data-test-script-state", "class"],
    });
    document.addEventListener("click", (click) => {
        if (click.target.closest?.("[role=option]"))
            window.cl_clicked = performance.now();
    }, true);
})(%s)
"""


@dataclass(frozen=True)
class Waits:
    """Seconds: the middle and the worst of several tries."""

    page: str
    new_browser_p50: float
    new_browser_max: float
    known_browser_p50: float
    known_browser_max: float
    change_p50: float | None
    change_max: float | None


def main(
    data: Annotated[Path, typer.Option(help="有已发布结果的数据目录")],
    tries: Annotated[int, typer.Option(min=1, help="每页打开几次")] = 3,
    out: Annotated[Path, typer.Option(help="结果写入的 JSON")] = Path(
        "var/benchmark_one_reader.json"
    ),
) -> None:
    """Measure, print and keep how long one reader waits, with the machine's load."""
    found, loads = [], [os.getloadavg()[0]]
    with served_pages(data.resolve(), free_port()) as port, sync_playwright() as played:
        browser = played.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        address = f"http://127.0.0.1:{port}"
        # The server's own first page brings in its libraries; leaders never see that.
        _measure(browser, address, "", 1)
        for path in PAGES:
            found.append(_measure(browser, address, path, tries))
            loads.append(os.getloadavg()[0])
            typer.echo(" ".join(str(said) for said in asdict(found[-1]).values()))
        browser.close()
    load = [round(min(loads), 2), round(max(loads), 2)]
    out.parent.mkdir(parents=True, exist_ok=True)
    kept = {"load_least_and_most": load, "pages": [asdict(one) for one in found]}
    out.write_text(json.dumps(kept, indent=2, ensure_ascii=False), encoding="utf-8")
    typer.echo(f"load {load}")


def _measure(browser: Browser, address: str, path: str, tries: int) -> Waits:
    new, known, changes = [], [], []
    for _ in range(tries):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_init_script(WATCH % json.dumps([CONTENT, RESTING]))
        page = context.new_page()
        new.append(_open(page, f"{address}/{path}"))
        page.goto("about:blank")
        known.append(_open(page, f"{address}/{path}"))
        period = page.get_by_role("combobox", name="期间")
        if period.count():
            changes += [_change(page, period, place) for place in (1, 2)]
        context.close()
    return Waits(
        path or "overview",
        round(statistics.median(new), 3), round(max(new), 3),
        round(statistics.median(known), 3), round(max(known), 3),
        round(statistics.median(changes), 3) if changes else None,
        round(max(changes), 3) if changes else None,
    )  # fmt: skip


def _open(page: Page, address: str) -> float:
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.cl_content", timeout=PATIENCE_MS)
    page.wait_for_selector(RESTING, timeout=PATIENCE_MS)
    return float(page.evaluate("window.cl_content")) / 1000


def _change(page: Page, period: Locator, place: int) -> float:
    """Choose another period; wait until it is drawn and the page rests."""
    page.locator(".stSelectbox").filter(has=period).click()
    option = page.get_by_role("option").nth(place)
    page.evaluate(
        "(name) => { cl_wanted = name; cl_drawn = cl_rest = 0; }", option.inner_text()
    )
    option.click()
    page.wait_for_function("window.cl_rest", timeout=PATIENCE_MS)
    return float(page.evaluate("window.cl_rest - window.cl_clicked")) / 1000


if __name__ == "__main__":
    typer.run(main)
