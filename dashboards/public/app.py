"""The public page: released figures only, from a file that holds nothing else."""

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.public import components, queries


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
    heading, choice = st.columns([3, 1], vertical_alignment="bottom")
    with choice, st.container(key="picks"):
        chosen = shell.pick(
            "期间",
            "release",
            list(releases),
            next(iter(releases)),
            lambda code: wording.period_name(releases[code].period),
        )
    release = releases[chosen]
    values = queries.released(edition, chosen)
    with heading:
        shell.show(
            f"<h2>{wording.period_name(release.period)}</h2>"
            + components.release_line(release)
        )
    shell.show(components.group_panels(values, indicators, queries.claims(edition)))
    changes = queries.changes(edition)
    if changes:
        with st.container(border=True, key="sheet_changes"):
            shell.show(
                "<h2>更正与修订</h2>" + components.change_table(changes, indicators)
            )


shell.dress("城市管理指标公开")
shell.follow(queries.newest)
shell.show('<h1 class="public">城市管理指标公开</h1>')
with shell.failures_in_words("尚未发布", "第一次公开发布经审核批准后，会出现在这里。"):
    page()
