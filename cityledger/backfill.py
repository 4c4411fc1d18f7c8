"""Backfill: replay nights in order, with a reason, and say which figures moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from cityledger import ledger, locks, missed, night, runs, versions
from cityledger.errors import (
    FAILED,
    PUBLISHED,
    PUBLISHED_INCOMPLETE,
    REFUSED,
    OperatorError,
    UsageError,
)
from cityledger.progress import SILENT, Teller
from cityledger.settings import DataDir, Settings

Key = tuple[str, str, str]

_WORDS: Final = {
    PUBLISHED: "已发布",
    PUBLISHED_INCOMPLETE: "已发布（数据源没有到齐）",
    REFUSED: "质量闸门拒绝",
}
_GOES_ON: Final = (PUBLISHED, PUBLISHED_INCOMPLETE, REFUSED)


class OverlapError(OperatorError):
    """A night or another backfill is under way."""


@dataclass(frozen=True)
class Replayed:
    """One night of a backfill and its exit code."""

    day: date
    exit_code: int


@dataclass(frozen=True)
class Moved:
    """A figure that a backfill changed: the edition it wrote and the one before."""

    indicator_id: str
    period: str
    area_code: str
    edition: int
    stage: str
    old_value: float | None
    new_value: float | None


@dataclass(frozen=True)
class Report:
    """What a backfill did."""

    nights: tuple[Replayed, ...]
    moved: tuple[Moved, ...]

    @property
    def exit_code(self) -> int:
        """Return the worst of the nights."""
        codes = {replayed.exit_code for replayed in self.nights}
        for code in (FAILED, REFUSED, PUBLISHED_INCOMPLETE):
            if code in codes:
                return code
        return PUBLISHED


def backfill(
    first: date, last: date, reason: str, settings: Settings, tell: Teller = SILENT
) -> Report:
    """Replay the nights of a span; the one shown stays the newest.

    Nights older than what is shown do not replace it, so it is computed once more at
    the end and shows what the replay has moved.
    """
    if first > last:
        raise UsageError(f"开始日期 {first} 晚于结束日期 {last}")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return replay(days, reason, settings, tell)


def catch_up(
    before: date, settings: Settings, tell: Teller = SILENT, then_show: bool = True
) -> Report:
    """Replay the nights that never ran."""
    days = missed.missed(settings.folders, before)
    if not days:
        return Report((), ())
    tell.note(f"补跑漏掉的 {len(days)} 晚：{missed.listed(days)}")
    return replay(days, "补跑漏掉的夜间任务", settings, tell, then_show)


def replay(
    days: list[date],
    reason: str,
    settings: Settings,
    tell: Teller = SILENT,
    then_show: bool = True,
) -> Report:
    """Run nights in order; one that fails stops the rest, a refused one does not."""
    if not reason.strip():
        raise UsageError("请用 --reason 写明补跑原因，它会记入台账")
    folders = settings.folders
    with _alone(folders, tell):
        before = _latest(folders)
        nights = _replay_each(days, reason, settings, tell)
        if then_show and any(one.exit_code in _GOES_ON for one in nights):
            nights += _show_newest(nights[-1].day, reason, settings, tell)
        return Report(tuple(nights), _moved(before, _latest(folders)))


def lines(report: Report) -> list[str]:
    """Return a report as text."""
    texts = [f"重跑了 {len(report.nights)} 晚"]
    texts += [
        f"  {replayed.day}：{_WORDS.get(replayed.exit_code, '失败')}"
        for replayed in report.nights
    ]
    changed = [moved for moved in report.moved if moved.old_value is not None]
    texts.append(
        f"台账有新版次的数 {len(report.moved)} 个，其中原来有值的 {len(changed)} 个："
    )
    texts += [
        f"  {moved.indicator_id} {moved.period} {moved.area_code} 第 {moved.edition} 版"
        f"（{moved.stage}）：{moved.old_value} → {moved.new_value}"
        for moved in changed
    ]
    return texts


def _replay_each(
    days: list[date], reason: str, settings: Settings, tell: Teller
) -> list[Replayed]:
    nights: list[Replayed] = []
    for position, day in enumerate(days, start=1):
        tell.note(f"—— {day}（{position}/{len(days)}）")
        nights.append(Replayed(day, night.run(day, settings, reason, tell)))
        if nights[-1].exit_code not in _GOES_ON:
            tell.note(f"{day} 失败，后面的 {len(days) - position} 晚没有补跑")
            break
    return nights


@contextmanager
def _alone(folders: DataDir, tell: Teller) -> Iterator[None]:
    """Keep every other night out from first to last, or refuse to begin."""
    try:
        with locks.night(folders, tell, wait_s=0):
            under_way = [run for run in runs.read(folders) if run.outcome == "running"]
            if under_way:
                raise OverlapError(
                    f"{under_way[-1].as_of} 的夜间任务（{under_way[-1].run_id}）"
                    "正在进行，补跑没有开始"
                )
            yield
    except locks.BusyError:
        raise OverlapError("有夜间任务或另一次补跑正在进行，本次没有开始") from None


def _show_newest(
    last: date, reason: str, settings: Settings, tell: Teller
) -> list[Replayed]:
    """Compute the night that is shown once more, with what the replay has moved."""
    shown = versions.current(settings.folders)
    if not shown or shown.as_of <= last:
        return []
    tell.note(f"—— 回到已发布的 {shown.as_of}")
    try:
        code = night.recompute(shown.as_of, settings, reason, tell).exit_code
    except OperatorError as error:
        tell.note(str(error))
        code = error.exit_code
    return [Replayed(shown.as_of, code)]


def _latest(folders: DataDir) -> dict[Key, dict[str, Any]]:
    """Return the last edition of every figure."""
    found: dict[Key, dict[str, Any]] = {}
    for row in ledger.read(folders):
        key = (row["indicator_id"], row["period"], row["area_code"])
        if key not in found or row["edition"] > found[key]["edition"]:
            found[key] = row
    return found


def _moved(
    before: dict[Key, dict[str, Any]], after: dict[Key, dict[str, Any]]
) -> tuple[Moved, ...]:
    return tuple(
        Moved(*key, row["edition"], row["stage"], _value(before.get(key)), row["value"])
        for key, row in sorted(after.items())
        if key not in before or before[key]["edition"] != row["edition"]
    )


def _value(row: dict[str, Any] | None) -> float | None:
    return row["value"] if row else None
