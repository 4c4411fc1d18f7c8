"""路灯: how many were lit where, which are dark, and how fast they are repaired."""

import streamlit as st

from dashboards import shell
from dashboards.leaders import (
    charts,
    components,
    pages,
    queries,
    sector_queries,
    sector_sheets,
)

page = pages.head()
months = sector_queries.lamp_months(page.edition)
month, _ = pages.open_page("路灯", page, [one.month for one in months])
of_month = [one for one in months if one.month == month]
county = [one for one in of_month if one.area_code == queries.COUNTY]
towns = [one for one in of_month if one.area_code != queries.COUNTY]

shell.show(components.reading_cards(page.edition, ("I16", "I17", "I17b"), month))
with shell.sheet("nights", "逐夜亮灯率", "%，应亮的灯都在分母里，状态未知的也在"):
    nights = sector_queries.lamp_nights(page.edition, month)
    st.altair_chart(charts.night_chart(nights), width="stretch")
left, right = st.columns(2)
with left, shell.sheet("roads", "按道路等级（全县）", "单位：盏夜"):
    shell.show(sector_sheets.lamp_table(county, "道路等级"))
with right, shell.sheet("towns", "按乡镇和道路等级", "单位：盏夜"):
    shell.show(sector_sheets.lamp_table(towns, "乡镇"))
dark = sector_queries.dark_lamps(page.edition)
with left, shell.sheet("dark", f"连续两夜以上不亮 {len(dark)} 盏", "截至最近一夜"):
    shell.show(
        sector_sheets.dark_table(dark) if dark else pages.quiet("没有连续不亮的灯。")
    )
outages = sector_queries.outages(page.edition, month)
with left, shell.sheet("outages", "计划停电", "当月开始的；计划停的灯不算不亮"):
    shell.show(
        sector_sheets.outage_table(outages)
        if outages
        else pages.quiet("这个月没有计划停电。")
    )
repairs = sector_queries.repairs(page.edition)
with right, shell.sheet("repairs", "维修"):
    shell.show(
        sector_sheets.repair_table(repairs)
        if repairs
        else pages.quiet("没有维修记录。")
    )
