"""Status: the last nights, how fresh each source is, what is shown."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb

from cityledger import load_log, missed, runs, versions
from cityledger.landed import SOURCES
from cityledger.runs import Run
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS, Version

OUTCOMES: Final = {
    "running": "进行中",
    "published": "已发布",
    "published_incomplete": "已发布（数据源没有到齐）",
    "refused": "质量闸门拒绝",
    "failed": "失败",
}
_NIGHTS: Final = 5


@dataclass(frozen=True)
class UnreadFile:
    """A file in the drop that is not taken, why, and since which night."""

    file: str
    reason: str
    since: date


@dataclass(frozen=True)
class Freshness:
    """One source: how far its records reach, and when it was last landed."""

    source: str
    business_date: date | None
    status: str
    landed_at: datetime | None
    landed_for: date | None
    last_attempt: str
    message: str
    silent_days: int | None = None
    refused_share: float | None = None
    unread_files: tuple[UnreadFile, ...] = ()


@dataclass(frozen=True)
class Status:
    """All that `status` tells."""

    nights: tuple[Run, ...]
    shown: Version | None
    versions: tuple[Version, ...]
    sources: tuple[Freshness, ...]
    missed: tuple[date, ...]


def status(settings: Settings, today: date) -> Status:
    """Gather what is known without opening the warehouse, which may be busy."""
    folders = settings.folders
    return Status(
        nights=tuple(runs.read(folders)[-_NIGHTS:]),
        shown=versions.current(folders),
        versions=tuple(versions.every(folders)),
        sources=_sources(folders),
        missed=tuple(missed.missed(folders, today)),
    )


def lines(found: Status) -> list[str]:
    """Return a status as text."""
    return [
        *_night_lines(found),
        "",
        *_version_lines(found),
        "",
        *_source_lines(found.sources),
        "",
        f"漏跑：{missed.listed(list(found.missed)) or '没有'}",
    ]


def _night_lines(found: Status) -> list[str]:
    if not found.nights:
        return ["还没有运行过；请先运行 cityledger nightly"]
    texts = ["最近的夜间任务："]
    for run in reversed(found.nights):
        gate = {True: "闸门通过", False: "闸门拒绝", None: "未到闸门"}[run.audit_passed]
        texts.append(
            f"  {run.as_of}  {OUTCOMES[run.outcome]}  {gate}  "
            f"{run.started_at:%m-%d %H:%M} 开始  {run.run_id}"
        )
        texts += [f"      {line}" for line in "\n".join(run.messages).splitlines()]
    return texts


def _version_lines(found: Status) -> list[str]:
    if not found.shown:
        return ["还没有发布过"]
    shown = found.shown
    return [
        f"正在显示：{shown.as_of} 的数据，{shown.published_at:%Y-%m-%d %H:%M} 发布"
        f"（{shown.name}，共保留 {len(found.versions)} 个版本）"
    ]


def _source_lines(sources: tuple[Freshness, ...]) -> list[str]:
    texts = ["数据源（业务日期 / 状态 / 最近一次采集）："]
    for source in sources:
        landed = f"{source.landed_at:%m-%d %H:%M}" if source.landed_at else "从未成功"
        attempt = "" if source.last_attempt == "ok" else f"  最近一次：{source.message}"
        texts.append(
            f"  {source.source:<12} {source.business_date or '——'}  "
            f"{source.status or '——'}  {landed}{oddities(source)}{attempt}"
        )
        texts += [
            f"      未取用 {unread.file}：{unread.reason}（{unread.since} 起）"
            for unread in source.unread_files
        ]
    return texts


def oddities(source: Freshness) -> str:
    """Say how much of a source was refused of late and how long it is silent."""
    said = ""
    if source.refused_share:
        said += f"  近 28 天隔离 {source.refused_share:.1%}"
    if source.silent_days:
        said += f"  已 {source.silent_days} 天没有新数据"
    return said


def _sources(folders: DataDir) -> tuple[Freshness, ...]:
    health = _health(folders)
    loads = load_log.read(folders.root)
    found = []
    for source in SOURCES:
        own = sorted(
            (load for load in loads if load.source == source),
            key=lambda load: load.started_at,
        )
        good = [load for load in own if load.outcome == "ok"]
        known = health.get(source, _UNKNOWN)
        found.append(
            Freshness(
                source=source,
                business_date=known.business_date,
                status=known.status,
                landed_at=good[-1].finished_at if good else None,
                landed_for=good[-1].load_date if good else None,
                last_attempt=own[-1].outcome if own else "",
                message=own[-1].message if own else "从未采集",
                silent_days=known.silent_days,
                refused_share=known.refused_share,
                unread_files=known.unread_files,
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Health:
    """What the published marts say of one source."""

    business_date: date | None
    status: str
    silent_days: int | None = None
    refused_share: float | None = None
    unread_files: tuple[UnreadFile, ...] = ()


_UNKNOWN: Final = _Health(None, "")


def _health(folders: DataDir) -> dict[str, _Health]:
    """Return how each source stands, as published."""
    path = folders.published / LEADERS
    if not path.exists():
        return {}
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("show tables").fetchall()}
        if "source_summary" not in tables:
            return {}  # published before there was such a mart
        unread = connection.execute(
            "select source, file, reason, since from unread_files order by all"
        ).fetchall()
        rows = connection.execute(
            "select source, business_date, status, silent_days, refused_share "
            "from source_summary"
        ).fetchall()
    return {
        source: _Health(day, word, silent, share, _files_of(source, unread))
        for source, day, word, silent, share in rows
    }


def _files_of(
    source: str, unread: list[tuple[str, str, str, date]]
) -> tuple[UnreadFile, ...]:
    return tuple(
        UnreadFile(file, reason, since)
        for owner, file, reason, since in unread
        if owner == source
    )
