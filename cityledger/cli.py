"""Command line: the verbs, in Chinese; only here does anyone ask what day it is."""

import contextlib
import errno
import logging
import os
import sys
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer import Exit

from cityledger import chinese, cli_quarantine, cli_release, cli_scheme
from cityledger.calendar import COUNTY_TIME
from cityledger.county import COUNTY
from cityledger.errors import FAILED, PUBLISHED, USAGE, OperatorError, UsageError
from cityledger.files import keep_private
from cityledger.output import as_json, complain, say, screen
from cityledger.settings import Settings, SettingsError, read_settings

_log = logging.getLogger(__name__)

app = chinese.group("城账：把每天的原始记录变成谁都能打开、谁都能核对的数。")
verb = partial(app.command, cls=chinese.Command, options_metavar="[选项]")

Day = Annotated[
    datetime | None,
    typer.Option(
        "--date",
        formats=["%Y-%m-%d"],
        metavar="日期",
        help="业务日期，默认昨天（北京时间）",
    ),
]
SameDay = Annotated[
    datetime | None,
    typer.Option(
        "--date",
        formats=["%Y-%m-%d"],
        metavar="日期",
        help="仓库里不是这一天的结果就不继续；默认不限",
    ),
]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="文字", help="原因，会记入台账")
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def main() -> None:
    """Run the command line; an operator sees neither a traceback nor a secret."""
    keep_private()
    try:
        code = app(standalone_mode=False)
    except (OperatorError, SettingsError) as error:
        complain(_without_secrets(str(error)))
        sys.exit(getattr(error, "exit_code", FAILED))
    except typer._click.exceptions.ClickException as error:
        complain(chinese.error_text(error.format_message()))
        sys.exit(USAGE)
    except (KeyboardInterrupt, typer.Abort):
        complain("已中断；再运行一次即可继续")
        # Threads that still wait for a source must not hold up the end; every write
        # of ours can be cut off anywhere.
        os._exit(FAILED)
    except Exception as error:
        _note_for_maintainers()
        complain(_unexpected(error))
        sys.exit(FAILED)
    sys.exit(code if isinstance(code, int) else 0)


@verb("nightly", help="采集、计算、检查、发布一晚的数据。")
def nightly(
    day: Day = None,
    reason: Reason = None,
    catch_up: Annotated[
        bool, typer.Option("--catch-up", help="先按顺序补跑漏掉的夜间任务")
    ] = False,
) -> None:
    """Run one night, and say which nights never ran."""
    from cityledger import backfill, missed, night  # noqa: PLC0415 - heavy

    settings, wanted = _settings(), _day(day)
    with screen() as tell:
        if catch_up:
            # The night that follows shows what the replay has moved.
            backfill.catch_up(wanted, settings, tell, then_show=False)
        code = night.run(wanted, settings, reason, tell)
        gaps = missed.missed(settings.folders, wanted)
        if gaps:
            tell.note(
                f"漏跑 {len(gaps)} 晚：{missed.listed(gaps)}；"
                "用 cityledger nightly --catch-up 补跑"
            )
    raise Exit(code)


@verb("land", help="采集一个数据源，或 all。")
def land(
    source: Annotated[str, typer.Argument(metavar="数据源")],
    *,
    day: Day = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="全量比对：向来源重新取全部，补采以前漏掉的"),
    ] = False,
) -> None:
    """Land one source, or all."""
    from cityledger import landed, night  # noqa: PLC0415 - heavy

    if source not in (*landed.SOURCES, "all"):
        raise UsageError(f"没有数据源 {source}；可选：{'、'.join(landed.SOURCES)}、all")
    with screen() as tell:
        sources = landed.SOURCES if source == "all" else (source,)
        loads = night.land_all(_day(day), _settings(), tell, sources, whole=full)
    raise Exit(PUBLISHED if all(one.outcome == "ok" for one in loads) else FAILED)


