"""数据质量: what arrived, what was turned away, and how the nights went."""

from datetime import timedelta

import streamlit as st

from dashboards import markup, shell
from dashboards.leaders import (
    access,
    components,
    quality_queries,
    quality_sheets,
    queries,
    tables,
)

DAYS_SHOWN = 14

edition = queries.newest()
runs = queries.runs(edition)

if not runs:
    shell.show(markup.notice("empty", "还没有夜间运行的记录"))
    st.stop()

values = queries.area_values(edition, queries.COUNTY)
as_of = max((value.as_of for value in values), default=runs[0].as_of)
days = queries.source_days(edition, as_of - timedelta(days=components.HEALTH_DAYS))

shell.show(
    "<h1>数据质量</h1>"
    + components.as_of_line([], as_of, components.publication(runs, as_of))
)
shell.show(components.stale_notice(as_of, shell.yesterday()))

with st.container(border=True, key="sheet_sources"):
    shell.show(
        f"<h2>数据源（最近一个业务日，近 {DAYS_SHOWN} 天）</h2>"
        + tables.source_table(days, as_of, DAYS_SHOWN)
    )
with st.container(border=True, key="sheet_quarantine"):
    shell.show(
        "<h2>隔离的记录（按月、来源和规则）</h2>"
        + tables.quarantine_table(queries.quarantined(edition))
    )
workbooks = quality_sheets.workbooks()
if access.current().role == access.OPERATOR:
    with shell.sheet(
        "workbooks", "退回来源单位的隔离清单", "由 cityledger quarantine export 生成"
    ):
        quality_sheets.offer_workbooks(workbooks)
with shell.sheet("reconciliation", "两处数据是否一致", "最近一个月，不一致的在前"):
    shell.show(quality_sheets.agreement(quality_queries.agreement(edition)))
with st.container(border=True, key="sheet_runs"):
    shell.show(f"<h2>夜间运行</h2>{tables.run_table(runs)}")
