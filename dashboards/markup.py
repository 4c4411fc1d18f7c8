"""Markup: the small pieces of HTML that both sets of pages are made of.

Everything that comes from data is escaped here and nowhere else.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Protocol
from urllib.parse import urlencode

from dashboards import wording
from dashboards.wording import Target

STATUS_CLASSES = {
    "达标": "met",
    "未达标": "missed",
    "口径冲突区间": "disputed",
    "数据不完整": "partial",
    "无数据": "none",
    "描述性": "described",
}
HEALTH_CLASSES = {
    "正常": "met",
    "迟到": "disputed",
    "部分": "partial",
    "缺失": "missed",
    "多数不合格": "missed",
    "静默": "disputed",
    "从未到数": "none",
}
# The status colours of theme.css: an image cannot read the page's styles.
DOT_COLOURS = {"met": "#1b6e43", "missed": "#b42318"}
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 84, 26, 4


def text(value: object) -> str:
    """Escape a value for use in HTML, a missing one as nothing."""
    return "" if value is None else escape(str(value))


def label(words: str) -> str:
    """Escape words for a button, which reads its label as Markdown.

    A name in the data must neither be set in colour nor fetch an image. Options of a
    choice are plain text already.
    """
    plain = " ".join(words.split())
    return re.sub(r"([^\w\s])", _escaped, plain)


def _escaped(found: re.Match[str]) -> str:
    """Put a backslash before a mark that Markdown may read; others need none."""
    return f"\\{found[0]}" if found[0].isascii() else found[0]


def link(page: str, **parameters: str | None) -> str:
    """Return the address of a page, relative to the application's root."""
    given = {name: value for name, value in parameters.items() if value}
    return escape(f"{page}?{urlencode(given)}" if given else page)


def chip(word: str, kind: str) -> str:
    """Draw a status: its word and an icon, never colour alone."""
    return f'<span class="chip chip-{kind}">{text(word)}</span>'


def status_chip(status: str) -> str:
    """Draw the status of an indicator."""
    return chip(status, STATUS_CLASSES.get(status, "none"))


def health_chip(status: str) -> str:
    """Draw the status of a source."""
    return chip(status, HEALTH_CLASSES.get(status, "none"))


def tag(word: str, kind: str = "plain") -> str:
    """Draw a short mark beside a name."""
    return f'<span class="tag tag-{kind}">{text(word)}</span>'


def notice(kind: str, title: str, words: str = "") -> str:
    """Draw a message across the page: empty, stale, error."""
    role = "alert" if kind == "error" else "status"
    body = f"<p>{text(words)}</p>" if words else ""
    return (
        f'<div class="notice notice-{kind}" role="{role}">'
        f"<strong>{text(title)}</strong>{body}</div>"
    )


class Valued(Protocol):
    """A published value, or the reason why there is none."""

    @property
    def value(self) -> float | None:
        """The value, unrounded."""

    @property
    def null_reason(self) -> str | None:
        """Why there is none."""

    @property
    def n(self) -> int | None:
        """How many records it rests on."""


def value_cell(valued: Valued, target: Target | None, unit: str) -> str:
    """Draw a value with its unit and how many records it rests on, or why not."""
    if valued.value is None:
        why = text(wording.why_missing(valued.null_reason))
        return (
            f'<span class="value value-none">{wording.NOTHING}</span>'
            f'<span class="under">{why}</span>'
        )
    shown = wording.figure(valued.value, target, unit)
    n = f'<span class="under">n={wording.count(valued.n)}</span>' if valued.n else ""
    return f'<span class="value">{shown}<small>{text(unit)}</small></span>{n}'


def table(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], kind: str = ""
) -> str:
    """Draw a table of cells that are already HTML; a leading `>` aligns right."""
    aligns = ["num" if heading.startswith(">") else "txt" for heading in headings]
    head = "".join(
        f'<th scope="col" class="{align}">{text(heading.removeprefix(">"))}</th>'
        for heading, align in zip(headings, aligns, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, aligns)}</tr>" for row in rows)
    return scrolling(
        caption,
        f'<table class="grid"><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
        kind,
    )


def scrolling(said: str, drawn: str, kind: str = "") -> str:
    """Put what may be wider than the screen into a part that scrolls by itself.

    The hint is drawn only where there is more to the side.
    """
    return (
        f'<div class="scroll {kind}" tabindex="0" role="region" '
        f'aria-label="{text(said)}">{drawn}'
        '<span class="swipe" aria-hidden="true">左右滑动看全部 ⇆</span></div>'
    )


def card(label: str, value: str, under: str = "", kind: str = "") -> str:
    """Draw one figure with its name and what it rests on; value and under are HTML."""
    return (
        f'<div class="card {kind}"><span class="card-name">{text(label)}</span>'
        f'<span class="card-value">{value}</span>'
        f'<span class="card-under">{under}</span></div>'
    )


def cards(drawn: Sequence[str]) -> str:
    """Lay cards side by side."""
    return f'<div class="cards">{"".join(drawn)}</div>' if drawn else ""


def amount(shown: str, unit: str) -> str:
    """Draw a figure with its unit; a missing one has none."""
    return shown if shown == wording.NOTHING else f"{shown}<small>{text(unit)}</small>"


