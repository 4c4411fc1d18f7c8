"""Contractor sheets: a scorecard, a derivation and the roads that were missed."""

from collections.abc import Sequence
from decimal import Decimal

from dashboards import markup, wording
from dashboards.leaders.contractor_queries import Adjustment, Line, Score, Segment
from dashboards.leaders.exports import Cell

GRADE_CLASSES = {"优秀": "met", "良好": "met", "合格": "described", "不合格": "missed"}
LINE_HEADINGS = [
    "序号", "层级", "项目", "数值", "单位", "实际权重", "记录数", "数量", "单项扣分",
    "重复倍数", "超期倍数", "记录编号", "时间", "说明",
]  # fmt: skip
POINTS = {"分", "扣分", "%"}


def yuan(amount: Decimal | float | None) -> str:
    """Write an amount of money to the cent."""
    return wording.NOTHING if amount is None else f"{amount:,.2f}"


def points(value: float | None) -> str:
    """Write a score; a score is a published figure of two decimals."""
    return wording.figure(value, unit="分")


def scorecards(scores: Sequence[Score], chosen: str) -> str:
    """Draw every contractor's month as a card that opens it."""
    drawn = []
    for score in scores:
        address = markup.link(
            "contractors", period=score.month, contractor=score.contractor_code
        )
        under = (
            f"{markup.chip(score.grade or '未评', _grade_class(score))}"
            f"<br>应付 {yuan(score.payable_yuan)} 元"
        )
        drawn.append(
            f'<a class="card {"chosen" if score.contractor_code == chosen else ""}" '
            f'href="{address}"><span class="card-name">'
            f"{markup.text(score.contractor_name)}</span>"
            '<span class="card-value">'
            f"{markup.amount(points(score.score), '分')}</span>"
            f'<span class="card-under">{under}</span></a>'
        )
    return markup.cards(drawn)


def derivation(card: Score, lines: Sequence[Line]) -> str:
    """Draw how an amount follows from a fee, a score and every deduction."""
    body = "".join(
        f'<tr class="level-{min(line.level, 5)}"><td>{markup.text(line.label)}'
        f'<span class="under"> {_how(line)}</span></td>'
        f'<td class="num">{_amount(line)}</td></tr>'
        for line in lines
    )
    paid = "".join(
        f'<tr class="level-1"><td>{name}</td>'
        f'<td class="num">{yuan(amount)} 元</td></tr>'
        for name, amount in (
            ("以往月份补扣（补付）", card.adjustment_yuan),
            ("本月实际支付", card.to_pay_yuan),
        )
        if amount is not None
    )
    return markup.scrolling(
        "应付推导",
        '<table class="grid derivation"><caption>应付推导</caption><thead><tr>'
        '<th scope="col">项目</th><th scope="col" class="num">结果</th></tr></thead>'
        f"<tbody>{body}{paid}</tbody></table>",
    )


def month_table(scores: Sequence[Score]) -> str:
    """Draw a contractor's months."""
    return markup.table(
        "逐月得分",
        ["月份", ">得分", "等级", ">应付（元）", "阶段"],
        [
            [
                wording.period_name(score.month),
                points(score.score),
                markup.text(score.grade),
                yuan(score.payable_yuan),
                markup.text(score.stage),
            ]
            for score in scores
        ],
        kind="tall",
    )


def adjustment_table(adjustments: Sequence[Adjustment]) -> str:
    """Draw what was corrected after a month had been paid."""
    return markup.table(
        "更正与补扣",
        ["月份", ">已付（元）", ">应付（元）", ">差额（元）", "计入"],
        [
            [
                wording.period_name(one.month),
                yuan(one.paid_yuan),
                yuan(one.payable_yuan),
                yuan(one.adjustment_yuan),
                markup.text(one.carried_by_month),
            ]
            for one in adjustments
        ],
    )


def segment_table(missed: Sequence[Segment]) -> str:
    """Draw the segments that were missed as a table, those missed most first."""
    return markup.table(
        "未达作业遍数的路段",
        ["路段", "乡镇 · 社区", "道路等级", ">长度（米）", "完成遍数占比（%）",
         ">完成 / 应作业（遍）", ">未达 / 应作业（天）", "最近未达"],
        [
            [
                f"{markup.text(one.road_name)} "
                f'<span class="under">{markup.text(one.segment_id)}</span>',
                f"{markup.text(one.town_name)} · {markup.text(one.community_name)}",
                markup.text(one.road_class),
                wording.count(one.length_m),
                markup.bar(
                    one.done_pct, wording.figure(one.done_pct, wording.Target(100.0))
                ),
                f"{wording.count(one.done_passes)} / "
                f"{wording.count(one.required_passes)}",
                f"{wording.count(one.days_missed)} / {wording.count(one.days)}",
                wording.short_day(one.last_missed_on),
            ]
            for one in missed
        ],
        kind="tall",
    )  # fmt: skip


def line_cells(line: Line) -> list[Cell]:
    """Return a line of the derivation as the cells of a spreadsheet."""
    return [
        line.line_number, line.level, line.label, line.value, line.unit,
        line.weight_used, line.record_count, line.quantity, line.unit_points,
        line.repeat_multiplier, line.overdue_multiplier, line.record_key,
        line.happened_at, line.note,
    ]  # fmt: skip


def _grade_class(score: Score) -> str:
    return GRADE_CLASSES.get(score.grade or "", "none")


def _amount(line: Line) -> str:
    if line.value is None:
        return wording.NOTHING
    if line.unit == "元":
        return f"{yuan(line.value)} 元"
    return (
        f"{wording.figure(line.value, unit=line.unit or '')} {markup.text(line.unit)}"
    )


def _times(step: str, quantity: float, each: float | None) -> str:
    if step == "deduct":
        short = f"低于起扣线 {points(quantity)} 分"
        return short if quantity > 0 else "得分没有低于起扣线"
    return (
        "" if each is None else f"{wording.plain(quantity)} × {wording.plain(each)} 分"
    )


def _how(line: Line) -> str:
    said = []
    if line.weight_used is not None:
        said.append(f"权重 {wording.plain(round(line.weight_used, 6))}")
    if line.record_count:
        said.append(f"n={wording.count(line.record_count)}")
    if line.quantity is not None:
        said.append(_times(line.step, line.quantity, line.unit_points))
    for name, times in (
        ("重复", line.repeat_multiplier),
        ("超期未改", line.overdue_multiplier),
    ):
        if times is not None and times != 1:
            said.append(f"{name} ×{wording.plain(times)}")
    if line.record_key:
        said.append(markup.text(line.record_key))
    if line.note:
        said.append(markup.text(line.note))
    return " · ".join(part for part in said if part)
