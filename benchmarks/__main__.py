"""Command line of the benchmarks: `python -m benchmarks --help`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import growth as growing
from benchmarks import landing as land
from benchmarks import report
from benchmarks.growth import Nights

app = typer.Typer(
    help="性能基准：在同一台机器、同一次运行里与参照对比，给出比值和原始秒数。",
    no_args_is_help=False,
)

Night = Annotated[
    datetime, typer.Option(formats=["%Y-%m-%d"], help="被测的那一晚（业务日期）")
]
Scale = Annotated[float, typer.Option(help="规模，1.0 为 12887 盏灯")]
Repeats = Annotated[int, typer.Option(min=1, help="每一侧重复几次，取中位数")]
Out = Annotated[Path, typer.Option(help="结果写入的 JSON 文件")]
_NIGHT = datetime(2025, 6, 29)  # noqa: DTZ001 - a county day
_OUT = Path("var/benchmarks.json")


@app.callback(invoke_without_command=True)
def run_all(context: typer.Context) -> None:
    """Without a command, measure everything."""
    if context.invoked_subcommand is None:
        everything()


@app.command("all", help="全部：growth、transform、landing，共用一次准备。")
def everything(
    night: Night = _NIGHT, scale: Scale = 1.0, repeats: Repeats = 3, out: Out = _OUT
) -> None:
    """Measure everything with one preparation."""
    with _scratch() as home:
        nights = growing.measure(home, night.date(), scale, repeats, by_hand=True)
        found = {
            "growth": growing.growth(nights),
            "transform": growing.transform(nights),
            "landing": land.measure(home / "landing", night.date(), scale, repeats),
        }
    _show_growth(nights, found["growth"])
    _show_transform(nights)
    _show_landing(found["landing"])
    report.write(found, out)


@app.command(help="一年历史后的一晚与一个月历史后的同一晚（目标：不超过 1.3 倍）。")
def growth(
    night: Night = _NIGHT, scale: Scale = 1.0, repeats: Repeats = 3, out: Out = _OUT
) -> None:
    """Compare the night after a year with the same night after a month."""
    with _scratch() as home:
        nights = growing.measure(home, night.date(), scale, repeats, by_hand=False)
        found = growing.growth(nights)
    _show_growth(nights, found)
    report.write({"growth": found}, out)


@app.command(help="dbt 计算与手写 DuckDB 脚本（目标：不超过 2 倍），并核对两者结果。")
def transform(
    night: Night = _NIGHT, scale: Scale = 1.0, repeats: Repeats = 3, out: Out = _OUT
) -> None:
    """Compare the transform with the same marts written by hand."""
    with _scratch() as home:
        nights = growing.measure(home, night.date(), scale, repeats, by_hand=True)
    _show_transform(nights)
    report.write({"transform": growing.transform(nights)}, out)


@app.command(help="从本机 PostgreSQL 采集路灯采样（目标：每秒 10 万行）。")
def landing(
    night: Night = _NIGHT, scale: Scale = 1.0, repeats: Repeats = 3, out: Out = _OUT
) -> None:
    """Measure how fast polls are landed."""
    with _scratch() as home:
        found = land.measure(home, night.date(), scale, repeats)
    _show_landing(found)
    report.write({"landing": found}, out)


@contextmanager
def _scratch() -> Iterator[Path]:
    """Lend a folder that the database's own user can reach, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="cityledger-benchmark-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        yield home


def _show_growth(nights: dict[int, Nights], found: dict[str, Any]) -> None:
    print("\n## 一晚的成本随历史增长\n")
    rows: list[tuple[object, ...]] = []
    for name in nights[1].stages[0]:
        month, year = (nights[months].stage(name) for months in (1, 12))
        rows.append((name, month.wall_s, month.cpu_s, year.wall_s, year.cpu_s))
    month, year = (found[f"{months} months"]["night"] for months in (1, 12))
    rows.append(
        ("一晚合计", month["wall_s"], month["cpu_s"], year["wall_s"], year["cpu_s"])
    )
    head = ("阶段", "1 个月 秒", "1 个月 CPU 秒", "12 个月 秒", "12 个月 CPU 秒")
    report.table(head, rows)
    print(
        f"\n12 个月 ÷ 1 个月：{found['ratio_wall']:.2f}（时钟），"
        f"{found['ratio_cpu']:.2f}（CPU）；内存峰值 {found['peak_mb']:,.0f} MB"
    )


def _show_transform(nights: dict[int, Nights]) -> None:
    print("\n## 计算与手写脚本\n")
    rows = [
        (
            f"{months} 个月",
            found["dbt_start"]["cpu_s"],
            found["transform"]["cpu_s"],
            found["plain_given_slots"]["cpu_s"],
            found["plain_from_history"]["cpu_s"],
            found["ratio_given_slots"]["cpu"],
            found["ratio_given_slots"]["wall"],
            found["ratio_from_history"]["cpu"],
            found["ratio_first_from_history"]["cpu"],
        )
        for months, found in (
            (months, growing.against_plain(one)) for months, one in nights.items()
        )
    ]
    head = (
        "历史",
        "dbt 启动 CPU 秒",
        "计算 CPU 秒",
        "手写（给出时点表）",
        "手写（读全部历史）",
        "比值（给出时点表）",
        "同，时钟",
        "比值（读全部历史）",
        "首晚比值",
    )
    report.table(head, rows)
    for months, one in nights.items():
        print(f"\n{months} 个月，两边结果：")
        for name, (count, differ) in one.differ.items():
            print(f"  {name}：{count:,} 行，不同 {differ}")


def _show_landing(found: dict[str, Any]) -> None:
    print("\n## 采集路灯采样\n")
    rows = [
        (name, part["rows"], part["rows_per_s"], part["rows_per_cpu_s"])
        for name, part in (
            ("psycopg COPY，不处理", found["copy"]),
            ("首次落地", found["landing"]),
            ("每晚落地", found["nightly"]),
        )
    ]
    report.table(("", "行", "行/秒", "行/CPU 秒"), rows)


if __name__ == "__main__":
    app()
