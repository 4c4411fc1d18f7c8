"""投诉: how many, whether in time, whether satisfied, where and when."""

import streamlit as st

from dashboards import markup, shell
from dashboards.leaders import (
    case_queries,
    case_sheets,
    charts,
    components,
    pages,
    queries,
)

RATES = (
    "complaint_closing_rate", "complaint_satisfaction_rate", "satisfaction_rate",
    "callback_rate", "rated_rate", "on_time_disposal_rate",
)  # fmt: skip
HOURS = [str(hour) for hour in range(24)]

page = pages.head()
funnels = case_queries.funnels(page.edition, queries.COUNTY)
period = st.query_params.get("period") or (funnels[0].month if funnels else "")
names = queries.area_names(page.edition, period)
month, (area,) = pages.open_page(
    "投诉", page, [one.month for one in funnels], [("范围", "area", names)]
)

shell.show(components.reading_cards(page.edition, ("I18", "I19"), month, area))
dimension = "county" if area == queries.COUNTY else "town"
metrics = case_queries.metrics(page.edition, dimension, area)
with shell.sheet("rates", f"{names[area]} 办理与回访", "n 是应计入的件数"):
    shown = [metric for metric in metrics if metric.period == month]
    shell.show(
        case_sheets.metric_cards(shown, RATES) or pages.quiet("这个月没有办结的投诉。")
    )
left, right = st.columns([3, 2])
with (
    left,
    shell.sheet("heat", f"{names[area]} 一周里的时刻", "市民投诉件数，按上报时间"),
):
    cells = case_queries.heat(page.edition, area, month)
    counted = {(c.weekday - 1, c.hour_of_day): c.complaints for c in cells}
    shell.show(
        markup.heat("投诉按星期和小时", case_sheets.WEEKDAYS, HOURS, counted)
        if counted
        else pages.quiet("这个月没有投诉。")
    )
with right, shell.sheet("course", f"{names[area]} 投诉办结率", "%，按月"):
    course = [
        metric
        for metric in metrics
        if metric.metric_id == "complaint_closing_rate" and "-" in metric.period
    ]
    if any(metric.value is not None for metric in course):
        st.altair_chart(charts.metric_chart(course, "投诉办结率"), width="stretch")
    else:
        shell.show(pages.quiet("没有可以画出的月份。"))
with shell.sheet("spots", "投诉多的社区（全县）", "前 10 名"):
    shell.show(case_sheets.hot_spot_table(case_queries.hot_spots(page.edition, month)))
