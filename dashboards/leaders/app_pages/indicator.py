"""指标: one indicator, from its definition down to the records it counted."""

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import (
    access,
    areas_map,
    charts,
    components,
    detail_queries,
    queries,
    readings,
    tables,
)

edition = queries.newest()
indicators = {found.indicator_id: found for found in queries.indicators(edition)}
county_values = queries.area_values(edition, queries.COUNTY)
with_values = {value.indicator_id for value in county_values}
offered = [code for code in indicators if code in with_values]

if not offered:
    shell.show(markup.notice("empty", "发布文件里还没有指标值", "等待下一次夜间运行。"))
    st.stop()

with st.container(key="picks"):
    first, second, third = st.columns([2, 1, 1])
    with first:
        code = shell.pick(
            "指标",
            "indicator",
            offered,
            offered[0],
            lambda code: f"{code} {indicators[code].name_zh}",
        )
    indicator = indicators[code]
    own = [value for value in county_values if value.indicator_id == code]
    periods = readings.periods(own)
    with second:
        period = shell.pick("期间", "period", periods, periods[0], wording.period_name)
    towns = queries.town_values(edition, code, period)
    names = queries.area_names(edition, period)
    areas = [queries.COUNTY, *sorted(town.area_code for town in towns)]
    with third:
        area = shell.pick(
            "范围", "area", areas, queries.COUNTY, lambda code: names.get(code, code)
        )

claims = queries.claims(edition)
own = [
    value for value in queries.area_values(edition, area) if value.indicator_id == code
]
(reading,) = readings.read([indicator], claims, own, period)
own_claims = [claim for claim in claims if claim.indicator_id == code]
as_of = reading.value.as_of

shell.show(components.stale_notice(as_of, shell.yesterday()))
shell.show(components.headline(reading, names.get(area, area)))

left, right = st.columns([3, 2])
with left, st.container(border=True, key="sheet_course"):
    shell.show(f"<h2>走势（{components.kind_name(reading.value)}）</h2>")
    course = [v for v in own if v.period_type == reading.value.period_type]
    if any(value.value is not None for value in course):
        chart = charts.course_chart(course, reading, own_claims)
        st.altair_chart(chart, width="stretch")
    else:
        shell.show('<p class="quiet">这些期间都没有数值。</p>')
    with st.expander("走势数据表"):
        shell.show(tables.course_table(course, reading))
with right, st.container(border=True, key="sheet_definition"):
    shell.show(f"<h2>口径</h2>{components.definition(indicator)}")
with right, st.container(border=True, key="sheet_target"):
    shell.show(f"<h2>目标依据</h2>{components.claim_list(own_claims)}")

heading = detail_queries.projection(edition, code) if area == queries.COUNTY else []
if heading:
    with right, shell.sheet("projection", f"{heading[0].year}年年底预计"):
        shell.show(components.projection_cards(heading[0]))

with right if towns else left, st.container(border=True, key="sheet_ledger"):
    reported = queries.reported(edition, code, period, area)
    shell.show(f"<h2>历次上报</h2>{tables.ledger_table(reported, reading)}")

if towns:
    with left, shell.sheet("towns", f"分乡镇（{wording.period_name(period)}）"):
        if not areas_map.show(towns, reading, claims, names):
            shell.show(tables.town_tiles(towns, reading, claims, names))
        shell.show(tables.town_table(towns, reading, claims, names))

if area == queries.COUNTY:
    reader = access.current()
    shares = detail_queries.owner_shares(edition, code, period)
    if shares or not reader.sees_all:
        with shell.sheet(
            "owners",
            f"按承包商和部门（{wording.period_name(period)}）",
            "只看各自所占，不与目标比较",
        ):
            if shares:
                shell.show(tables.owner_table(shares, indicator.unit))
            if not reader.sees_all:
                shell.show(
                    '<p class="quiet">只显示本单位的；'
                    f"其他单位的数不向{reader.role}账号显示。</p>"
                )

with right, shell.sheet("excluded", "剔除了什么"):
    left_out = detail_queries.exclusions(edition, code, period, area)
    shell.show(tables.exclusion_table(left_out))

with st.container(border=True, key="sheet_records"):
    components.record_pages(edition, reading.value)
