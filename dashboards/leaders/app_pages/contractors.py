"""承包商: scorecards, what was deducted and why, and the payment as it is signed."""

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import (
    access,
    charts,
    contractor_queries,
    contractor_sheets,
    exports,
    pages,
    route_map,
)

# How deep the derivation is opened; no line is deeper than 9.
DEPTHS = {"3": "要点", "4": "检查表", "9": "全部扣分"}

page = pages.head()
reader = access.current()
scope = reader.scope if reader.role == access.CONTRACTOR else None
scores = contractor_queries.scores(page.edition)
names = {score.contractor_code: score.contractor_name for score in scores}
stages = {score.month: score.stage for score in scores}

if scope and not scores:
    shell.show("<h1>环卫承包商</h1>")
    pages.empty(
        f"承包商 {scope} 还没有考核结果",
        "首个完整月份考核后显示。如果代码不是本企业的，请联系操作员更正访问名单。",
    )
month, (code,) = pages.open_page(
    "环卫承包商",
    page,
    stages,
    [("承包商", "contractor", dict(sorted(names.items())) or {"": "没有承包商"})],
)
of_month = [score for score in scores if score.month == month]
own = [score for score in scores if score.contractor_code == code]
card = next((score for score in of_month if score.contractor_code == code), None)

if scope is None:
    shell.show(contractor_sheets.scorecards(of_month, code))

if card is None:
    pages.empty(f"{names[code]}在这个月没有考核结果")
assert card  # noqa: S101 - the page has ended otherwise

left, right = st.columns([3, 2])
with (
    left,
    shell.sheet(
        "derivation",
        f"{card.contractor_name} 当月应付推导",
        f"方案 {card.scheme_version or '—'} · {card.stage}",
    ),
):
    lines = contractor_queries.lines(page.edition, code, month)
    depth = shell.steps("展开到", "depth", DEPTHS)
    shown = [line for line in lines if line.level <= int(depth)]
    shell.show(contractor_sheets.derivation(card, shown))
    shell.show(markup.signatures("考核办（签字）", "承包商（签字）", "财务（签字）"))
    exports.offer(
        f"应付推导_{code}_{month}",
        f"{card.contractor_name} {month} 当月应付推导",
        [f"方案 {card.scheme_version} · {card.stage} · 数据截至 {page.as_of}"],
        contractor_sheets.LINE_HEADINGS,
        lambda: [contractor_sheets.line_cells(line) for line in lines],
    )
segments = contractor_queries.segments(page.edition, code, month)
missed = [segment for segment in segments if segment.days_missed]
with (
    left,
    shell.sheet(
        "routes",
        f"{card.contractor_name} 的路段（{wording.period_name(month)}）",
        f"{len(segments)} 段，其中 {len(missed)} 段有未达遍数的天；"
        "经批准停作业的天不计",
    ),
):
    asked = st.query_params.get("segment", "")
    one = next((each for each in segments if each.segment_id == asked), None)
    if segments:
        shell.show(route_map.drawing(segments, month, code, asked))
        shell.show(one and route_map.facts(one))
    else:
        shell.show(pages.quiet("本月没有应作业的路段。"))
if scope is None and len(names) > 1:
    with right, shell.sheet("comparison", "各承包商逐月得分", "分"):
        st.altair_chart(charts.comparison_chart(scores), width="stretch")
        shell.show(charts.comparison_key(scores))
with right, shell.sheet("months", "逐月得分", "分，满分 100，加分另计"):
    st.altair_chart(charts.score_chart(own), width="stretch")
    shell.show(contractor_sheets.month_table(own))
if scope:
    with right:
        shell.show(pages.quiet(f"其他承包商的结果不向{reader.role}账号显示。"))
with right, shell.sheet("flags", "评分说明"):
    shell.show(
        "".join(pages.quiet(flag) for flag in card.flags or [])
        or pages.quiet("各分项都有足够的检查和数据。")
    )
with right, shell.sheet("adjustments", "事后更正与补扣"):
    adjusted = contractor_queries.adjustments(page.edition, code)
    shell.show(
        contractor_sheets.adjustment_table(adjusted)
        if adjusted
        else pages.quiet("已付月份没有更正。")
    )
with shell.sheet("segments", "未达作业遍数的路段", "未达天数多的在前"):
    shell.show(
        contractor_sheets.segment_table(missed)
        if missed
        else pages.quiet("本月没有未达遍数的路段。")
    )
