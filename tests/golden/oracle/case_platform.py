"""Platform: all records of the case platform, page by page from the epoch."""

import time
from collections.abc import Iterator

import httpx

from tests.golden.oracle.rules_cases import Record

EPOCH = "1970-01-01T00:00:00+08:00"
PAGE_SIZE = 1000
ATTEMPTS = 8
TRANSIENT = {500, 502, 503}
UNAUTHORIZED = 401
TOO_MANY = 429


class PlatformError(RuntimeError):
    """The platform did not answer a whole table."""


def read_table(url: str, token: str, table: str) -> list[Record]:
    """Read every record of one table."""
    with httpx.Client(
        base_url=url.rstrip("/") + "/",
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    ) as client:
        return list(_pages(client, table))


def _pages(client: httpx.Client, table: str) -> Iterator[Record]:
    query = {"updated_since": EPOCH, "page_size": str(PAGE_SIZE)}
    while True:
        page = _ask(client, table, query)
        yield from page["items"]
        if not page.get("next_page_token"):
            return
        query = {**query, "page_token": page["next_page_token"]}


def _ask(client: httpx.Client, table: str, query: dict[str, str]) -> dict:
    for attempt in range(ATTEMPTS):
        try:
            answer = client.get(table, params=query)
        except httpx.TransportError:
            time.sleep(0.2 * 2**attempt)
            continue
        if answer.status_code == UNAUTHORIZED:
            raise PlatformError(f"{table}: bad token")
        page = _page(answer)
        if page is not None:
            return page
        time.sleep(_pause(answer, attempt))
    raise PlatformError(f"{table}: no answer after {ATTEMPTS} attempts")


def _page(answer: httpx.Response) -> dict | None:
    if answer.status_code in TRANSIENT | {TOO_MANY}:
        return None
    answer.raise_for_status()
    try:
        return answer.json()
    except ValueError:
        return None


def _pause(answer: httpx.Response, attempt: int) -> float:
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.2 * 2**attempt
