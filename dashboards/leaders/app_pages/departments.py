"""部门与乡镇: ranks with how sure they are, the way of cases, and what is overdue."""

from dashboards import markup, shell, wording
from dashboards.leaders import (
    access,
    case_queries,
    case_sheets,
    exports,
    pages,
    queries,
)

SHOWN_OVERDUE = 100

page = pages.head()
reader = access.current()
scope = reader.scope if reader.role == access.DEPARTMENT else None
departments = case_queries.departments(page.edition)
detailed = {
    one.dept_code: one.dept_name
    for one in departments
    if scope is None or one.dept_code == scope
}
if scope and not detailed:
    # A code on the county's list that no scored department has.
    detailed = {scope: f"本部门（{scope}）"}
month, (code,) = pages.open_page(
    "部门与乡镇",
    page,
    [one.month for one in departments],
    [("部门", "dept", detailed or {"": "没有部门"})],
)
of_month = [one for one in departments if one.month == month]
groups = list(dict.fromkeys(one.ranking_group or "其他" for one in of_month))

for place, group in enumerate(groups):
    with shell.sheet(
        f"rank_{place}",
        f"{group}得分与名次",
        "件数不足的不排名；区间按件数给出，重叠的名次可能互换",
    ):
        shell.show(
            case_sheets.rank_table(
                [one for one in of_month if (one.ranking_group or "其他") == group],
                detailed,
            )
        )
shell.show(
    pages.quiet(
        "对得分有异议的单位，可在初报后向考核办书面申诉；申诉成立的案件自下一夜起按更正后的结果计入。"
    )
)

if scope:
    shell.show(
        pages.quiet(
            f"得分构成、办理指标和超期案件只显示{detailed[scope]}的；"
            f"其他部门的不向{reader.role}账号显示。"
        )
    )

own = next((one for one in of_month if one.dept_code == code), None)
with shell.sheet("parts", f"{detailed.get(code, '')} 得分构成"):
    found = case_queries.parts(page.edition, code, month) if own else []
    shell.show(
        case_sheets.part_table(found) if found else pages.quiet("这个月没有得分构成。")
    )

metrics = case_queries.metrics(page.edition, "department", code)
with shell.sheet("cycle", f"{detailed.get(code, '')} 办理指标"):
    shown = [metric for metric in metrics if metric.period == month]
    shell.show(
        case_sheets.metric_cards(shown, case_sheets.RATES)
        or pages.quiet("这个月没有办理的案件。")
    )

funnels = case_queries.funnels(page.edition, queries.COUNTY)
way = next((one for one in funnels if one.month == month), None)
with shell.sheet("funnel", "案件走到哪一步（全县）", "件，按上报月份"):
    shell.show(
        markup.funnel(
            [
                ("上报", way.reported),
                ("受理", way.accepted),
                ("立案", way.registered),
                ("派遣", way.dispatched),
                ("处置", way.disposed),
                ("结案", way.closed),
            ]
        )
        if way
        else pages.quiet("这个月没有上报的案件。")
    )

overdue = case_queries.overdue(page.edition)
with shell.sheet(
    "overdue",
    f"{detailed[scope] if scope else '全县'}超期未处置案件 {len(overdue)} 件",
    f"数据截至 {wording.day(page.as_of)} 24:00，不分期间",
):
    if overdue:
        access.note_view(what="超期未处置案件", department=scope)
        shell.show(case_sheets.overdue_table(overdue[:SHOWN_OVERDUE]))
        if len(overdue) > SHOWN_OVERDUE:
            shell.show(
                pages.quiet(
                    f"这里列出期限最早的 {SHOWN_OVERDUE} 件；导出的文件里是全部。"
                )
            )
        exports.offer(
            f"超期未处置案件_{page.as_of}",
            "超期未处置案件",
            [f"数据截至 {wording.day(page.as_of)} 24:00"],
            case_sheets.OVERDUE_HEADINGS,
            lambda: [case_sheets.overdue_cells(case) for case in overdue],
        )
    else:
        shell.show(
            pages.quiet(f"{detailed[scope] if scope else '全县'}没有超期未处置的案件。")
        )
