"""The public page: released figures only, from a file that holds nothing else."""

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.public import components, queries

TITLE = "城市管理指标公开"


def page() -> None:
    """Show the release that the reader chose, the newest to begin with."""
    edition = queries.newest()
    releases = {release.release_id: release for release in queries.releases(edition)}
    if not releases:
        shell.show(
            markup.notice(
                "empty",
                "尚未发布",
                "第一次公开发布经审核批准后，各项指标会出现在这里。",
            )
        )
        return
    indicators = queries.indicators(edition)
    heading, choice = st.columns([2, 2], vertical_alignment="bottom")
    with choice, st.container(key="picks", horizontal=True):
        chosen = shell.pick(
            "发布版", "release", list(releases), next(iter(releases)), str
        )
        values = queries.released(edition, chosen)
        periods = sorted({value.period for value in values}, reverse=True)
        release = releases[chosen]
        period = shell.pick(
            "期间",
            "period",
            periods,
            release.period if release.period in periods else periods[0],
            wording.period_name,
        )
    with heading:
        shell.show(
            f"<h2>{wording.period_name(period)}</h2>" + components.release_line(release)
        )
    claims = queries.claims(edition)
    now = [value for value in values if value.period == period]
    shell.show(components.group_panels(now, indicators, claims))
    explore(values, indicators)
    changes = queries.changes(edition)
    if changes:
        with st.container(border=True, key="sheet_changes"):
            shell.show(
                "<h2>更正与修订</h2>" + components.change_table(changes, indicators)
            )
    with st.expander("投诉、垃圾和环卫考核数据"):
        shell.show(components.complaint_table(queries.complaints(edition)))
        shell.show(components.waste_table(queries.waste(edition)))
        shell.show(components.grade_table(queries.grades(edition)))


def explore(
    values: list[queries.Released], indicators: list[queries.Indicator]
) -> None:
    """Show one indicator over all its periods."""
    present = {value.indicator_id for value in values}
    names = {i.indicator_id: i.name_zh for i in indicators if i.indicator_id in present}
    if not names:
        return
    with st.container(border=True, key="sheet_course"):
        shell.show("<h2>逐期查看</h2>")
        code = shell.pick(
            "指标", "indicator", list(names), next(iter(names)), names.__getitem__
        )
        indicator = next(i for i in indicators if i.indicator_id == code)
        course = [value for value in values if value.indicator_id == code]
        shell.show(components.course_table(course, indicator))


shell.dress(TITLE)
shell.follow(queries.newest)
shell.show(f'<h1 class="public">{TITLE}</h1>')
asked = st.navigation(
    [st.Page(page, title=TITLE, default=True), *shell.lost(())], position="hidden"
)
with shell.failures_in_words("尚未发布", "第一次公开发布经审核批准后，会出现在这里。"):
    asked.run()
