"""As of: what was published of a figure at a moment, and what is published now.

SDMX calls the two questions `asOf` and `includeHistory`. Each answer carries the
definition and the target of its own release. What is under embargo does not exist.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from cityledger.county import COUNTY
from cityledger.errors import UsageError
from cityledger.release import draft, shelf, wording
from cityledger.release.opened import Row
from cityledger.release.shelf import Release
from cityledger.settings import DataDir


@dataclass(frozen=True)
class Vintage:
    """A figure as one release said it."""

    release_id: str
    version: str
    published_at: datetime
    withdrawn_at: datetime | None
    figure: Row
    indicator: Row
    target: Row | None


@dataclass(frozen=True)
class Question:
    """Which figure."""

    indicator_id: str
    period: str
    area_code: str = COUNTY


@dataclass(frozen=True)
class Answer:
    """As published at a moment, and as known now."""

    question: Question
    asked_at: datetime
    as_published: Vintage | None
    as_known_now: Vintage | None
    history: list[Vintage]


def answer(folders: DataDir, question: Question, at: datetime, now: datetime) -> Answer:
    """Answer for a moment that is over; the future is nobody's."""
    if at > now:
        raise UsageError("不能查询将来的时间")
    history = vintages(shelf.public(folders, now), question)
    if not history:
        raise UsageError(
            f"没有公布过 {question.indicator_id} {question.period} {question.area_code}"
        )
    return Answer(
        question, at, _in_force(history, at), _in_force(history, now), history
    )


def vintages(releases: list[Release], question: Question) -> list[Vintage]:
    """Return every release's word on a figure, oldest first."""
    found = []
    for release in releases:
        if release.is_erased or not release.published_at:
            continue
        figure = _one(
            draft.read_table(release, "indicator_values"),
            indicator_id=question.indicator_id,
            period=question.period,
            area_code=question.area_code,
        )
        if figure is None:
            continue
        withdrawal = release.withdrawal
        found.append(
            Vintage(
                release.release_id,
                str(release.version),
                release.published_at,
                withdrawal.at if withdrawal else None,
                figure,
                _one(draft.read_table(release, "indicators"),
                     indicator_id=question.indicator_id) or {},
                _one(draft.read_table(release, "targets"),
                     claim_id=figure["target_claim_id"]),
            )
        )  # fmt: skip
    return found


def lines(found: Answer, *, with_history: bool = False) -> list[str]:
    """Put an answer into words."""
    said = [
        f"{found.question.indicator_id} {found.question.period} "
        f"{found.question.area_code}",
        f"当时公布（{found.asked_at:%Y-%m-%d %H:%M}）：{_said(found.as_published)}",
        f"现在公布：{_said(found.as_known_now)}",
    ]
    if with_history:
        said += ["历次公布："] + [f"  {_said(one)}" for one in found.history]
    return said


def as_program(found: Answer) -> dict[str, object]:
    """Return an answer for a program."""
    return asdict(found)


def _in_force(history: list[Vintage], at: datetime) -> Vintage | None:
    """Return the newest vintage that stood at a moment."""
    standing = [
        one
        for one in history
        if one.published_at <= at and not (one.withdrawn_at and one.withdrawn_at <= at)
    ]
    return standing[-1] if standing else None


def _said(vintage: Vintage | None) -> str:
    if vintage is None:
        return "没有公布"
    figure, indicator = vintage.figure, vintage.indicator
    unit = str(indicator.get("unit", ""))
    value = (
        wording.number(figure["value"], unit, *wording.missed(figure, vintage.target))
        + f" {unit}"
        if figure["value"] is not None
        else wording.reason(figure["null_reason"], "zh") or "无数据"
    )
    target = wording.target(vintage.target, figure["target"], "zh") or "无"
    quote = f"（“{vintage.target['quote']}”）" if vintage.target else ""
    withdrawn = "，已撤回" if vintage.withdrawn_at else ""
    return (
        f"{value}，{figure['status']}，质量 {figure['quality']}；目标 {target}{quote}；"
        f"公式 {figure['formula_version']}：{indicator.get('formula_zh', '')}；"
        f"{vintage.release_id}，{vintage.published_at:%Y-%m-%d %H:%M} 公布{withdrawn}"
    )


def _one(rows: list[Row], **wanted: object) -> Row | None:
    return next(
        (r for r in rows if all(r[name] == value for name, value in wanted.items())),
        None,
    )
