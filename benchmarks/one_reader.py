"""One reader: how long a page and a change of period take, in Chromium.

Each page is opened in a new browser, as in the morning, and drawn for other periods.
`python -m benchmarks.one_reader --help`.
"""

import json
import os
import statistics
import time
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


@dataclass(frozen=True)
class Waits:
    """Seconds; the worst and the middle of several tries."""

    page: str
    first_content_p50: float
    first_content_max: float
    whole_p50: float
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
    before = os.getloadavg()
    with served_pages(data.resolve(), free_port()) as port, sync_playwright() as played:
        browser = played.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        address = f"http://127.0.0.1:{port}"
        # The server's own first page brings in its libraries; leaders never see that.
        _open(browser, address, "")[0].context.close()
        found = [_measure(browser, address, page, tries) for page in PAGES]
        browser.close()
    load = [round(one, 2) for one in (*before[:1], *os.getloadavg()[:1])]
    out.parent.mkdir(parents=True, exist_ok=True)
    kept = {"load_before_and_after": load, "pages": [asdict(one) for one in found]}
    out.write_text(json.dumps(kept, indent=2, ensure_ascii=False), encoding="utf-8")
    typer.echo(f"load {load}")
    for one in found:
        typer.echo(" ".join(str(value) for value in asdict(one).values()))


def _measure(browser: Browser, address: str, path: str, tries: int) -> Waits:
    first, whole, changes = [], [], []
    for _ in range(tries):
        page, content, rest = _open(browser, address, path)
        first.append(content)
        whole.append(rest)
        period = page.get_by_role("combobox", name="期间")
        if period.count():
            changes += [_change(page, period, place) for place in (1, 2)]
        page.context.close()
    return Waits(
        path or "overview",
        round(statistics.median(first), 3), round(max(first), 3),
        round(statistics.median(whole), 3),
        round(statistics.median(changes), 3) if changes else None,
        round(max(changes), 3) if changes else None,
    )  # fmt: skip


def _open(browser: Browser, address: str, path: str) -> tuple[Page, float, float]:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    began = time.perf_counter()
    page.goto(f"{address}/{path}", wait_until="commit")
    page.locator(CONTENT).first.wait_for(timeout=PATIENCE_MS)
    content = time.perf_counter() - began
    page.wait_for_selector(RESTING, timeout=PATIENCE_MS)
    return page, content, time.perf_counter() - began


def _change(page: Page, period: Locator, place: int) -> float:
    """Choose another period; wait until it is drawn and the page rests."""
    page.locator(".stSelectbox").filter(has=period).click()
    option = page.get_by_role("option").nth(place)
    name = option.inner_text()
    began = time.perf_counter()
    option.click()
    # The heading, or an indicator's own line of facts, names the period that is drawn.
    drawn = page.locator("h1, dl.small").filter(has_text=name)
    drawn.first.wait_for(timeout=PATIENCE_MS)
    page.wait_for_selector(RESTING, timeout=PATIENCE_MS)
    return time.perf_counter() - began


if __name__ == "__main__":
    typer.run(main)
