"""Notify: tell the people on duty what became of a night, in words they can act on.

Where to is `CITYLEDGER_NOTIFY_URLS`: apprise addresses for mail, WeCom, DingTalk,
Feishu and many more. A clean night says nothing; a trouble is told once, and once more
when it is over. A notice never holds records, and one that cannot be delivered never
fails a night.
"""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cityledger import audit, load_log, missed, runs, versions
from cityledger.errors import FAILED, PUBLISHED, PUBLISHED_INCOMPLETE, REFUSED
from cityledger.files import write_text
from cityledger.runs import Run
from cityledger.settings import DataDir, Settings

KEEP_NIGHTS: Final = 60
_MOST_LINES: Final = 6
_CLEAN: Final = "published"
_NEVER_BUILT: Final = "unbuilt"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """What is said about a night; `outcome` is what it says it about."""

    day: date
    outcome: str
    title: str
    body: str


@dataclass(frozen=True)
class Told:
    """What became of a night and of the notice about it."""

    notice: Notice
    was_due: bool
    was_delivered: bool

    @property
    def exit_code(self) -> int:
        """Return the night's own exit code."""
        return {
            "published": PUBLISHED,
            "published_incomplete": PUBLISHED_INCOMPLETE,
            "refused": REFUSED,
        }.get(self.notice.outcome, FAILED)


def notify(settings: Settings, title: str, body: str) -> bool:
    """Send a message to every address; say whether all of them took it."""
    from apprise import Apprise  # noqa: PLC0415 - loads every service there is

    taken = []
    for address in settings.notify_urls:
        url = address.get_secret_value()
        messenger = Apprise()
        try:
            taken.append(
                messenger.add(url)
                and messenger.notify(title=title, body=body, body_format="text")
            )
        # Whatever a messenger stumbles over, the night goes on.
        except Exception:
            _log.exception("notice through %s failed", _service(url))
            taken.append(False)
        if not taken[-1]:
            _log.warning("通知没有送达：%s", _service(url))
    return all(taken)


def tell(settings: Settings, day: date, has_failed: bool = False) -> Told:
    """Say what became of a night, if there is something to say that is not known."""
    folders = settings.folders
    notice = describe(folders, day, has_failed)
    before = _last_told(folders, day)
    is_trouble = notice.outcome != _CLEAN
    was_trouble = before not in (None, _CLEAN)
    is_due = notice.outcome != before and (is_trouble or was_trouble)
    delivered = is_due and notify(settings, notice.title, notice.body)
    if delivered:
        _remember(folders, notice)
    return Told(notice, is_due, delivered and bool(settings.notify_urls))


def describe(folders: DataDir, day: date, has_failed: bool = False) -> Notice:
    """Put into words which night, what happened, what is shown and what to do.

    Whoever saw the night fail says so: then a run of that day that went well is an
    earlier one, and this one never got as far as a run.
    """
    run = _last_run(folders, day)
    if has_failed and run and run.outcome in runs.PUBLISHED_OUTCOMES:
        run = None
    outcome = run.outcome if run else _NEVER_BUILT
    words = {
        "published": _published,
        "published_incomplete": _incomplete,
        "refused": _refused,
    }.get(outcome, _failed)
    title, happened, advice = words(folders, day, run)
    parts = [
        f"业务日期：{day}" + (f"（运行 {run.run_id}）" if run else ""),
        "情况：\n" + "\n".join(f"· {line}" for line in happened),
        f"现在显示的：{_shown(folders)}",
        f"怎么办：{advice}",
    ]
    if gaps := missed.missed(folders, day):
        parts.append(
            f"另有漏跑的夜晚：{missed.listed(gaps)}；用 cityledger catch-up 补跑"
        )
    return Notice(day, outcome, f"城账 {title}", "\n".join(parts))


Words = tuple[str, list[str], str]


def _published(folders: DataDir, day: date, run: Run | None) -> Words:
    return f"{day} 已正常发布", ["数据已全部到齐并发布"], "不需要处理。"


def _incomplete(folders: DataDir, day: date, run: Run | None) -> Words:
    return (
        f"{day} 已发布，但数据源没有到齐",
        _failed_loads(folders, day) + _late_sources(folders, run),
        "联系报送单位或检查连接（cityledger doctor）；数据补到后下一晚自动补算，"
        "也可以重新运行这一晚。其余指标不受影响。",
    )


def _refused(folders: DataDir, day: date, run: Run | None) -> Words:
    found = audit.last(folders, run.run_id) if run else None
    failures = [
        f"{one['check']}：{one['notes']}" for one in (found or {}).get("failures", [])
    ]
    return (
        f"{day} 被质量闸门拦下，没有发布",
        _shortened(failures or (list(run.messages) if run else [])),
        "按上面每条的说明处理后，重新运行这一晚；步骤见运行手册。",
    )


def _failed(folders: DataDir, day: date, run: Run | None) -> Words:
    if not run:
        happened = ["计算没有开始：采集没有完成、超过时限或被中止"]
    elif run.outcome == "running":
        happened = ["没有走完：超过时限或被中止"]
    else:
        happened = list(run.messages) or ["没有留下说明，详见日志"]
    return (
        f"{day} 夜间任务失败，没有发布",
        _shortened(happened + _failed_loads(folders, day)),
        f"查看日志 {folders.state / 'logs'}，排除原因后重新运行这一晚"
        "（在 Airflow 中清除失败的任务，或 cityledger nightly）；重复运行是安全的。",
    )


def _failed_loads(folders: DataDir, day: date) -> list[str]:
    """Return what kept a source of this night from landing, the last time it tried."""
    last = {
        load.source: load
        for load in sorted(load_log.read(folders.root), key=lambda one: one.started_at)
        if load.load_date == day
    }
    return [
        f"数据源 {load.source}：{load.message}"
        for load in last.values()
        if load.outcome != "ok"
    ]


def _late_sources(folders: DataDir, run: Run | None) -> list[str]:
    """Return what the gate found about sources that came late or not at all."""
    found = audit.last(folders, run.run_id) if run else None
    return [
        f"没有到齐：{row}"
        for warning in (found or {}).get("warnings", [])
        if warning["suite"] == "source_freshness"
        for row in warning["rows"]
    ]


def _shown(folders: DataDir) -> str:
    shown = versions.current(folders)
    if not shown:
        return "还没有发布过任何数据"
    return f"{shown.as_of} 的数据（{shown.published_at:%Y-%m-%d %H:%M} 发布）"


def _shortened(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    return lines if more <= 0 else [*lines[:_MOST_LINES], f"另有 {more} 条，见日志"]


def _last_run(folders: DataDir, day: date) -> Run | None:
    of_this_day = [run for run in runs.read(folders) if run.as_of == day]
    return max(of_this_day, key=lambda run: run.started_at, default=None)


def _service(url: str) -> str:
    """Return which kind of service an address means, and nothing of its secrets."""
    return urlsplit(url).scheme or "?"


def _last_told(folders: DataDir, day: date) -> str | None:
    path = _told(folders) / f"{day}.json"
    if not path.exists():
        return None
    return str(json.loads(path.read_text(encoding="utf-8"))["outcome"])


def _remember(folders: DataDir, notice: Notice) -> None:
    """Keep what was told last about each of the last nights."""
    text = json.dumps(asdict(notice), ensure_ascii=False, indent=1, default=str)
    write_text(_told(folders) / f"{notice.day}.json", text)
    for path in sorted(_told(folders).glob("[!.]*.json"))[:-KEEP_NIGHTS]:
        path.unlink()


def _told(folders: DataDir) -> Path:
    return folders.state / "notices"
