"""Command line: 模拟县城的命令."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from simulator.county import County
from simulator.drops import write_drops
from simulator.elsewhere import Census, invented
from simulator.parameters import MOODY, CountyParameters, Faults
from simulator.zhushan import ZHUSHAN

app = typer.Typer(
    help="模拟县城：按数据源契约提供全部来源（案件平台、文件、路灯数据库）。"
)

_FIRST_DAY = datetime.fromisoformat("2025-01-01")


class Place(StrEnum):
    """The counties that the command line knows."""

    ZHUSHAN = "竹山县"
    ELSEWHERE = "云溪县"


_Until = Annotated[
    datetime, typer.Option(help="数据到这一天 24:00", formats=["%Y-%m-%d"])
]
_Start = Annotated[datetime, typer.Option(help="数据的第一天", formats=["%Y-%m-%d"])]
_Seed = Annotated[int, typer.Option(help="随机种子：相同参数得到相同的县城")]
_Scale = Annotated[float, typer.Option(help="规模，0.01–1.0（1.0 为 12887 盏灯）")]
_Dirt = Annotated[float, typer.Option(help="脏数据比例，0 表示没有")]
_Place = Annotated[Place, typer.Option("--county", help="竹山县，或虚构的云溪县")]


def _parameters(
    start: datetime,
    until: datetime,
    seed: int,
    scale: float,
    dirt: float,
    place: Place,
) -> CountyParameters:
    return CountyParameters(
        seed=seed,
        start=start.date(),
        end=until.date(),
        scale=scale,
        dirt=dirt,
        shape=ZHUSHAN if place is Place.ZHUSHAN else invented(Census()),
    )


@app.command()
def serve(  # noqa: PLR0913, PLR0917 (an argument is an option)
    home: Annotated[Path, typer.Option(help="数据与 environment.json 所在的文件夹")],
    until: _Until,
    start: _Start = _FIRST_DAY,
    seed: _Seed = 420323,
    scale: _Scale = 0.05,
    dirt: _Dirt = 0.002,
    place: _Place = Place.ZHUSHAN,
    port: Annotated[int | None, typer.Option(help="案件平台端口，默认空闲端口")] = None,
    moody: Annotated[bool, typer.Option(help="案件平台时常出错")] = False,
) -> None:
    """启动全部数据源并保持运行；POST /simulator/advance?day=… 推进一天."""
    from simulator.serve import run_county  # noqa: PLC0415 (starts slowly)

    parameters = _parameters(start, until, seed, scale, dirt, place)
    parameters = replace(parameters, faults=MOODY if moody else Faults())
    running = run_county(parameters, home, until.date(), port)
    for name, value in running.environment.items():
        typer.echo(f"{name}={value}")
    typer.echo(f"数据到 {running.day} 24:00，Ctrl-C 停止。")
    running.wait()
    typer.echo("已停止。")


@app.command()
def write(  # noqa: PLR0913, PLR0917 (an argument is an option)
    landing_dir: Annotated[Path, typer.Option(help="文件落地目录")],
    until: _Until,
    start: _Start = _FIRST_DAY,
    seed: _Seed = 420323,
    scale: _Scale = 0.05,
    dirt: _Dirt = 0.002,
    place: _Place = Place.ZHUSHAN,
) -> None:
    """只写文件来源（磅单、清扫、检查、台账、基础数据）."""
    county = County(_parameters(start, until, seed, scale, dirt, place))
    written = write_drops(county, landing_dir, until.date())
    typer.echo(f"写入 {len(written)} 个文件。")


@app.command()
def truth(
    until: _Until,
    start: _Start = _FIRST_DAY,
    seed: _Seed = 420323,
    scale: _Scale = 0.05,
    dirt: _Dirt = 0.002,
    place: _Place = Place.ZHUSHAN,
) -> None:
    """列出有意写坏的行及应触发的规则（每行一个 JSON），最后一行是各表行数."""
    county = County(_parameters(start, until, seed, scale, dirt, place))
    for row in county.planted(until.date()):
        typer.echo(json.dumps(asdict(row), ensure_ascii=False, default=str))
    counts = county.counts(until.date())
    typer.echo(json.dumps({"counts": counts}, ensure_ascii=False))
