"""Access: who is reading, what they may see, and what they took away.

Without a single sign-on the pages are for this machine only, and whoever sits at it is
its operator. With one, a reader is who the provider says, and may see what the county's
own list grants to that address; an address that is not on the list sees nothing.
"""

import json
import os
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import streamlit as st

from dashboards import markup, shell

LEADER, DEPARTMENT, CONTRACTOR, OPERATOR = "领导", "部门", "承包商", "操作员"
SCOPED = {DEPARTMENT, CONTRACTOR}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ACCESS_FILE = "CITYLEDGER_ACCESS_FILE"

EVERY_PAGE = (
    "overview", "indicator", "contractors", "departments", "waste", "lamps",
    "complaints", "toilets", "projects", "health", "report",
)  # fmt: skip
PAGES = {
    LEADER: EVERY_PAGE,
    OPERATOR: EVERY_PAGE,
    DEPARTMENT: (
        "overview", "indicator", "departments", "waste", "lamps", "complaints",
        "toilets", "projects", "report",
    ),
    CONTRACTOR: ("contractors",),
}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Whoever is looking: a role, and for some roles whose rows they may see."""

    name: str
    role: str
    scope: str | None = None

    def may_open(self, page: str) -> bool:
        """Whether a page is among those of the role."""
        return page in PAGES.get(self.role, ())

    def may_see(self, role: str, code: str | None) -> bool:
        """Whether the detail of one department or contractor may be shown."""
        if self.role not in SCOPED:
            return True
        return self.role == role and code == self.scope

    @property
    def may_see_records(self) -> bool:
        """Whether record numbers of the whole county may be listed and taken away."""
        return self.role not in SCOPED


class NoAccessError(Exception):
    """The reader is known and has been granted nothing."""


def has_sign_on() -> bool:
    """Whether a single sign-on is configured."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def reader() -> Reader:
    """Say who is reading; stop the page for whoever may not."""
    if not has_sign_on():
        if st.get_option("server.address") not in LOOPBACK:
            shell.show(
                markup.notice(
                    "error",
                    "没有配置统一登录，页面只能在本机打开",
                    "请让操作员配置统一登录（OIDC），或只绑定 127.0.0.1。",
                )
            )
            st.stop()
        return Reader("本机", OPERATOR)
    if not st.user.is_logged_in:
        shell.show(
            markup.notice("empty", "请先登录", "用单位的统一登录账号进入领导页。")
        )
        st.button("登录", on_click=st.login, type="primary")
        st.stop()
    address = str(st.user.get("email") or "")
    granted = readers(_access_file()).get(address.casefold())
    # An address that its provider has not verified may be anybody's.
    if granted is None or st.user.get("email_verified") is False:
        note("拒绝进入", Reader(address or "未知", "无"))
        shell.show(
            markup.notice(
                "error",
                "这个账号没有分配角色",
                f"账号 {address or '（没有邮箱）'} 不在访问名单里，请联系操作员。",
            )
        )
        st.button("退出登录", on_click=st.logout)
        st.stop()
    return granted


def refuse(title: str) -> None:
    """Say that a page is not for the reader's role; nothing of it is read."""
    who = current()
    note_view("拒绝页面", what=title)
    shell.show(
        markup.notice(
            "error",
            f"“{title}”不向{who.role}账号开放",
            "页面上方是这个账号可以看的页面；需要看这一页的，请联系操作员。",
        )
    )


def readers(path: Path | None) -> dict[str, Reader]:
    """Read the county's list: one `[[readers]]` with email, role, scope each.

    A scoped role without a scope, or a role that is not known, grants nothing.
    """
    if path is None or not path.exists():
        return {}
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("readers", [])
    granted = {}
    for entry in listed:
        role, scope = entry.get("role"), entry.get("scope")
        email = str(entry.get("email", "")).casefold()
        if email and role in PAGES and (scope or role not in SCOPED):
            name = entry.get("name") or entry["email"]
            granted[email] = Reader(name, role, scope if role in SCOPED else None)
    return granted


def current() -> Reader:
    """Return whom the application found to be reading."""
    found = st.session_state.get("reader")
    return found if isinstance(found, Reader) else Reader("无", "无")


def note(act: str, who: Reader | None = None, **of: object) -> None:
    """Write down that records were seen or taken away: one JSON line, never changed."""
    who = who or current()
    moment = datetime.now(shell.COUNTY_TIME)
    line = {
        "at": moment.isoformat(timespec="seconds"),
        "who": who.name,
        "role": who.role,
        "scope": who.scope,
        "act": act,
        **of,
    }
    folder = Path(os.environ.get("DATA_DIR", "var")) / "access_log"
    folder.mkdir(parents=True, exist_ok=True)
    written = json.dumps(line, ensure_ascii=False, default=str) + "\n"
    # One write of one line in append mode: two processes cannot mix theirs.
    with (folder / f"{moment:%Y-%m}.jsonl").open("ab", buffering=0) as log:
        log.write(written.encode())


def note_view(act: str = "查看记录", **of: object) -> None:
    """Write down a view of records once, however often the page is drawn again."""
    seen = act + json.dumps(of, ensure_ascii=False, default=str, sort_keys=True)
    if st.session_state.get("records_seen") != seen:
        st.session_state["records_seen"] = seen
        note(act, **of)


def _access_file() -> Path | None:
    named = os.environ.get(ACCESS_FILE)
    return Path(named) if named else None
