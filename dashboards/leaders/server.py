"""The leaders' pages as `cityledger serve` starts them: the application, guarded."""

from pathlib import Path

import streamlit as st

from dashboards import guard

given = guard.secrets()
app = st.App(
    Path(__file__).with_name("app.py"),
    secrets=given,
    middleware=guard.before_leaders(given),
)
