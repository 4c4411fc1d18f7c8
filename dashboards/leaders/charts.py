"""Charts: drawn in the browser from the rows themselves; nothing is fetched."""

from collections.abc import Sequence
from typing import TypeVar

import altair as alt
import pandas as pd

from dashboards import markup, wording
from dashboards.drawing import COLOURS
from dashboards.leaders.case_queries import Metric
from dashboards.leaders.contractor_queries import Score
from dashboards.leaders.queries import Claim, Value
from dashboards.leaders.readings import Reading
from dashboards.leaders.sector_queries import LampNight
from dashboards.wording import Target

# The colours of theme.css: a canvas cannot read the page's styles.
Channel = TypeVar("Channel", alt.Color, alt.Shape)
BRAND, MISSED, RECORDED = "#1f4e79", "#b42318", "#7a4d00"
FACE = "Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
TEXT_SIZE = 12
# Vega's name of a mark, and the same mark in text.
SHAPES = {
    "circle": "●",
    "square": "■",
    "triangle-up": "▲",
    "diamond": "◆",
    "cross": "✚",
    "triangle-down": "▼",
}
# Two decimals at most, and no zeros that say nothing.
TICKS = ",.2~f"


def course_chart(
    course: Sequence[Value], reading: Reading, claims: Sequence[Claim]
) -> alt.LayerChart:
    """Draw an indicator's periods, its target and any other recorded claim."""
    points = [
        {
            "期间": value.period,
            "数值": value.value,
            "显示": wording.figure(value.value, reading.target, reading.indicator.unit),
            "状态": value.status,
        }
        for value in course
    ]
    base = alt.Chart(pd.DataFrame(points)).encode(
        x=alt.X("期间:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=_up("数值", reading.indicator.unit, 5),
        tooltip=["期间:O", "显示:N", "状态:N"],
    )  # fmt: skip
    line = base.mark_line(
        color=BRAND, strokeWidth=2, point=alt.OverlayMarkDef(color=BRAND, size=36)
    )
    levels = _levels(reading.target, claims)
    return _framed(alt.layer(line, *levels), 230)


def score_chart(scores: Sequence[Score]) -> alt.LayerChart:
    """Draw a contractor's scores month by month."""
    points = [
        {"月份": score.month, "得分": score.score, "等级": score.grade}
        for score in reversed(scores)
        if score.score is not None
    ]
    return _line(points, "月份", "得分", "分", ["月份:O", "得分:Q", "等级:N"], 170)


def comparison_chart(scores: Sequence[Score]) -> alt.LayerChart:
    """Draw every contractor's scores month by month, each told by colour and shape."""
    points = [
        {"月份": one.month, "得分": one.score, "承包商": one.contractor_name}
        for one in scores
        if one.score is not None
    ]
    names = _compared(scores)
    base = alt.Chart(pd.DataFrame(points, columns=["月份", "得分", "承包商"])).encode(
        x=alt.X("月份:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=_up("得分", "分", 4),
        color=_told("承包商", names, alt.Color, COLOURS),
        shape=_told("承包商", names, alt.Shape, tuple(SHAPES)),
        tooltip=["承包商:N", "月份:O", "得分:Q"],
    )
    drawn = alt.layer(base.mark_line(strokeWidth=2), base.mark_point(size=44))
    return _framed(drawn, 200)


def comparison_key(scores: Sequence[Score]) -> str:
    """Say which mark is whose, in as many lines as the names need."""
    shapes = list(SHAPES.values())
    keys = "".join(
        f'<span><i style="color:{COLOURS[place % len(COLOURS)]}">'
        f"{shapes[place % len(shapes)]}</i>{markup.text(name)}</span>"
        for place, name in enumerate(_compared(scores))
    )
    return f'<p class="chartkey">{keys}</p>'


def night_chart(nights: Sequence[LampNight]) -> alt.LayerChart:
    """Draw the share of lit lamps night by night."""
    points = [
        {
            "夜": f"{night.night_date:%m-%d}",
            "亮灯率": night.lit_pct,
            "不亮": night.unlit,
            "未知": night.unknown,
            "计划停": night.planned,
        }
        for night in nights
        if night.lit_pct is not None
    ]
    tooltip = ["夜:O", "亮灯率:Q", "不亮:Q", "未知:Q", "计划停:Q"]
    return _line(points, "夜", "亮灯率", "%", tooltip, 200)


def metric_chart(metrics: Sequence[Metric], name: str) -> alt.LayerChart:
    """Draw one life-cycle metric month by month."""
    points = [
        {"月份": metric.period, name: metric.value, "n": metric.n}
        for metric in metrics
        if metric.value is not None
    ]
    unit = metrics[0].unit if metrics else ""
    return _line(points, "月份", name, unit, ["月份:O", f"{name}:Q", "n:Q"], 170)


def _line(
    points: Sequence[dict[str, object]],
    across: str,
    up: str,
    unit: str,
    tooltip: Sequence[str],
    height: int,
) -> alt.LayerChart:
    drawn = (
        alt.Chart(pd.DataFrame(points, columns=[across, up] if not points else None))
        .mark_line(
            color=BRAND, strokeWidth=2, point=alt.OverlayMarkDef(color=BRAND, size=30)
        )
        .encode(
            x=alt.X(
                f"{across}:O",
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap=True),
            ),
            y=_up(up, unit, 4),
            tooltip=list(tooltip),
        )
    )  # fmt: skip
    return _framed(alt.layer(drawn), height)


def _compared(scores: Sequence[Score]) -> list[str]:
    return sorted({one.contractor_name for one in scores if one.score is not None})


def _told(
    field: str, names: Sequence[str], channel: type[Channel], looks: Sequence[str]
) -> Channel:
    """Give each name its look; the key stands beside the chart."""
    given = [looks[place % len(looks)] for place in range(len(names))]
    scale = alt.Scale(domain=list(names), range=given)
    return channel(f"{field}:N", scale=scale, legend=None)


def _up(field: str, unit: str, ticks: int) -> alt.Y:
    """Return an upright axis with its unit above it."""
    return alt.Y(
        f"{field}:Q",
        title=unit,
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=-28,
            titleY=-8,
            tickCount=ticks,
            format=TICKS,
        ),
    )


def _framed(chart: alt.LayerChart, height: int) -> alt.LayerChart:
    """Give a chart its height and its letters; theme.css enlarges both on a wall."""
    letters = {"labelFontSize": TEXT_SIZE, "titleFontSize": TEXT_SIZE}
    return chart.properties(height=height).configure(
        font=FACE, axis=letters | {"labelLimit": 400}, legend=letters
    )


def _levels(target: Target | None, claims: Sequence[Claim]) -> list[alt.Chart]:
    recorded = [
        layer
        for claim in claims
        if claim.status == "recorded"
        for layer in _level(f"另有记载 {claim.target.words}", claim.value, RECORDED)
    ]
    if target is None:
        return recorded
    return recorded + _level(f"目标 {target.words}", target.value, MISSED)


def _level(words: str, value: float, colour: str) -> list[alt.Chart]:
    level = alt.Chart(pd.DataFrame([{"数值": value, "说明": words}]))
    rule = level.mark_rule(color=colour, strokeDash=[5, 4]).encode(y="数值:Q")
    label = level.mark_text(
        color=colour, align="right", dx=-4, dy=-7, x="width", font=FACE
    ).encode(y="数值:Q", text="说明:N")
    return [rule, label]
