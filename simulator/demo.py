"""Demo: a county whose last night runs through Airflow, with every page served.

`python -m simulator.demo --home DIR` begins from nothing each time: DIR is emptied.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer
from rich.console import Console

from cityledger.airflow_local import USER, LocalAirflow
from cityledger.calendar import COUNTY_TIME
from simulator.parameters import CountyParameters
from simulator.ports import free_port
from simulator.serve import run_county

DAG: Final = "nightly_load"
PUBLISHED: Final = (0, 5)
_TERMINAL: Final = ("success", "failed")

console = Console()


class DemoError(RuntimeError):
    """A step of the demo did not end as it must."""


def main(
    home: Annotated[Path, typer.Option(help="演示数据的文件夹，开始时会清空")],
    days: Annotated[int, typer.Option(help="历史天数")] = 120,
    scale: Annotated[float, typer.Option(help="规模，1.0 为 12887 盏灯")] = 0.05,
    once: Annotated[bool, typer.Option("--once", help="就绪后立即结束")] = False,
) -> None:
    """演示：模拟县城、历史数据、经 Airflow 跑一晚、全部页面；Ctrl-C 结束."""
    signal.signal(signal.SIGTERM, _interrupt)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    night = datetime.now(COUNTY_TIME).date() - timedelta(days=1)
    first = (night - timedelta(days=days)).replace(day=1)
    try:
        with ExitStack() as running:
            _run(home, CountyParameters(start=first, end=night, scale=scale), running)
            while not once:
                time.sleep(1)
    except KeyboardInterrupt:
        console.print("演示结束，正在停止……")
    except DemoError as error:
        console.print(f"[red]演示没有完成：{error}[/red]")
        sys.exit(1)


def _run(home: Path, parameters: CountyParameters, running: ExitStack) -> None:
    started = time.monotonic()
    night, before = parameters.end, parameters.end - timedelta(days=1)

    _say(started, f"启动模拟县城（{parameters.start} 至 {before}）：接口、文件、数据库")
    county = running.enter_context(run_county(parameters, home / "county", before))
    environment = {
        **os.environ,
        **county.environment,
        "DATA_DIR": str(home / "data"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    _say(started, "装入历史，计算并发布到前一晚")
    _cityledger(environment, "nightly", "--date", str(before))
    _say(started, "公开发布：编制、核对、两级审查、签发、发布")
    _release(environment)

    _say(started, f"新的一天：{night}；启动 Airflow")
    county.advance_to(night)
    airflow = running.enter_context(
        LocalAirflow(home / "airflow", environment, has_schedule=False)
    )
    _say(started, f"由 Airflow 跑 {night} 这一晚")
    _one_night(airflow, night)

    leaders, public, site = free_port(), free_port(), free_port()
    pages = subprocess.Popen(
        ["cityledger", "serve", "--leaders-port", str(leaders),
         "--public-port", str(public)],
        env=environment,
    )  # fmt: skip
    running.callback(_end, pages)
    files = subprocess.Popen(
        [sys.executable, "-m", "http.server", str(site), "--bind", "127.0.0.1",
         "--directory", str(home / "data" / "site" / "current")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    running.callback(_end, files)
    _say(started, "就绪")
    console.print(
        f"\n  领导页    http://127.0.0.1:{leaders}"
        f"\n  公众页    http://127.0.0.1:{public}"
        f"\n  公开网站  http://127.0.0.1:{site}"
        f"\n  Airflow   {airflow.url}   账号 {USER}，密码 {airflow.password}"
        f"\n  数据      {home / 'data'}"
        "\n\n按 Ctrl-C 结束。\n"
    )


def _one_night(airflow: LocalAirflow, night: date) -> None:
    run = airflow.trigger(DAG, night)
    told: set[str] = set()
    while airflow.state(DAG, run) not in _TERMINAL:
        for task in airflow.tasks(DAG, run):
            line = f"{task.task_id} {task.state}"
            if task.state in ("success", "failed", "skipped") and line not in told:
                told.add(line)
                console.print(f"    {line}", style="dim")
        time.sleep(2)
    if airflow.state(DAG, run) != "success":
        raise DemoError(f"Airflow 中 {night} 这一晚失败，见 {airflow.url}")


def _cityledger(environment: dict[str, str], *words: str) -> None:
    ended = subprocess.run(["cityledger", *words], env=environment, check=False)
    if ended.returncode not in PUBLISHED:
        raise DemoError(f"cityledger {words[0]} 的退出码是 {ended.returncode}")


def _release(environment: dict[str, str]) -> None:
    """Let people sign, Airflow's user too, and take a release through every step."""
    draft, checked, signed = "kaohe", "shuju", "lingdao"
    for words in (
        *(
            ("signer", "add", account, "--name", name)
            for account, name in (
                (draft, "考核办（演示）"),
                (checked, "数据室（演示）"),
                (signed, "分管领导（演示）"),
                (USER, "值班管理员（演示）"),
            )
        ),
        ("draft", "--by", draft, "--reason", "演示：首次公开"),
        ("sign", "--by", signed, "--comment", "演示数据，已知"),
        ("approve", "--by", checked, "--step", "数据核对", "--step", "个人信息审查"),
        ("approve", "--by", signed, "--step", "保密审查", "--step", "签发"),
        ("publish", "--by", signed),
    ):
        _cityledger(environment, "release", *words)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def _say(started: float, text: str) -> None:
    console.print(f"[{time.monotonic() - started:5.0f} 秒] {text}")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    typer.run(main)
