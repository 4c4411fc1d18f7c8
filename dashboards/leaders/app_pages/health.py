"""数据质量: what arrived, what was turned away, and how the nights went."""

from datetime import timedelta

import streamlit as st

from dashboards import markup, shell
from dashboards.leaders import (
    components,
    quality_queries,
    quality_sheets,
    queries,
    tables,
    workbooks,
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
with shell.sheet("states", "来源状况", "从未到数的来源也列出；隔离过半即为多数不合格"):
    shell.show(quality_sheets.states(quality_queries.states(edition)))
with shell.sheet("unread", "没有取用的文件", "投放目录里最近一次采集没有取用的"):
    shell.show(quality_sheets.unread_files(quality_queries.unread_files(edition)))
with shell.sheet(
    "gate",
    f"质量闸门（近 {DAYS_SHOWN} 天）",
    "停止：该晚不发布，页面保持上一次的结果；警告：照常发布，请人核实",
):
    first = as_of - timedelta(days=DAYS_SHOWN - 1)
    found = quality_queries.findings(edition, first)
    areas = queries.area_names(edition, f"{as_of:%Y-%m}")
    shell.show(quality_sheets.findings(found, areas))
with st.container(border=True, key="sheet_runs"):
    shell.show(f"<h2>夜间运行</h2>{tables.run_table(runs)}")

owed = quality_queries.owed(edition)
names = {"": "全部报送单位"} | quality_sheets.owner_names(owed)
with shell.sheet(
    "owners", "隔离的记录，按报送单位和规则", "全部月份；原始内容不在这里"
):
    owner = shell.pick("报送单位", "owner", list(names), "", names.__getitem__)
    chosen = [row for row in owed if owner in ("", row.owner)]
    shell.show(quality_sheets.owed(chosen))
    workbooks.offer(owner, names[owner])
with shell.sheet(
    "faults",
    "毛病清单，按字段和内容归并",
    "一行有几处毛病的逐处列出；待处理多的在前，最多 100 种",
):
    shell.show(quality_sheets.faults(quality_queries.faults(edition)))
with st.container(border=True, key="sheet_quarantine"):
    shell.show(
        "<h2>隔离的记录，按月、来源和规则（新的月份在前，最多 150 行）</h2>"
        + tables.quarantine_table(queries.quarantined(edition))
    )
with shell.sheet("reconciliation", "两处数据是否一致", "最近一个月，不一致的在前"):
    shell.show(quality_sheets.agreement(quality_queries.agreement(edition)))