@verb("build", help="计算一晚的全部数据，不改动已发布的内容。")
def build(day: Day = None, reason: Reason = None) -> None:
    """Build beside what is shown."""
    from cityledger import night  # noqa: PLC0415 - heavy

    with screen() as tell:
        built = night.build_alone(_day(day), _settings(), reason, tell)
        tell.note(f"{built.as_of} 计算完成（{built.run_id}）；下一步 cityledger audit")


@verb("audit", help="用质量闸门检查最近一次计算的结果。")
def audit(day: SameDay = None) -> None:
    """Audit the last build."""
    from cityledger import night  # noqa: PLC0415 - heavy

    with screen() as tell:
        night.audit_alone(_settings(), day.date() if day else None, tell)


@verb("publish", help="发布通过检查的结果；也可退回旧版本、列出版本。")
def publish(
    *,
    day: SameDay = None,
    force: Annotated[
        bool, typer.Option("--force", help="允许用较旧的数据替换较新的")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="退回上一个版本，或指定的版本")
    ] = False,
    version: Annotated[
        str | None, typer.Argument(metavar="版本", help="退回到哪个版本")
    ] = None,
    list_versions: Annotated[
        bool, typer.Option("--list", help="列出保留的版本")
    ] = False,
    as_program: Json = False,
) -> None:
    """Show the last audited build, or one of the other things publishing means."""
    settings = _settings()
    if version and not rollback:
        raise UsageError("版本只和 --rollback 一起使用")
    if list_versions:
        _list_versions(settings, as_program)
    elif rollback:
        _roll_back(settings, version)
    else:
        _publish_night(settings, day, force)


@verb("backfill", help="按顺序重跑一段日期的夜间任务，并说明哪些数变了。")
def backfill(
    first: Annotated[
        datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="日期"),
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], metavar="日期")
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="文字", help="原因，会记入台账")
    ],
    as_program: Json = False,
) -> None:
    """Replay nights in order."""
    from cityledger import backfill  # noqa: PLC0415 - heavy

    if last.date() > _yesterday():
        raise UsageError(f"结束日期 {last.date()} 还没有过完")
    with screen(is_program=as_program) as tell:
        report = backfill.backfill(first.date(), last.date(), reason, _settings(), tell)
    if as_program:
        as_json(report)
    else:
        say(backfill.lines(report))
    raise Exit(report.exit_code)


@verb("catch-up", help="按顺序补跑漏掉的夜间任务。")
def catch_up(day: Day = None) -> None:
    """Replay the nights before a day that never ran."""
    from cityledger import backfill  # noqa: PLC0415 - heavy

    with screen() as tell:
        report = backfill.catch_up(_day(day), _settings(), tell)
    say(backfill.lines(report) if report.nights else ["没有漏跑的夜间任务"])
    raise Exit(report.exit_code)


@verb("notify", help="说明一晚的结果，有问题时通知值班人员；退出码就是这一晚的。")
def notify(
    day: Day = None,
    has_failed: Annotated[
        bool, typer.Option("--failed", help="调度器说这一晚没有走完")
    ] = False,
) -> None:
    """Tell the people on duty what became of a night."""
    from cityledger import notify  # noqa: PLC0415 - only for this verb

    told = notify.tell(_settings(), _day(day), has_failed)
    say([told.notice.body, told.notice.title])
    raise Exit(told.exit_code)


@verb("status", help="最近的夜间任务、各数据源新鲜度、正在显示的版本。")
def status(as_program: Json = False) -> None:
    """Tell how things stand."""
    from cityledger import status  # noqa: PLC0415 - heavy

    found = status.status(_settings(), _today())
    if as_program:
        as_json(found)
    else:
        say(status.lines(found))


@verb("doctor", help="检查配置、连接、磁盘、日历和版本。")
def doctor(as_program: Json = False) -> None:
    """Look at everything a night needs."""
    from cityledger import doctor  # noqa: PLC0415 - heavy

    findings = doctor.doctor(_settings(), _today())
    if as_program:
        as_json(findings)
    else:
        say(f"{doctor.MARKS[f.level]}  {f.subject}  {f.text}" for f in findings)
    raise Exit(FAILED if any(f.level == "fail" for f in findings) else PUBLISHED)


