"""Browser tests: the served pages, and a Chromium that may only see this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from tests.browser import oidc_provider
from tests.browser.published_fixture import County, publish_leaders, publish_public

ROOT = Path(__file__).parents[2]
SERVE = (
    "import sys; from cityledger.serve import serve; from cityledger.settings import "
    "Settings; from cityledger.serve import SignOn; from pathlib import Path; "
    "serve(Settings(), int(sys.argv[1]), int(sys.argv[2]), "
    "SignOn(Path(sys.argv[3])) if sys.argv[3:] else None)"
)


@dataclass(frozen=True)
class Served:
    """Both sets of pages, as `cityledger serve` serves them."""

    data_dir: Path
    leaders: str
    public: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Launch the system's Chromium, without its own conversations."""
    return {
        "executable_path": "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a published night and two releases."""
    data_dir = tmp_path_factory.mktemp("data")
    publish_leaders(data_dir, County())
    publish_public(data_dir, County())
    with serving(data_dir) as pages:
        yield pages


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that screenshots go to."""
    chosen = os.environ.get("SCREENSHOTS")
    return Path(chosen) if chosen else tmp_path_factory.mktemp("screenshots")


@pytest.fixture
def asked_outside(page: Page) -> list[str]:
    """Collect the addresses beyond this machine that the page asks for."""
    asked: list[str] = []

    def note(request: Request) -> None:
        local = ("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")
        if not request.url.startswith(local):
            asked.append(request.url)

    page.on("request", note)
    page.on("websocket", lambda socket: _note_socket(socket.url, asked))
    return asked


class serving:  # noqa: N801  (reads as a statement)
    """Run `serve` for a data folder until the block ends."""

    def __init__(
        self,
        data_dir: Path,
        leaders_port: int | None = None,
        secrets: Path | None = None,
        access: Path | None = None,
    ) -> None:
        self.ports = leaders_port or free_port(), free_port()
        signed_on = [str(secrets)] if secrets else []
        listed = {"CITYLEDGER_ACCESS_FILE": str(access)} if access else {}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, *map(str, self.ports), *signed_on],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(data_dir)} | listed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.data_dir = data_dir

    def __enter__(self) -> Served:
        """Wait for both addresses to be printed: then both are healthy."""
        said = ""
        while "按 Ctrl-C 停止" not in said:
            line = self.process.stdout.readline() if self.process.stdout else ""
            if not line and self.process.poll() is not None:
                pytest.fail(f"serve did not start: {said}")
            said += line
        leaders, public = (f"http://127.0.0.1:{port}" for port in self.ports)
        return Served(self.data_dir, leaders, public, self.process)

    def __exit__(self, *_error: object) -> None:
        """Stop it the way a service manager would."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@contextmanager
def signed_on(data_dir: Path, access: str, home: str = "") -> Iterator[Served]:
    """Serve a night behind a sign-on; `home` is where a proxy is asked for it."""
    publish_leaders(data_dir, County())
    publish_public(data_dir, County())
    listed, secrets = data_dir / "access.toml", data_dir / "oidc.toml"
    listed.write_text(access, encoding="utf-8")
    port = free_port()
    with oidc_provider.running(free_port()) as issuer:
        secrets.write_text(
            f"""
[auth]
redirect_uri = "{home or f"http://127.0.0.1:{port}"}/oauth2callback"
cookie_secret = "{"x" * 40}"
client_id = "{oidc_provider.CLIENT_ID}"
client_secret = "{oidc_provider.CLIENT_SECRET}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
""",
            encoding="utf-8",
        )
        with serving(data_dir, port, secrets, listed) as pages:
            yield pages


def free_port() -> int:
    """Find a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(address: str) -> bool:
    """Say whether anybody answers at an address."""
    port = int(address.rsplit(":", 1)[1])
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def settled(page: Page) -> None:
    """Wait until the page has been drawn and the script has come to rest."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    time.sleep(0.6)


def _note_socket(url: str, asked: list[str]) -> None:
    if not url.startswith("ws://127.0.0.1:"):
        asked.append(url)
