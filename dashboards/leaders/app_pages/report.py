"""报告: the month's bulletin as an editable document, on paper and as a workbook."""

from datetime import timedelta
from functools import partial

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import (
    access,
    bulletin,
    case_queries,
    components,
    contractor_queries,
    exports,
    pages,
    queries,
    readings,
)
from dashboards.leaders.bulletin import Bulletin

page = pages.head()
reader = access.current()
values = queries.area_values(page.edition, queries.COUNTY)
months = [value.period for value in values if value.period_type == "M"]
month, _ = pages.open_page("月度通报", page, months)

shown = [
    reading
    for reading in readings.read(
        queries.indicators(page.edition), queries.claims(page.edition), values, month
    )
    if reading.is_in_plan_table
]
scores = [
    score for score in contractor_queries.scores(page.edition) if score.month == month
]
if reader.sees_all:
    contractor_note = "" if scores else "本月没有承包商考核结果。"
else:
    contractor_note = (
        f"承包商的考核结果不向{reader.role}账号显示；完整的通报由考核办提供。"
    )
departments = [
    one for one in case_queries.departments(page.edition) if one.month == month
]
stages = "、".join(dict.fromkeys(reading.value.stage for reading in shown))
tally = {
    status: sum(reading.value.status == status for reading in shown)
    for status in markup.STATUS_CLASSES
}
binding = [reading for reading in shown if reading.is_missed and reading.is_binding]
since = page.as_of - timedelta(days=components.HEALTH_DAYS)
troubled = [
    f"{wording.source(day.source)}{day.status}"
    for day in readings.latest(queries.source_days(page.edition, since))
    if day.status != readings.NORMAL
]

words = Bulletin(
    county=bulletin.county_name(),
    period=wording.period_name(month),
    as_of_line=(
        f"数据截至 {wording.day(page.as_of)} 24:00 · {stages} · "
        f"版本 {page.edition.path.parent.name}"
    ),
    summary="规划表1共"
    + f"{len(shown)}项指标："
    + "，".join(f"{status}{n}项" for status, n in tally.items() if n)
    + "。",
    binding=(
        f"约束性指标未达标{len(binding)}项："
        + "、".join(reading.indicator.name_zh for reading in binding)
        + "。"
        if binding
        else "约束性指标没有未达标。"
    ),
    indicators=[bulletin.indicator_row(reading) for reading in shown],
    contractors=[bulletin.contractor_row(score) for score in scores],
    departments=[bulletin.department_row(one) for one in departments],
    contractor_note=contractor_note,
    department_note=(
        "件数不足的部门不排名；对得分有异议的，可向考核办书面申诉。"
        if departments
        else "本月没有部门得分。"
    ),
    health=("数据源：" + "、".join(troubled) + "。")
    if troubled
    else "数据源全部正常。",
    note="数值与领导页同一版本，由城账生成；初报会随迟到的数据变化，以终报为准。",
)


with (
    shell.sheet("files", "下载", "三种文件和本页是同一组数字"),
    st.container(horizontal=True),
):
    for label, kind, mime, make in (
        ("Word（可编辑）", "docx", bulletin.DOCX, bulletin.as_docx),
        ("PDF", "pdf", "application/pdf", bulletin.as_pdf),
        ("Excel", "xlsx", exports.XLSX, bulletin.as_xlsx),
    ):
        exports.button(
            label,
            f"通报_{month}.{kind}",
            mime,
            partial(make, words),
            what="月度通报",
        )
with shell.sheet("bulletin", f"{words.county}城市管理工作通报（{words.period}）"):
    shell.show(
        f'<p class="asof">{markup.text(words.as_of_line)}</p>'
        '<h2 class="part">一、总体情况</h2>'
        f"<p>{markup.text(words.summary)}</p><p>{markup.text(words.binding)}</p>"
    )
    for drawn in words.sheets:
        shell.show(
            f'<h2 class="part">{markup.text(drawn["heading"])}</h2>'
            + (pages.quiet(drawn["note"]) if drawn["note"] else "")
            + (
                markup.table(
                    drawn["heading"],
                    drawn["columns"],
                    [[markup.text(cell) for cell in row] for row in drawn["rows"]],
                )
                if drawn["rows"]
                else ""
            )
        )
    shell.show(
        f'<h2 class="part">五、数据说明</h2><p>{markup.text(words.health)}</p>'
        f'<p class="quiet">{markup.text(words.note)}</p>'
    )
