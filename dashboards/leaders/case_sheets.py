"""Case sheets: ranks and their reasons, overdue cases, life-cycle metrics."""

from collections.abc import Container, Sequence

from dashboards import markup, wording
from dashboards.leaders.case_queries import (
    Department,
    HotSpot,
    Metric,
    Overdue,
    Part,
)
from dashboards.leaders.exports import Cell

OVERDUE_HEADINGS = [
    "案件编号", "责任部门", "乡镇", "大类", "上报时间", "处置期限", "超期天数",
    "返工次数", "延期次数",
]  # fmt: skip
WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
RATES = (
    "registration_rate", "timely_registration_rate", "accurate_dispatch_rate",
    "on_time_disposal_rate", "closing_rate", "on_time_closing_rate", "rework_rate",
    "return_rate", "whole_hours_median",
)  # fmt: skip


def rank_table(departments: Sequence[Department], opened: Container[str]) -> str:
    """Draw a ranking with how sure it is; too few cases means no rank.

    Only a department whose detail the reader may see is a link to it.
    """
    return markup.table(
        "部门得分与名次",
        [
            ">名次",
            "部门",
            ">得分",
            ">应处置（件）",
            "按期处置率（95%区间）",
            "名次稳定性",
        ],
        [
            [
                str(one.rank) if one.ranked and one.rank else wording.NOTHING,
                f'<a href="{_address(one)}">{markup.text(one.dept_name)}</a>'
                if one.dept_code in opened
                else markup.text(one.dept_name),
                wording.figure(one.score, unit="分"),
                wording.provided(one.due_cases),
                _interval(one),
                _stability(one),
            ]
            for one in departments
        ],
    )


def part_table(parts: Sequence[Part]) -> str:
    """Draw what a department's score is made of."""
    return markup.table(
        "得分构成",
        ["部分", ">计入 / 应计", ">得分率（%）", ">满分", ">得分", ">剔除（件）"],
        [
            [
                markup.text(part.part_name),
                f"{wording.plain(part.numerator)} / {wording.plain(part.denominator)}",
                wording.figure(None if part.share is None else part.share * 100),
                wording.plain(part.weight),
                wording.figure(part.points, unit="分"),
                wording.count(part.excluded),
            ]
            for part in parts
        ],
    )


def overdue_table(cases: Sequence[Overdue]) -> str:
    """Draw the cases past their due time, the oldest first."""
    return markup.table(
        "超期未处置案件",
        ["案件编号", "责任部门", "乡镇", "处置期限", ">已超期（天）", ">返工", ">延期"],
        [
            [
                f"<code>{markup.text(case.case_id)}</code>",
                markup.text(case.dept_name),
                markup.text(case.town_name),
                wording.minute(case.due_at),
                wording.count(case.days_over),
                wording.count(case.rework_count),
                wording.count(case.extension_count),
            ]
            for case in cases
        ],
        kind="tall",
    )


def overdue_cells(case: Overdue) -> list[Cell]:
    """Return an overdue case as the cells of a spreadsheet."""
    return [
        case.case_id, case.dept_name, case.town_name, case.case_class,
        case.reported_at, case.due_at, case.days_over, case.rework_count,
        case.extension_count,
    ]  # fmt: skip


def metric_cards(metrics: Sequence[Metric], ids: Sequence[str]) -> str:
    """Draw some metrics of one period, each with how many records it rests on."""
    by_id = {metric.metric_id: metric for metric in metrics}
    return markup.cards(
        [
            markup.card(
                one.metric_name,
                markup.amount(wording.figure(one.value, unit=one.unit), one.unit),
                wording.why_missing(one.null_reason)
                if one.null_reason == "not_provided"
                else f"n={wording.count(one.n)} · 剔除 {wording.count(one.excluded)}",
            )
            for one in (by_id[name] for name in ids if name in by_id)
        ]
    )


def hot_spot_table(spots: Sequence[HotSpot]) -> str:
    """Draw the communities with most complaints."""
    return markup.table(
        "问题多的社区",
        [">名次", "社区", "乡镇", ">投诉（件）", ">全部（件）", ">未结案（件）"],
        [
            [
                str(spot.position),
                markup.text(spot.community_name),
                markup.text(spot.town_name),
                wording.count(spot.complaints),
                wording.count(spot.cases),
                wording.count(spot.still_open),
            ]
            for spot in spots
        ],
    )


def _address(one: Department) -> str:
    return markup.link("departments", period=one.month, dept=one.dept_code)


def _interval(one: Department) -> str:
    if one.on_time_rate is None:
        return wording.NOTHING
    low, high = one.on_time_rate_low, one.on_time_rate_high
    shown = wording.figure(one.on_time_rate)
    return (
        markup.bar(one.on_time_rate, shown)
        + f' <span class="under">{wording.figure(low)}–{wording.figure(high)}</span>'
    )


def _stability(one: Department) -> str:
    if not one.ranked:
        return markup.chip("件数少，不排名", "none")
    if one.rank_may_change:
        said = f"可能在第 {one.rank_best}–{one.rank_worst} 名"
        return markup.chip(said, "disputed")
    return markup.chip("稳定", "met")
