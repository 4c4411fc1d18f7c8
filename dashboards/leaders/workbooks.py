"""Workbooks: the broken rows that go back to whoever sent them.

They hold rows as they came, perhaps with personal data, which the published file never
does. So a page does not make them: for an operator, and nobody else, it runs the same
verb the operator would, and hands on the file that the verb left.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import streamlit as st

from cityledger.files import name_for
from dashboards import markup, shell, wording
from dashboards.leaders import access, exports

SHOWN = 12
PATIENCE_S = 120
DAY = len("2025-06-30")


def made(owner: str = "") -> list[Path]:
    """Find the workbooks there are, of one owner or of all, the newest first."""
    folder = Path(os.environ.get("DATA_DIR", "var")) / "quarantine"
    found = list(folder.glob("[!.]*.xlsx")) if folder.is_dir() else []
    ending = f"-{name_for(owner)}.xlsx"
    chosen = [
        path
        for path in found
        # A name is the day, a hyphen and the owner; an owner may have hyphens too.
        if not owner or path.name[DAY:] == ending
    ]
    return sorted(chosen, key=lambda path: path.stat().st_mtime, reverse=True)[:SHOWN]


def make(owner: str) -> str:
    """Have one owner's workbook written; return why it was not, or nothing."""
    verb = ["cityledger", "quarantine", "export", f"--owner={owner}"]
    beside = Path(sys.executable).with_name(verb[0])
    command = [str(beside), *verb[1:]] if beside.exists() else verb
    try:
        ended = subprocess.run(  # noqa: S603 - no shell, and the owner is of the mart
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"没有做成：{type(error).__name__}"
    if ended.returncode:
        said = (ended.stderr or ended.stdout).strip().splitlines()
        return said[-1] if said else "没有做成"
    return "" if made(owner) else "这家单位现在没有待改正的记录"


def offer(owner: str, name: str) -> None:
    """Offer one owner's workbook, or all there are; only ever to an operator."""
    if access.current().role != access.OPERATOR:
        shell.show('<p class="quiet">退回报送单位的清单含原始记录，由操作员生成。</p>')
        return
    if owner and st.button(
        f"生成 {markup.label(name)} 的清单", key="make_workbook", type="primary"
    ):
        with st.spinner("正在从仓库取出这家单位的记录……"):
            problem = make(owner)
        access.note("生成隔离清单", owner=owner, problem=problem or None)
        shell.show(problem and markup.notice("error", "清单没有生成", problem))
    found = made(owner)
    _offer_each(found)
    if not found:
        shell.show(
            '<p class="quiet">'
            + ("还没有生成过这家单位的清单。" if owner else "还没有生成过隔离清单。")
            + "</p>"
        )
    shell.show(
        '<p class="quiet">清单含原始记录，可能有个人信息：只交给报送单位，用毕删除。'
        + ("" if owner else "选定一个报送单位，可以当场生成它的清单。")
        + "</p>"
    )


def _offer_each(found: Sequence[Path]) -> None:
    for path in found:
        written = datetime.fromtimestamp(path.stat().st_mtime, shell.COUNTY_TIME)
        with st.container(horizontal=True, vertical_alignment="center"):
            exports.button(
                path.name, path.name, exports.XLSX, path.read_bytes, act="下载隔离清单"
            )
            shell.show(f'<p class="quiet">{wording.minute(written)} 生成</p>')
