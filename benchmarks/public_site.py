"""Public site and public page behind nginx: requests a second, p99, and the capacity.

`python -m benchmarks.public_site --data-dir DIR` needs nginx and wrk. The site is
measured with wrk; the Streamlit page with visits, as a browser makes them: a WebSocket,
one run of the script, until its last message. Both go through the same nginx.
"""

import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cityledger.serve import OPTIONS

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = ("index.html", "indicators/I05.html", "releases.html")
_READY_S: Final = 60.0
_READER_PAGES_A_MINUTE: Final = 4
_CONF: Final = """
daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; include /etc/nginx/mime.types; sendfile on; gzip on;
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{ listen 127.0.0.1:{site}; root {root}; charset utf-8; }}
  server {{
    listen 127.0.0.1:{page};
    location / {{
      proxy_pass http://127.0.0.1:{streamlit}; proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $host:$server_port;
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Load:
    """What one side took."""

    what: str
    clients: int
    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int

    @property
    def readers(self) -> int:
        """How many readers who open four pages a minute it serves."""
        return int(self.per_second * 60 / _READER_PAGES_A_MINUTE)


def main(
    data_dir: Annotated[Path, typer.Option(help="有公开发布的数据目录")],
    seconds: Annotated[int, typer.Option(help="每项测多久")] = 10,
    clients: Annotated[int, typer.Option(help="网站的并发连接数")] = 32,
    visitors: Annotated[int, typer.Option(help="Streamlit 的并发访客数")] = 4,
    out: Annotated[Path, typer.Option(help="结果写入的 JSON 文件")] = Path(
        "var/public_site.json"
    ),
) -> None:
    """同一个 nginx 后面的静态网站和 Streamlit 公众页：每秒请求数、p99、读者数."""
    for tool in ("nginx", "wrk"):
        if not shutil.which(tool, path="/usr/sbin:/usr/bin:" + os.environ["PATH"]):
            raise typer.BadParameter(f"没有安装 {tool}")
    with served(data_dir.resolve()) as (site, page):
        found = [files(f"{site}/{name}", clients, seconds) for name in PAGES]
        found.append(asyncio.run(visits(page, visitors, seconds)))
    for load in found:
        print(
            f"{load.what:28} {load.clients:3} 并发  {load.per_second:9.1f} 次/秒  "
            f"p50 {load.p50_ms:7.1f} ms  p99 {load.p99_ms:7.1f} ms  "
            f"失败 {load.failed}  约 {load.readers:,} 名读者"
        )
    ratio = min(x.per_second for x in found[:-1]) / max(found[-1].per_second, 1e-9)
    print(f"静态网站是 Streamlit 页的 {ratio:,.0f} 倍")
    out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(load) for load in found], ensure_ascii=False, indent=1)
    out.write_text(text + "\n", encoding="utf-8")


@contextmanager
def served(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Serve both behind one nginx, on loopback."""
    site, page, streamlit = (free_port() for _ in range(3))
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        home.chmod(0o755)
        # A user of its own, as nginx has in production, must be able to read the site.
        shutil.copytree(data_dir / "site" / "current", home / "site")
        (home / "nginx.conf").write_text(
            _CONF.format(
                home=home, root=home / "site", site=site, page=page, streamlit=streamlit
            )
        )
        options = OPTIONS | {"server.port": str(streamlit)}
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run",
                 str(ROOT / "dashboards" / "public" / "app.py"),
                 *(f"--{name}={value}" for name, value in options.items())],
                env=os.environ | {"DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)},
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ),
            subprocess.Popen(
                ["/usr/sbin/nginx", "-c", str(home / "nginx.conf"), "-p", str(home)],
                stderr=subprocess.DEVNULL,
            ),
        ]  # fmt: skip
        try:
            for port in (streamlit, site):
                wait_for(port)
            yield f"http://127.0.0.1:{site}", f"ws://127.0.0.1:{page}/_stcore/stream"
        finally:
            for process in processes:
                process.terminate()
                process.wait()


def files(url: str, clients: int, seconds: int) -> Load:
    """Ask for one page as often as it is given."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Load(
        url.split("/", 3)[3],
        clients,
        float(rate.group(1)) if rate else 0.0,
        _milliseconds(said, "50%"),
        _milliseconds(said, "99%"),
        int(errors.group(1)) if errors else 0,
    )


async def visits(address: str, visitors: int, seconds: int) -> Load:
    """Visit the Streamlit page, several visitors at a time."""
    until = time.monotonic() + seconds
    taken: list[float] = []
    failed = 0

    async def visitor() -> None:
        nonlocal failed
        while time.monotonic() < until:
            begun = time.monotonic()
            try:
                await one_visit(address)
                taken.append(time.monotonic() - begun)
            except (OSError, TimeoutError, websockets.WebSocketException):
                failed += 1

    begun = time.monotonic()
    await asyncio.gather(*(visitor() for _ in range(visitors)))
    lasted = time.monotonic() - begun
    ordered = sorted(taken) or [float("nan")]
    return Load(
        "Streamlit",
        visitors,
        len(taken) / lasted,
        statistics.median(ordered) * 1000,
        ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)] * 1000,
        failed,
    )


async def one_visit(address: str) -> None:
    """Open a session, let the script run once, and leave."""
    async with asyncio.timeout(60):
        async with websockets.connect(
            address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None
        ) as socket_:
            ask = BackMsg()
            ask.rerun_script.query_string = ""
            await socket_.send(ask.SerializeToString())
            while True:
                message = ForwardMsg()
                given = await socket_.recv()
                message.ParseFromString(given if isinstance(given, bytes) else b"")
                if message.WhichOneof("type") == "script_finished":
                    return


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    give_up = time.monotonic() + _READY_S
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"nobody listens at {port}")


def free_port() -> int:
    """Find a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _milliseconds(said: str, percentile: str) -> float:
    found = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s)", said)
    if not found:
        return float("nan")
    return float(found.group(1)) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found.group(2)]


if __name__ == "__main__":
    typer.run(main)
