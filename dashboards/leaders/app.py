"""The leaders' pages: routes only."""

import streamlit as st

from dashboards import shell
from dashboards.leaders import queries

shell.dress("城账 · 城市管理指标")
page = st.navigation(
    [
        st.Page("app_pages/overview.py", title="今日", default=True),
        st.Page("app_pages/indicator.py", title="指标", url_path="indicator"),
        st.Page("app_pages/health.py", title="数据质量", url_path="health"),
    ],
    position="top",
)
shell.open_links_in_place()
shell.follow(queries.newest)
with shell.failures_in_words():
    page.run()
