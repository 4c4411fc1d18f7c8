"""Doctor: is this machine ready for the night?"""

import os
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

from cityledger import calendar, ledger, locks, probe, status
from cityledger.errors import OperatorError
from cityledger.files import PRIVATE
from cityledger.settings import DataDir, Settings, SettingsError, without_password
from cityledger.versions import PUBLIC

Level = Literal["ok", "warn", "fail"]

MARKS: Final = {"ok": "正常", "warn": "注意", "fail": "不行"}
_TOOLS: Final = (
    "duckdb",
    "dbt-core",
    "dbt-duckdb",
    "apache-airflow",
    "great-expectations",
    "streamlit",
)
_HORIZON: Final = timedelta(days=60)
_LEAST_FREE: Final = 5 * 2**30
_COPIES: Final = 3


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    subject: str
    level: Level
    text: str


def doctor(settings: Settings, today: date) -> list[Finding]:
    """Look at everything a night needs; nothing is changed."""
    return [
        *_configuration(settings),
        *_connections(settings),
        *_folders(settings.folders),
        *_modes(settings.folders),
        _disk(settings.folders),
        *_orphans(settings.folders),
        *_sources(settings, today),
        *_ledger(settings.folders),
        _calendar(today),
        *_tools(),
    ]


def _configuration(settings: Settings) -> Iterator[Finding]:
    dsn = without_password(settings.lighting_dsn.get_secret_value())
    token = settings.cases_api_token.get_secret_value()
    for name, shown in (
        ("DATA_DIR", str(settings.data_dir)),
        ("CASES_API_URL", without_password(settings.cases_api_url)),
        ("CASES_API_TOKEN", f"已设置（{len(token)} 位）" if token else ""),
        ("LANDING_DIR", without_password(settings.landing_dir)),
        ("LIGHTING_DSN", dsn),
    ):
        if shown:
            yield Finding("配置", "ok", f"{name} = {shown}")
        else:
            yield Finding("配置", "fail", f"{name} 没有设置")


def _connections(settings: Settings) -> Iterator[Finding]:
    for name, look in (
        ("案卷平台", probe.cases),
        ("文件投放目录", probe.drops),
        ("路灯库", probe.lighting),
    ):
        try:
            answer = look(settings)
        except (OperatorError, SettingsError) as error:
            told = settings.without_secrets(str(error))
            yield Finding("连接", "fail", f"{name}：{told}")
        else:
            yield Finding("连接", answer.level, f"{name}：{answer.text}")


def _folders(folders: DataDir) -> Iterator[Finding]:
    for folder in (
        folders.root,
        folders.landing,
        folders.ledger,
        folders.published,
        folders.state,
    ):
        nearest = next(p for p in (folder, *folder.parents) if p.exists())
        if os.access(nearest, os.W_OK | os.X_OK):
            yield Finding("目录", "ok", f"{folder} 可写")
        else:
            yield Finding("目录", "fail", f"{folder} 不可写")


def _modes(folders: DataDir) -> Iterator[Finding]:
    """Look for what others may read or change and citizens are not meant to.

    What lies in a folder that nobody else may enter needs no mode of its own.
    """
    if not folders.root.is_dir():
        return
    kept = [
        p for p in folders.root.iterdir() if p not in (folders.site, folders.published)
    ]
    kept += [p for p in folders.versions.glob("*/*") if p.name != PUBLIC]
    closed = sorted(path for path in kept if _is_open(path, PRIVATE))
    passed = (folders.root, folders.published, folders.versions)
    listed = [p for p in passed if p.is_dir() and _is_open(p, 0o066)]
    if not closed and not listed:
        yield Finding("权限", "ok", "除公众网站和公众文件外，别人都读不到")
    for paths, change in ((closed, "go-rwx"), (listed, "go-rw")):
        if paths:
            names = shlex.join(str(path) for path in paths)
            yield Finding(
                "权限",
                "warn",
                f"{len(paths)} 处别人也能读写；请运行：chmod {change} {names}",
            )


def _is_open(path: Path, bits: int) -> bool:
    return not path.is_symlink() and bool(path.stat().st_mode & bits)


def _disk(folders: DataDir) -> Finding:
    """A night writes a second warehouse's worth and a new version beside the old."""
    nearest = next(p for p in (folders.root, *folders.root.parents) if p.exists())
    free = shutil.disk_usage(nearest).free
    size = folders.warehouse.stat().st_size if folders.warehouse.exists() else 0
    needed = max(_LEAST_FREE, _COPIES * size)
    text = f"剩余 {free / 2**30:.1f} GiB，建议不少于 {needed / 2**30:.1f} GiB"
    return Finding("磁盘", "ok" if free >= needed else "warn", text)


def _orphans(folders: DataDir) -> Iterator[Finding]:
    """Look for halves that a killed process left; the next night removes them."""
    if locks.is_busy(folders):
        yield Finding("残留", "ok", "有任务正在运行，未检查")
        return
    left = [
        *folders.landing.glob("*/*/.*"),
        *folders.landing.glob("*/*/*/.*"),
        *folders.versions.glob(".building-*"),
        *folders.ledger.glob(".*"),
        *folders.run_log.glob(".*"),
    ]
    if left:
        names = "、".join(str(path.relative_to(folders.root)) for path in left[:5])
        text = f"{len(left)} 个未完成的临时文件，下一次运行会清除：{names}"
        yield Finding("残留", "warn", text)
    else:
        yield Finding("残留", "ok", "没有未完成的临时文件")


def _sources(settings: Settings, today: date) -> Iterator[Finding]:
    """Tell which sources do not come as they should, by what is shown now."""
    for source in status.status(settings, today).sources:
        odd, said = list(_odd(source)), status.oddities(source)
        for line in odd:
            yield Finding("来源", "warn", f"{source.source}：{line}")
        if not odd:
            yield Finding("来源", "ok", f"{source.source}：{source.status}{said}")


def _odd(source: status.Freshness) -> Iterator[str]:
    if not source.status:
        yield "还没有发布过，不知道来源的情况"
    elif source.status != "正常":
        yield f"{source.status}{status.oddities(source)}"
    if source.unread_files:
        named = "、".join(unread.file for unread in source.unread_files[:3])
        yield f"{len(source.unread_files)} 个文件没有取用：{named}"


def _ledger(folders: DataDir) -> Iterator[Finding]:
    wrong = ledger.verify(folders)
    for line in wrong[:10]:
        yield Finding("台账", "fail", f"版次不连续：{line}")
    if not wrong:
        yield Finding("台账", "ok", f"{len(ledger.files(folders))} 个文件，版次连续")


def _calendar(today: date) -> Finding:
    last = calendar.horizon()
    if last >= today + _HORIZON:
        return Finding("日历", "ok", f"节假日安排已知到 {last}")
    return Finding(
        "日历",
        "warn",
        f"日历缺失：节假日安排只到 {last}，此后按周一至周五推算；"
        "国务院公布后请升级 chinesecalendar",
    )


def _tools() -> Iterator[Finding]:
    for name in _TOOLS:
        try:
            yield Finding("版本", "ok", f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding("版本", "fail", f"{name} 没有安装")