@verb(
    "explain",
    help="说明一个数：公式、目标、输入、剔除和记录；或一个单位的得分、一笔付款。",
)
def explain(  # noqa: PLR0913 - a number has that many coordinates
    *,
    indicator: Annotated[
        str,
        typer.Argument(
            metavar="指标或单位",
            help="例如 I11，单位编码 0101，合同单位编码，或 payment",
        ),
    ],
    contractor: Annotated[
        str, typer.Argument(metavar="[合同单位]", help="只和 payment 一起写")
    ] = "",
    period: Annotated[
        str,
        typer.Option(
            "--period", "--month", metavar="周期", help="2025-06、2025Q2 或 2025"
        ),
    ],
    area: Annotated[
        str, typer.Option("--area", metavar="区域", help="全县或乡镇的 12 位编码")
    ] = COUNTY,
    edition: Annotated[
        int | None, typer.Option("--edition", metavar="版次", help="台账中的第几版")
    ] = None,
    page: Annotated[
        int, typer.Option("--records", metavar="页", min=1, help="看第几页记录")
    ] = 1,
    page_size: Annotated[
        int, typer.Option("--page-size", metavar="条数", min=1, help="每页几条")
    ] = 20,
    part: Annotated[
        str | None,
        typer.Option("--part", metavar="考核项", help="看得分中这一项的记录"),
    ] = None,
    as_program: Json = False,
) -> None:
    """Say where a number, a department's score or a payment comes from."""
    from cityledger import (  # noqa: PLC0415 - heavy
        explain,
        explain_department,
        explain_payment,
    )

    settings, pages = _settings(), explain.Page(page, page_size)
    if indicator == "payment":
        sheet = explain_payment.explain(settings, contractor, period, part, pages)
        _answer(as_program, sheet, explain_payment.lines(sheet))
        return
    if contractor:
        raise UsageError(f"多余的参数：{contractor}")
    if explain_department.is_department(settings, indicator):
        card = explain_department.explain(settings, indicator, period, part, pages)
        _answer(as_program, card, explain_department.lines(card))
        return
    if explain_payment.is_contractor(settings, indicator):
        sheet = explain_payment.explain(settings, indicator, period, part, pages)
        _answer(as_program, sheet, explain_payment.lines(sheet))
        return
    found = explain.explain(settings, indicator, period, area, edition, pages)
    _answer(as_program, found, explain.lines(found))


@verb("digest", help="每日提要：需要关注的事，按责任单位；--send 发给值班的人。")
def digest(
    send: Annotated[bool, typer.Option("--send", help="同时发送通知")] = False,
    as_program: Json = False,
) -> None:
    """Say what needs attention today."""
    from cityledger import digest  # noqa: PLC0415 - heavy

    settings = _settings()
    found = digest.digest(settings)
    _answer(as_program, found, digest.lines(found))
    if send and not digest.send(settings, found):
        complain("提要没有送达；检查 CITYLEDGER_NOTIFY_URLS 和日志")
        raise Exit(FAILED)


@verb("serve", help="打开领导页和公众页（没有统一登录时只在本机）。")
def serve(
    leaders_port: Annotated[
        int, typer.Option("--leaders-port", metavar="端口", help="领导页端口")
    ] = 8501,
    public_port: Annotated[
        int, typer.Option("--public-port", metavar="端口", help="公众页端口")
    ] = 8502,
    sign_on: Annotated[
        Path | None,
        typer.Option(
            "--oidc",
            metavar="文件",
            envvar="CITYLEDGER_OIDC_FILE",
            help="统一登录配置（TOML，\\[auth] 一节）；没有它页面只对本机开放",
        ),
    ] = None,
    address: Annotated[
        str,
        typer.Option("--address", metavar="地址", help="监听地址，须同时给 --oidc"),
    ] = "127.0.0.1",
) -> None:
    """Serve the pages until told to stop."""
    from cityledger.serve import LOOPBACK, SignOn, serve  # noqa: PLC0415 - heavy

    if address != LOOPBACK and sign_on is None:
        raise UsageError("没有统一登录（--oidc）时，领导页只能绑定 127.0.0.1")
    protected = SignOn(sign_on, address) if sign_on else None
    serve(_settings(), leaders_port, public_port, protected)


