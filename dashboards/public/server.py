"""The public page as `cityledger serve` starts it: the application, guarded."""

from pathlib import Path

import streamlit as st

from dashboards import guard

app = st.App(Path(__file__).with_name("app.py"), middleware=guard.before_public())
