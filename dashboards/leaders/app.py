"""The leaders' pages: routes only."""

from functools import partial

import streamlit as st

from dashboards import shell
from dashboards.leaders import access, queries

TITLES = {
    "overview": "今日",
    "indicator": "指标",
    "contractors": "承包商",
    "departments": "部门与乡镇",
    "waste": "垃圾",
    "lamps": "路灯",
    "complaints": "投诉",
    "toilets": "公厕",
    "projects": "重点项目",
    "health": "数据质量",
    "report": "报告",
}

shell.dress("城账 · 城市管理指标")
# What was granted a moment ago is granted no longer until it is granted again.
st.session_state.pop("reader", None)
reader = access.reader()
st.session_state["reader"] = reader
offered = [name for name in TITLES if reader.may_open(name)]
# A page that is not of the reader's role is not in the menu, and says why when it is
# asked for by its address.
page = st.navigation(
    [
        st.Page(
            f"app_pages/{name}.py",
            title=title,
            url_path=name,
            default=name == offered[0],
        )
        if name in offered
        else st.Page(
            partial(access.refuse, title),
            title=title,
            url_path=name,
            visibility="hidden",
        )
        for name, title in TITLES.items()
    ]
    + shell.lost(TITLES),
    position="top",
)
shell.arrive(page.title)
shell.open_links_in_place()
shell.follow(queries.newest, partial(access.still_may, reader))
with shell.failures_in_words():
    page.run()
shell.foot(f"{reader.name} · {reader.role}", signed_on=bool(reader.account))