def tiles(drawn: Sequence[tuple[str, str, str, str]], said: str) -> str:
    """Draw areas as tiles of one size, each a name, a value, a status and an address.

    No place or boundary is claimed, and it says so.
    """
    each = "".join(
        f'<a class="tile tile-{STATUS_CLASSES.get(status, "none")}" href="{address}">'
        f'<span class="tile-name">{text(name)}</span>'
        f'<span class="tile-value">{value}</span>'
        f'<span class="tile-status">{text(status)}</span></a>'
        for name, value, status, address in drawn
    )
    return (
        f'<nav class="tiles" aria-label="{text(said)}">{each}</nav>'
        '<p class="quiet">示意图：一格一个乡镇，按代码排列，不表示位置和边界。</p>'
    )


def signatures(*names: str) -> str:
    """Draw places to sign, which only paper shows."""
    drawn = "".join(f"<span>{text(name)}：</span>" for name in names)
    return f'<div class="signatures">{drawn}</div>'


def heat(
    caption: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], int],
) -> str:
    """Draw counts as a table whose cells are darker the more they hold."""
    most = max(cells.values(), default=0)
    head = "".join(f'<th scope="col">{text(column)}</th>' for column in columns)
    body = ""
    for down, row in enumerate(rows):
        drawn = ""
        for across in range(len(columns)):
            held = cells.get((down, across), 0)
            level = -(-held * 5 // most) if most else 0
            drawn += f'<td class="heat-{level}">{held or ""}</td>'
        body += f'<tr><th scope="row">{text(row)}</th>{drawn}</tr>'
    return scrolling(
        caption,
        f'<table class="heat"><caption>{text(caption)}</caption><thead><tr><td></td>'
        f"{head}</tr></thead><tbody>{body}</tbody></table>",
    )


def funnel(steps: Sequence[tuple[str, int | None]]) -> str:
    """Draw how many of the first step reached each later one; None is not provided."""
    most = max((count or 0 for _, count in steps), default=0)
    drawn = "".join(
        f"<li><span>{text(name)}</span>"
        f'<i style="width:{100 * (count or 0) / most if most else 0:.1f}%"></i>'
        f"<b>{wording.provided(count)}</b></li>"
        for name, count in steps
    )
    return f'<ol class="funnel">{drawn}</ol>'


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Draw names and their values, the values already HTML."""
    rows = "".join(
        f"<div><dt>{text(name)}</dt><dd>{said}</dd></div>" for name, said in pairs
    )
    return f'<dl class="facts">{rows}</dl>'


def bar(percent: float | None, shown: str) -> str:
    """Draw a percentage as a bar behind its number."""
    if percent is None:
        return text(shown)
    width = min(max(percent, 0.0), 100.0)
    return (
        f'<span class="bar"><i style="width:{width:.1f}%"></i></span>'
        f'<span class="bar-value">{shown}</span>'
    )


def day_strip(days: Sequence[tuple[str, str | None]]) -> str:
    """Draw days as small marks, each saying its date and status."""
    marks = "".join(
        f'<i class="day day-{HEALTH_CLASSES.get(status or "", "none")}" '
        f'title="{text(name)} {text(status or "无业务")}"></i>'
        for name, status in days
    )
    troubled = [
        f"{name}{status}" for name, status in days if status not in {None, "正常"}
    ]
    said = "、".join(troubled) or "没有迟到或缺失"
    return f'<span class="strip" role="img" aria-label="{text(said)}">{marks}</span>'


def sparkline(
    values: Sequence[float | None], target: Target | None, status: str, said: str
) -> str:
    """Draw months as a small line with the target as a dashed one; gaps stay gaps."""
    known = [value for value in values if value is not None]
    if len(known) < 2:  # noqa: PLR2004  (two points make a line)
        return '<span class="spark"></span>'
    drawing = _drawing(values, target, DOT_COLOURS.get(STATUS_CLASSES.get(status, "")))
    encoded = base64.b64encode(drawing.encode()).decode()
    return (
        f'<img class="spark" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" '
        f'alt="{text(said)}" src="data:image/svg+xml;base64,{encoded}">'
    )


def _cells(row: Sequence[str], aligns: Sequence[str]) -> str:
    return "".join(
        f'<td class="{align}">{cell}</td>'
        for cell, align in zip(row, aligns, strict=True)
    )


def _drawing(
    values: Sequence[float | None], target: Target | None, dot: str | None
) -> str:
    known = [value for value in values if value is not None]
    levels = known + ([target.value] if target else [])
    low, high = min(levels), max(levels)
    tall = SPARK_HEIGHT - 2 * SPARK_EDGE
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(len(values) - 1, 1)

    def height(value: float) -> float:
        up = (value - low) / (high - low) if high > low else 0.5
        return SPARK_EDGE + (1 - up) * tall

    points = [
        None if value is None else (SPARK_EDGE + place * step, height(value))
        for place, value in enumerate(values)
    ]
    last = [point for point in points if point][-1]
    goal = "" if target is None else _goal_line(height(target.value))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SPARK_WIDTH}" '
        f'height="{SPARK_HEIGHT}">{goal}'
        f'<path d="{_path(points)}" fill="none" stroke="#5a6b80" stroke-width="1.5" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.6" '
        f'fill="{dot or "#5a6b80"}"/></svg>'
    )


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    moves = []
    pen_is_down = False
    for point in points:
        if point:
            moves.append(f"{'L' if pen_is_down else 'M'}{point[0]:.1f} {point[1]:.1f}")
        pen_is_down = point is not None
    return " ".join(moves)


def _goal_line(height: float) -> str:
    return (
        f'<line x1="0" x2="{SPARK_WIDTH}" y1="{height:.1f}" y2="{height:.1f}" '
        f'stroke="#98a4b3" stroke-width="1" stroke-dasharray="2 3"/>'
    )
