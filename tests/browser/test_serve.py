"""Serve: starts both sets of pages, stops them, and nothing else."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from cityledger.serve import ServeError, SignOn, serve
from cityledger.settings import Settings
from tests.browser.conftest import free_port, is_listening, serving
from tests.browser.published_fixture import County, publish_leaders

APP = Path(__file__).parents[2] / "dashboards" / "leaders" / "app.py"
WHOLE = f"""
[auth]
redirect_uri = 'https://pages.example/oauth2callback'
cookie_secret = '{"s" * 32}'
client_id = 'id'
server_metadata_url = 'https://sso.example/.well-known/openid-configuration'
"""


def test_a_stop_signal_ends_both_servers(tmp_path: Path) -> None:
    with serving(tmp_path) as pages:
        children = psutil.Process(pages.process.pid).children()
        assert is_listening(pages.leaders)
        assert is_listening(pages.public)

        pages.process.send_signal(signal.SIGTERM)
        pages.process.wait(30)

        assert pages.process.returncode == 0
        assert len(children) == 2
        assert not any(child.is_running() for child in children)


def test_only_this_machine_can_reach_the_pages(tmp_path: Path) -> None:
    with serving(tmp_path) as pages:
        listening = {
            connection.laddr.ip
            for child in psutil.Process(pages.process.pid).children()
            for connection in child.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }

    assert listening == {"127.0.0.1"}


def test_a_taken_port_is_named_and_nothing_is_left_running(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        settings = Settings(data_dir=tmp_path)

        with pytest.raises(ServeError, match=f"公众页的端口 {taken} 已被占用"):
            serve(settings, free_port(), taken)

    assert set(psutil.Process().children()) == before


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "没有 \\[auth\\] 一节"),
        ("auth = 'x'", "没有 \\[auth\\] 一节"),
        ("[auth", "读不出来"),
        ("[auth]\nclient_id = 'a'", "缺少 .*redirect_uri、cookie_secret"),
        (WHOLE.replace("https://pages.example", ""), "redirect_uri 要写完整的地址"),
        (WHOLE.replace("pages.example", "[bad"), "redirect_uri 要写完整的地址"),
        (WHOLE.replace("s" * 32, "short"), "至少要 32 个字符"),
        (WHOLE.replace("'id'", "7"), "缺少 .*client_id"),
    ],
)
def test_pages_do_not_start_half_protected(
    tmp_path: Path, given: str, why: str
) -> None:
    secrets = tmp_path / "oidc.toml"
    secrets.write_text(given, encoding="utf-8")

    with pytest.raises(ServeError, match=why):
        serve(Settings(data_dir=tmp_path), 1, 2, SignOn(secrets))


@pytest.mark.parametrize("told", [{}, {"CITYLEDGER_SIGN_ON": "required"}])
def test_pages_that_serve_did_not_start_show_nothing(
    tmp_path: Path, page: Page, told: dict[str, str]
) -> None:
    publish_leaders(tmp_path, County())
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}",
         "--server.headless=true", "--server.address=127.0.0.1"],
        cwd=tmp_path,
        env=os.environ
        | {"DATA_DIR": str(tmp_path), "PYTHONPATH": str(APP.parents[2])}
        | told,
    ) as streamlit:  # fmt: skip
        try:
            while not is_listening(f"http://127.0.0.1:{port}"):
                time.sleep(0.2)
            page.goto(f"http://127.0.0.1:{port}/indicator")
            expect(page.get_by_text("登录没有配置好，页面不开放")).to_be_visible()
            assert page.get_by_text("城区主次干道").count() == 0
        finally:
            streamlit.terminate()
