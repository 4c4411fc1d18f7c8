"""Guard: to whom the pages answer, and what browsers are told with the answer."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import websockets
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import connect

from tests.browser.conftest import Served, free_port, settled, signed_on

PROXY = Path(__file__).parents[2] / "docs" / "nginx.conf"
ACCESS = '[[readers]]\nemail = "leader@county.example"\nrole = "领导"\n'


def ask(address: str, path: str = "/", **headers: str) -> httpx.Response:
    with httpx.Client(trust_env=False, verify=False) as client:  # noqa: S501 - our own
        return client.get(f"{address}{path}", headers=headers)


@pytest.mark.parametrize("path", ["/", "/indicator", "/_stcore/health", "/nowhere.js"])
@pytest.mark.parametrize("site", ["leaders", "public"])
def test_every_answer_forbids_frames_guessing_and_everything_from_elsewhere(
    served: Served, site: str, path: str
) -> None:
    told = ask(getattr(served, site), path).headers

    policy = told["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert told["x-frame-options"] == "DENY"
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "", "[::1]"])
def test_a_name_that_is_not_the_pages_own_is_not_answered(
    served: Served, host: str
) -> None:
    assert ask(served.leaders, Host=host).status_code == 400


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://localhost:9", "null", "file://", "http://["],
)
def test_another_sites_page_cannot_open_a_session(served: Served, origin: str) -> None:
    address = served.leaders.replace("http", "ws") + "/_stcore/stream"

    with pytest.raises(websockets.exceptions.InvalidStatus, match="403"):
        connect(address, additional_headers={"Origin": origin}, proxy=None)
    with connect(address, additional_headers={"Origin": served.leaders}, proxy=None):
        pass


def test_charts_and_scripts_of_ours_run_under_the_policy(
    page: Page, served: Served
) -> None:
    refused: list[str] = []
    page.on(
        "console",
        lambda said: refused.append(said.text) if "Policy" in said.text else None,
    )
    for name in ("overview", "indicator", "contractors", "lamps", "complaints"):
        page.goto(f"{served.leaders}/{name}")
        settled(page)
    page.goto(f"{served.leaders}/contractors")
    page.locator("canvas, svg.marks").first.wait_for()

    assert refused == []
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the pages behind the proxy of the handbook, over TLS."""
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    home = f"https://localhost:{port}"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", folder / "pages.key", "-out", folder / "pages.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    with signed_on(folder, ACCESS, home) as pages:
        changed = PROXY.read_text(encoding="utf-8")
        for theirs, ours in {
            "listen 443": f"listen 127.0.0.1:{port}",
            "pages.county.example": "localhost",
            "/etc/cityledger": str(folder),
            "http://127.0.0.1:8501": pages.leaders,
        }.items():
            assert theirs in changed
            changed = changed.replace(theirs, ours)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log;"
            "events {} http { access_log off;"
            + "".join(
                f"{kind}_temp_path {folder}/{kind};"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + changed
            + "}",
            encoding="utf-8",
        )
        proxy = subprocess.Popen(
            ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "e"]
        )
        try:
            _wait_for(home)
            yield replace(pages, leaders=home)
        finally:
            proxy.terminate()
            proxy.wait(20)


def test_readers_sign_on_through_the_proxy_of_the_handbook(
    browser: Browser, behind_proxy: Served
) -> None:
    context = browser.new_context(ignore_https_errors=True, locale="zh-CN")
    page = context.new_page()
    page.goto(behind_proxy.leaders)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="leader@county.example").click()
    settled(page)

    expect(page.get_by_text("leader@county.example · 领导")).to_be_visible()
    ours = [c for c in context.cookies() if c["domain"] == "localhost"]
    assert ours
    assert all(cookie["secure"] for cookie in ours)
    context.close()


def test_the_proxy_of_the_handbook_answers_to_one_name_and_over_tls_alone(
    behind_proxy: Served,
) -> None:
    answer = ask(behind_proxy.leaders)

    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "max-age=" in answer.headers["strict-transport-security"]
    with pytest.raises(httpx.TransportError):
        ask(behind_proxy.leaders, Host="evil.example")
    with pytest.raises(httpx.TransportError):
        ask(behind_proxy.leaders.replace("localhost", "127.0.0.1"))


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            ask(address, "/_stcore/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} did not answer")
