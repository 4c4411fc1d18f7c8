"""Serve: the leaders' pages and the public page.

On this machine only, unless the county has given a single sign-on, which the leaders'
pages then ask for.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx
from rich.console import Console

from cityledger.errors import OperatorError
from cityledger.files import PRIVATE
from cityledger.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"
START_SECONDS, STOP_SECONDS, LOOK_SECONDS = 90.0, 10.0, 0.3

# Streamlit as an appliance: nothing is watched, nothing is sent, nothing is offered
# that a reader could not use.
OPTIONS = {
    "server.address": LOOPBACK,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "logger.level": "warning",
    "browser.gatherUsageStats": "false",
    # What a file of Streamlit's own might say otherwise.
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.enableStaticServing": "false",
    "server.enableAgentApi": "false",
    "server.trustedUserHeaders": "{}",
    "secrets.files": str(ROOT / "dashboards" / "none.toml"),
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "theme.base": "light",
    "theme.primaryColor": "#1f4e79",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f3f5f8",
    "theme.textColor": "#18212f",
    "theme.borderColor": "#e3e7ed",
    "theme.font": "'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', "
    "'Microsoft YaHei', sans-serif",
}


# Whoever guesses it can sign on as anybody.
LEAST_SECRET = 32
RETURN_ADDRESS = r"https?://[\w.-]+(:\d{1,5})?/oauth2callback"
SIGN_ON_SETTINGS = ("redirect_uri", "cookie_secret", "client_id", "server_metadata_url")


@dataclass(frozen=True)
class SignOn:
    """The county's single sign-on: a secrets file for Streamlit and where to listen."""

    secrets: Path
    address: str = LOOPBACK


class ServeError(OperatorError):
    """The pages could not be served; the message is for the operator."""


@dataclass(frozen=True)
class Site:
    """One set of pages and where it is served."""

    title: str
    app: Path
    port: int
    sign_on: SignOn | None = None

    @property
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        return f"http://{LOOPBACK}:{self.port}"


def serve(
    settings: Settings,
    leaders_port: int,
    public_port: int,
    sign_on: SignOn | None = None,
) -> None:
    """Serve both sets of pages until told to stop.

    Each is its own process: a fault in one leaves the other standing, and the public
    page never runs beside code that opens the leaders' file.
    """
    if sign_on:
        _require_whole(sign_on)
    leaders = ROOT / "dashboards" / "leaders" / "server.py"
    sites = [
        Site("领导页", leaders, leaders_port, sign_on),
        Site("公众页", ROOT / "dashboards" / "public" / "server.py", public_port),
    ]
    console = Console()
    with _stopped_by_signals(), _running(sites, settings.data_dir) as servers:
        for site, server in zip(sites, servers, strict=True):
            _wait_until_healthy(site, server)
            console.print(f"{site.title}：{site.address}")
        console.print(
            f"领导页已接统一登录（OIDC），监听 {sign_on.address}。按 Ctrl-C 停止。"
            if sign_on
            else "未配置统一登录（OIDC）：页面只对本机开放。按 Ctrl-C 停止。"
        )
        _wait_for_an_end(sites, servers)


@contextmanager
def _running(
    sites: Sequence[Site], data_dir: Path
) -> Iterator[list[subprocess.Popen[bytes]]]:
    servers: list[subprocess.Popen[bytes]] = []
    try:
        for site in sites:
            _require_free(site)
            servers.append(_start(site, data_dir))
        yield servers
    except KeyboardInterrupt:
        Console().print("已停止。")
    finally:
        _stop(servers)


def _start(site: Site, data_dir: Path) -> subprocess.Popen[bytes]:
    options = OPTIONS | {"server.port": str(site.port)}
    # Decided once, here: a page process that was told nothing shows nothing.
    told = {"CITYLEDGER_SIGN_ON": "loopback"}
    if site.sign_on:
        options["server.address"] = site.sign_on.address
        told = {
            "CITYLEDGER_SIGN_ON": "required",
            "CITYLEDGER_OIDC_FILE": str(site.sign_on.secrets.resolve()),
        }
    flags = [f"--{name}={value}" for name, value in options.items()]
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    surroundings = os.environ | {
        "DATA_DIR": str(data_dir.resolve()),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        **told,
    }
    # Its own process group: Ctrl-C reaches us, and we stop our children in order.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "streamlit", "run", str(site.app), *flags],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        umask=PRIVATE,
    )


def _require_whole(sign_on: SignOn) -> None:
    """Refuse to start half protected: without a whole sign-on nobody can log in."""
    try:
        given = tomllib.loads(sign_on.secrets.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        raise ServeError(f"统一登录的配置文件读不出来：{sign_on.secrets}") from broken
    auth = given.get("auth")
    if not isinstance(auth, dict):
        raise ServeError(f"统一登录的配置没有 [auth] 一节：{sign_on.secrets}")
    missing = [
        name
        for name in SIGN_ON_SETTINGS
        if not isinstance(auth.get(name), str) or not auth[name]
    ]
    if missing:
        raise ServeError(f"统一登录的配置缺少 [auth] {'、'.join(missing)}")
    if not re.fullmatch(RETURN_ADDRESS, auth["redirect_uri"]):
        raise ServeError(
            "[auth] redirect_uri 要写完整的地址，例如 https://…/oauth2callback"
        )
    if len(auth["cookie_secret"]) < LEAST_SECRET:
        raise ServeError(f"[auth] cookie_secret 至少要 {LEAST_SECRET} 个字符，随机生成")


def _require_free(site: Site) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, site.port))
        except OSError as taken:
            raise ServeError(
                f"{site.title}的端口 {site.port} 已被占用，请换一个端口。"
            ) from taken


def _wait_until_healthy(site: Site, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise ServeError(
                f"{site.title}没有启动成功（退出码 {server.returncode}）。"
            )
        if _is_healthy(site):
            return
        time.sleep(LOOK_SECONDS)
    raise ServeError(f"{site.title}在 {START_SECONDS:.0f} 秒内没有就绪。")


def _is_healthy(site: Site) -> bool:
    try:
        # A proxy in the environment is for the outside: this is our own machine.
        with httpx.Client(trust_env=False, timeout=2) as client:
            return client.get(f"{site.address}/_stcore/health").is_success
    except httpx.TransportError:
        return False


def _wait_for_an_end(
    sites: Sequence[Site], servers: Sequence[subprocess.Popen[bytes]]
) -> None:
    while True:
        for site, server in zip(sites, servers, strict=True):
            if server.poll() is not None:
                raise ServeError(
                    f"{site.title}意外停止（退出码 {server.returncode}）。"
                )
        time.sleep(LOOK_SECONDS)


def _stop(servers: Sequence[subprocess.Popen[bytes]]) -> None:
    for server in servers:
        server.terminate()
    for server in servers:
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, so that a service manager's stop is clean too."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
