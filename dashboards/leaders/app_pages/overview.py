"""今日: where every indicator of the plan stands, on one screen."""

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import (
    access,
    components,
    detail_queries,
    pages,
    quality_queries,
    queries,
    readings,
)

edition = queries.newest()
indicators = queries.indicators(edition)
county_values = queries.area_values(edition, queries.COUNTY)

if not indicators or not county_values:
    shell.show(markup.notice("empty", "发布文件里还没有指标值", "等待下一次夜间运行。"))
    st.stop()

as_of = max(value.as_of for value in county_values)
periods = readings.periods(county_values)
stale = components.stale_notice(as_of, shell.yesterday())

with st.container(key="masthead"):
    heading, choices = st.columns([3, 2], vertical_alignment="bottom")
    with choices, st.container(key="picks"):
        left, right = st.columns(2)
        with left:
            period = shell.pick(
                "期间", "period", periods, periods[0], wording.period_name
            )
        names = queries.area_names(edition, period)
        with right:
            area = shell.pick(
                "范围", "area", list(names), queries.COUNTY, names.__getitem__
            )

shown = readings.read(
    indicators,
    queries.claims(edition),
    queries.area_values(edition, area),
    period,
)
plan = [reading for reading in shown if reading.is_in_plan_table]
night = components.publication(queries.runs(edition), as_of)

with heading:
    shell.show(
        f"<h1>{markup.text(names[area])} · {wording.period_name(period)}</h1>"
        + components.as_of_line([r.value for r in plan], as_of, night)
    )
shell.show(stale)

if not shown:
    shell.show(markup.notice("empty", f"{names[area]}在这一期没有指标值"))
    st.stop()

states = quality_queries.states(edition)
changes = detail_queries.changes(edition, area)
items = detail_queries.attention(edition) if area == queries.COUNTY else []
shell.show(components.brief(plan, area, states, changes, items))
shell.show(components.panels(shown, area, changes))
if area == queries.COUNTY:
    if waiting := readings.not_begun(indicators, shown):
        named = "、".join(f"{one.indicator_id} {one.name_zh}" for one in waiting)
        shell.show(
            pages.quiet(f"所需来源在这一期还没有数据、因此尚未开始的指标：{named}")
        )
    shell.show(components.attention_panel(items))
    if not (reader := access.current()).sees_all:
        shell.show(
            f'<p class="quiet">其他单位的超期事项不向{reader.role}账号显示。</p>'
        )
