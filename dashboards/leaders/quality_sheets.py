"""Quality sheets: agreement between sources, and the workbooks that go back."""

import os
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import access
from dashboards.leaders.exports import XLSX
from dashboards.leaders.quality_queries import Agreement

SHOWN = 12


def agreement(compared: Sequence[Agreement]) -> str:
    """Draw how far two sources agree, owner by owner."""
    if not compared:
        return '<p class="quiet">没有可以对照的数据。</p>'
    return markup.table(
        "两处数据是否一致",
        ["月份", "对照", "单位", "一致率（%）", ">一致 / 对照（条）", ">只有甲",
         ">只有乙", ">不同", "甲 · 乙"],
        [
            [
                wording.period_name(one.month),
                markup.text(one.check_name),
                markup.text(one.owner_name),
                markup.bar(one.agreement_pct, wording.figure(one.agreement_pct)),
                f"{wording.count(one.agreeing)} / {wording.count(one.compared)}",
                wording.count(one.only_first),
                wording.count(one.only_second),
                wording.count(one.differing),
                f'<span class="under">{markup.text(one.first_zh)} · '
                f"{markup.text(one.second_zh)}</span>",
            ]
            for one in compared
        ],
        kind="tall",
    )  # fmt: skip


def workbooks() -> list[Path]:
    """Find the workbooks that the operator made for the owners of broken rows."""
    folder = Path(os.environ.get("DATA_DIR", "var")) / "quarantine"
    found = folder.glob("**/*.xlsx") if folder.is_dir() else []
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:SHOWN]


def offer_workbooks(found: Sequence[Path]) -> None:
    """Offer them for download; each may hold what a source wrote, so it is noted."""
    if not found:
        shell.show('<p class="quiet">还没有生成过隔离清单。</p>')
        return
    for place, path in enumerate(found):
        st.download_button(
            path.name,
            path.read_bytes,
            path.name,
            XLSX,
            on_click=access.note,
            args=("下载隔离清单",),
            kwargs={"file": path.name},
            key=f"workbook_{place}",
        )