@verb(
    "simulate",
    help="模拟县城：按数据源契约提供全部来源（供演示和测试）。",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
)
def simulate(context: typer.Context) -> None:
    """Hand the words on to the simulator's own command line."""
    try:
        from simulator.cli import app as simulator  # noqa: PLC0415 - only for this verb
    except ImportError:
        raise UsageError("这里没有安装模拟器（simulator），它只随源代码提供") from None
    code = simulator(
        context.args, prog_name="cityledger simulate", standalone_mode=False
    )
    raise Exit(code if isinstance(code, int) else PUBLISHED)


app.add_typer(cli_quarantine.app, name="quarantine")
app.add_typer(cli_scheme.app, name="scheme")
app.add_typer(cli_release.app, name="release")


def _list_versions(settings: Settings, as_program: bool) -> None:
    from cityledger import versions  # noqa: PLC0415 - heavy

    known = versions.every(settings.folders)
    shown = versions.current(settings.folders)
    if as_program:
        as_json(known)
        return
    for version in known:
        mark = "→" if shown and shown.name == version.name else " "
        say(
            f"{mark} {version.name}  截至 {version.as_of}  "
            f"{version.published_at:%Y-%m-%d %H:%M} 发布  {version.note}"
        )
    if not known:
        say("还没有发布过")


def _roll_back(settings: Settings, name: str | None) -> None:
    from cityledger.publish import rollback  # noqa: PLC0415 - heavy

    version = rollback(settings, name)
    say(f"已退回 {version.name}（{version.as_of} 的数据）；公众页没有变")


def _publish_night(settings: Settings, day: datetime | None, force: bool) -> None:
    from cityledger import night  # noqa: PLC0415 - heavy

    with screen() as tell:
        published = night.publish_alone(
            settings, day.date() if day else None, force, tell
        )
    raise Exit(published.exit_code)


def _answer(as_program: bool, found: object, lines: list[str]) -> None:
    """Print what was found, for a program or for a person."""
    if as_program:
        as_json(found)
    else:
        say(lines)


def _settings() -> Settings:
    from cityledger import logs  # noqa: PLC0415 - not needed for help

    settings = read_settings()
    logs.write_to_file(settings)
    return settings


def _without_secrets(text: str) -> str:
    """Libraries' errors quote addresses; before any setting is read there is none."""
    try:
        return read_settings().without_secrets(text)
    except SettingsError:
        return text


def _note_for_maintainers() -> None:
    """Write the traceback to the log file, also when no verb had opened it yet."""
    from cityledger import logs  # noqa: PLC0415 - not needed for help

    logs.keep_off_the_screen()
    with contextlib.suppress(SettingsError):
        logs.write_to_file(read_settings())
    _log.exception("unexpected")


def _unexpected(error: Exception) -> str:
    no_space = getattr(error, "errno", None) == errno.ENOSPC
    if no_space or "No space left" in str(error):
        return "磁盘已满，已发布的数据没有改动；腾出空间后再运行一次"
    return (
        f"意外错误（{type(error).__name__}），已发布的数据没有改动；"
        "详情见数据目录下 state/logs/cityledger.log，处理后再运行一次"
    )


def _today() -> date:
    return datetime.now(COUNTY_TIME).date()


def _yesterday() -> date:
    return _today() - timedelta(days=1)


def _day(day: datetime | None) -> date:
    return day.date() if day else _yesterday()
