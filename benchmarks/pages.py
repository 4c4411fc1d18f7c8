"""Pages: how long leaders wait when many look at once, behind a proxy.

Each session is a real one: a WebSocket that asks the page's script to run, as a browser
does, and waits until it has finished. `python -m benchmarks.pages --help`.
"""

import asyncio
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Annotated

import httpx
import typer
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from cityledger.serve import OPTIONS

ROOT = Path(__file__).parents[1]
APP = ROOT / "dashboards" / "leaders" / "server.py"
PROXY = Path(__file__).with_name("nginx.conf")
# What a drawn page has: a run that fails early must not count as a quick one.
MARKS = ('class="panels"', 'class="headline"', 'class="card-value"', 'class="grid')
# As on a morning: half of the looks are at the overview, the rest at what it leads to.
VIEWS = (
    ("overview", "period=2025-06"), ("indicator", "indicator=I05&period=2025-06"),
    ("overview", "period=2025-05"), ("departments", "period=2025-05"),
    ("overview", "period=2025-04"), ("indicator", "indicator=I17&period=2025-04"),
    ("overview", "period=2025-03"), ("contractors", "period=2025-03"),
    ("overview", "period=2025-06"), ("lamps", "period=2025-06"),
)  # fmt: skip


@dataclass(frozen=True)
class Waits:
    """Seconds from asking to finished, over all sessions."""

    sessions: int
    processes: int
    runs: int
    first_p50: float
    first_p95: float
    rerun_p50: float
    rerun_p95: float
    rerun_max: float


def main(
    data: Annotated[Path, typer.Option(help="有已发布结果的数据目录")],
    sessions: Annotated[int, typer.Option(min=1, help="同时打开的会话数")] = 50,
    processes: Annotated[int, typer.Option(min=1, help="进程数")] = 2,
    reruns: Annotated[int, typer.Option(min=1, help="每个会话换几次期间")] = 4,
    pause: Annotated[float, typer.Option(help="两次之间停几秒，像人在看")] = 10.0,
    out: Annotated[Path, typer.Option(help="结果写入的 JSON")] = Path(
        "var/benchmark_pages.json"
    ),
) -> None:
    """Measure, print and keep how long readers waited."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ports = [
            stack.enter_context(served_pages(data.resolve(), free_port()))
            for _ in range(processes)
        ]
        port = stack.enter_context(_proxy(Path(folder), ports))
        found = asyncio.run(_measure(port, sessions, processes, reruns, pause))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(asdict(found), indent=2), encoding="utf-8")
    typer.echo(out.read_text(encoding="utf-8"))


async def _measure(
    port: int, sessions: int, processes: int, reruns: int, pause: float
) -> Waits:
    # Readers do not all press at the same instant: they come spread over one pause.
    waits = await asyncio.gather(
        *(
            _session(port, number, reruns, pause, number * pause / sessions)
            for number in range(sessions)
        )
    )
    first = [wait[0] for wait in waits]
    later = list(itertools.chain.from_iterable(wait[1:] for wait in waits))
    return Waits(
        sessions, processes, len(first) + len(later),
        round(statistics.median(first), 3), round(_p95(first), 3),
        round(statistics.median(later), 3), round(_p95(later), 3),
        round(max(later), 3),
    )  # fmt: skip


async def _session(
    port: int, number: int, reruns: int, pause: float, after: float
) -> list[float]:
    """Open the overview and look at one page and period after another."""
    await asyncio.sleep(after)
    cookie = {"Cookie": f"lane=reader-{number}"}
    async with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        additional_headers=cookie,
        max_size=None,
        proxy=None,
        open_timeout=60,
    ) as page:
        waits = [await _run(page, "overview", "")]
        for turn in range(reruns):
            await asyncio.sleep(pause)
            waits.append(await _run(page, *VIEWS[(number + turn) % len(VIEWS)]))
    return waits


async def _run(page: ClientConnection, name: str, query: str) -> float:
    asked = BackMsg()
    asked.rerun_script.page_name = name
    asked.rerun_script.query_string = query
    started = time.perf_counter()
    await page.send(asked.SerializeToString())
    is_drawn = False
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await page.recv(decode=False))
        body = answer.delta.new_element.html.body
        is_drawn = is_drawn or any(mark in body for mark in MARKS)
        if answer.WhichOneof("type") == "script_finished":
            if not is_drawn:
                message = f"a run of {name} ended without its figures"
                raise RuntimeError(message)
            return time.perf_counter() - started


@contextmanager
def served_pages(data: Path, port: int) -> Iterator[int]:
    """Serve the leaders' pages of a data directory, as `cityledger serve` does."""
    flags = [f"--{name}={value}" for name, value in OPTIONS.items()]
    flags.append(f"--server.port={port}")
    with _process(
        [sys.executable, "-m", "streamlit", "run", str(APP), *flags],
        {
            "DATA_DIR": str(data),
            "PYTHONPATH": str(ROOT),
            "CITYLEDGER_SIGN_ON": "loopback",
        },
    ):
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield port


@contextmanager
def _proxy(folder: Path, ports: list[int]) -> Iterator[int]:
    port = free_port()
    servers = "\n".join(f"        server 127.0.0.1:{one};" for one in ports)
    written = Template(PROXY.read_text(encoding="utf-8")).substitute(
        folder=folder, port=port, servers=servers
    )
    (folder / "nginx.conf").write_text(written, encoding="utf-8")
    with _process(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], {}):
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield port


@contextmanager
def _process(command: list[str], more: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=os.environ | more, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with httpx.Client(trust_env=False, timeout=2) as client:
                if client.get(address).is_success:
                    return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    message = f"{address} did not answer"
    raise TimeoutError(message)


def free_port() -> int:
    """Find a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _p95(values: list[float]) -> float:
    return sorted(values)[max(round(len(values) * 0.95) - 1, 0)]


if __name__ == "__main__":
    typer.run(main)
