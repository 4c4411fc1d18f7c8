"""Command line: the verbs, in Chinese; only here does anyone ask what day it is."""

from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from cityledger.calendar import COUNTY_TIME
from cityledger.errors import FAILED, OperatorError
from cityledger.screen import Screen
from cityledger.settings import SettingsError, read_settings

app = typer.Typer(
    help="城账：把每天的原始记录变成谁都能打开、谁都能核对的数。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="业务日期，默认昨天（北京时间）"),
]


def main() -> None:
    """Run the command line; an operator never sees a traceback."""
    try:
        app()
    except (OperatorError, SettingsError) as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False)
        raise SystemExit(getattr(error, "exit_code", FAILED)) from None


@app.command("nightly", help="采集、计算、检查、发布一晚的数据。")
def nightly(day: Day = None, reason: str | None = None) -> None:
    """Run one night."""
    from cityledger import night  # noqa: PLC0415 - heavy

    with Screen(Console()) as screen:
        code = night.run(_day(day), read_settings(), reason, screen)
    raise typer.Exit(code)


@app.command("land", help="采集一个数据源。")
def land(source: str, day: Day = None) -> None:
    """Land one source."""
    from cityledger.land import land  # noqa: PLC0415 - heavy
    from cityledger.night import load_line  # noqa: PLC0415 - heavy

    load = land(source, _day(day), read_settings())
    Console().print(load_line(load), markup=False, highlight=False)
    raise typer.Exit(0 if load.outcome == "ok" else FAILED)


@app.command("build", help="计算一晚的全部数据，不改动已发布的内容。")
def build(day: Day = None, reason: str | None = None) -> None:
    """Build beside what is shown."""
    from cityledger.build import build  # noqa: PLC0415 - heavy

    with Screen(Console()) as screen:
        result = build(_day(day), read_settings(), reason, tell=screen)
        screen.note(f"计算完成：{result.transformed.succeeded} 个模型和检验")


@app.command("publish", help="发布通过检查的数据。")
def publish(force: bool = False) -> None:
    """Show the marts of the last build."""
    from cityledger.publish import publish  # noqa: PLC0415 - heavy

    with Screen(Console()) as screen:
        published = publish(read_settings(), force, screen)
        screen.note(f"已发布 {published.version}")
    raise typer.Exit(published.exit_code)


def _day(day: datetime | None) -> date:
    if day:
        return day.date()
    return datetime.now(COUNTY_TIME).date() - timedelta(days=1)
