"""Access: who is reading, what they may see, and what they took away.

Whether readers sign on was decided when the server was started (`guard`). Without a
sign-on the pages are for this machine only, and whoever sits at it is its operator.
With one, a reader is who the provider says, and may see what the county's own list
grants to that address. Whatever is missing, broken or unclear, nobody sees anything.
"""

import json
import math
import os
import re
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from dashboards import guard, markup, shell

LEADER, DEPARTMENT, CONTRACTOR, OPERATOR = "领导", "部门", "承包商", "操作员"
SCOPED = {DEPARTMENT, CONTRACTOR}
ACCESS_FILE = "CITYLEDGER_ACCESS_FILE"
CLOCKS_APART = 300

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
    """Whoever is looking: a role, and for some roles whose rows they may see.

    `account` is the address that signed on and `until` when that is believed no longer,
    in seconds of the epoch; who sits at this machine has neither.
    """

    name: str
    role: str
    scope: str | None = None
    account: str = field(default="", compare=False)
    until: float = field(default=math.inf, compare=False)

    def may_open(self, page: str) -> bool:
        """Whether a page is among those of the role."""
        return page in PAGES.get(self.role, ())

    @property
    def sees_all(self) -> bool:
        """Whether the reader's role is shown every row there is."""
        return self.role in (LEADER, OPERATOR)


NOBODY = Reader("无", "无")


class AccessListError(Exception):
    """The county's list cannot be used; the message says where and why, in Chinese."""


class NoLongerError(Exception):
    """The reader has lost, since the page was drawn, what it granted."""


def signs_on() -> bool:
    """Whether readers sign on: as decided at the start, and still set up."""
    return guard.decided() == guard.REQUIRED and bool(_sign_on())


def reader() -> Reader:
    """Say who is reading; stop the page for whoever may not."""
    if _is_at_this_machine():
        return Reader("本机", OPERATOR)
    if not signs_on():
        _stop(
            "登录没有配置好，页面不开放",
            "请让操作员用 cityledger serve 启动页面：不接统一登录时只在本机开放，"
            "接统一登录（--oidc）时须有完整的 [auth] 配置。",
        )
    if not st.user.is_logged_in:
        shell.show(
            markup.notice("empty", "请先登录", "用单位的统一登录账号进入领导页。")
        )
        st.button("登录", on_click=st.login, type="primary")
        st.stop()
    return _signed_on(dict(st.user))


def _is_at_this_machine() -> bool:
    address = st.get_option("server.address")
    return guard.decided() == guard.LOOPBACK_ONLY and address in guard.LOOPBACK


def _sign_on() -> object:
    try:
        return st.secrets.get("auth")
    except FileNotFoundError:
        return None


def _signed_on(claims: dict[str, Any]) -> Reader:
    account, until = account_of(claims), believed_until(claims)
    if not until:
        shell.show(
            markup.notice("empty", "登录已过期，请重新登录", "登录十二小时内有效。")
        )
        st.button("重新登录", on_click=st.login, type="primary")
        st.stop()
    try:
        granted = readers(_access_file()).get(account)
    except AccessListError as broken:
        _turn_away(claims, "访问名单不能用，页面不开放", f"请操作员改正：{broken}")
    if granted is None:
        said = account or "（没有可用的、经过核实的邮箱）"
        _turn_away(
            claims,
            "这个账号没有分配角色",
            f"账号 {said} 不在访问名单里，请联系操作员。",
        )
    return Reader(granted.name, granted.role, granted.scope, account, until)


def account_of(claims: dict[str, Any]) -> str:
    """Return the address a provider vouches for, in small letters; else nothing.

    One that the provider has not verified may be anybody's; one that is not ASCII may
    only look like somebody's.
    """
    address = claims.get("email")
    is_sound = isinstance(address, str) and _is_address(address)
    return address.lower() if is_sound and claims.get("email_verified") is True else ""


def believed_until(claims: dict[str, Any]) -> float:
    """Return until when a login is believed, in seconds of the epoch; 0 is not at all.

    A provider's clock may be a little ahead; a login from days ahead would never end.
    """
    given = claims.get("iat")
    if isinstance(given, bool) or not isinstance(given, int | float):
        return 0.0
    age = time.time() - given
    is_fresh = -CLOCKS_APART < age < guard.SIGNED_ON_SECONDS
    return float(given + guard.SIGNED_ON_SECONDS) if is_fresh else 0.0


def still_may(who: Reader) -> bool:
    """Whether a reader has now what the page was drawn with; asked at every taking."""
    if not who.account:
        return guard.decided() == guard.LOOPBACK_ONLY
    try:
        granted = readers(_access_file()).get(who.account)
    except AccessListError:
        return False
    return granted == who and time.time() < who.until


def _turn_away(claims: dict[str, Any], title: str, words: str) -> NoReturn:
    who = Reader(str(claims.get("email") or "未知")[:200], "无")
    note_view("拒绝进入", who, what=title)
    shell.show(markup.notice("error", title, words))
    st.button("退出登录", on_click=st.logout)
    st.stop()


def _stop(title: str, words: str) -> NoReturn:
    shell.show(markup.notice("error", title, words))
    st.stop()


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

    A list that is missing, or not right in every entry, grants nothing to anybody.
    """
    if path is None:
        raise AccessListError(f"没有设置 {ACCESS_FILE}")
    try:
        text = path.read_text(encoding="utf-8")
        listed = tomllib.loads(text)
    except OSError as missing:
        raise AccessListError(f"读不到 {path.name}") from missing
    except UnicodeDecodeError as wrong:
        raise AccessListError(f"{path.name} 不是 UTF-8 编码") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise AccessListError(_where_broken(path, str(wrong))) from wrong
    return _granted(path, text, listed)


def _granted(path: Path, text: str, listed: dict[str, Any]) -> dict[str, Reader]:
    entries = listed.get("readers", [])
    if listed.keys() - {"readers"} or not isinstance(entries, list):
        raise AccessListError(f"{path.name} 里只能有 [[readers]]")
    headers = re.finditer(r"(?m)^[ \t]*\[\[[ \t]*readers[ \t]*\]\]", text)
    lines = [text.count("\n", 0, one.start()) + 1 for one in headers]
    granted: dict[str, Reader] = {}
    for place, entry in enumerate(entries):
        where = f"{path.name} 第 {(lines + [1] * len(entries))[place]} 行起的一条："
        for fault in _faults(entry):
            raise AccessListError(where + fault)
        account = entry["email"].lower()
        if account in granted:
            raise AccessListError(f"{where}{account} 写了两次")
        name = entry.get("name") or entry["email"]
        granted[account] = Reader(name, entry["role"], entry.get("scope"))
    return granted


def _faults(entry: object) -> Iterator[str]:
    """Say what is wrong with an entry, the first thing first."""
    if not isinstance(entry, dict) or not all(
        isinstance(value, str) and value for value in entry.values()
    ):
        yield "每一项都要是加引号的文字，不能为空"
        return
    if unknown := entry.keys() - {"email", "role", "scope", "name"}:
        yield f"不认识的项 {'、'.join(sorted(unknown))}"
    if not _is_address(entry.get("email", "")):
        yield "email 要是一个邮箱，只用英文字母、数字和半角符号"
    role = entry.get("role")
    if role not in PAGES:
        yield f"role 要是{'、'.join(PAGES)}之一"
    if role in SCOPED and "scope" not in entry:
        yield f"{role}要写 scope（本单位的编码）"
    if role in PAGES and role not in SCOPED and "scope" in entry:
        yield f"{role}看全部，不能写 scope"


def _is_address(text: str) -> bool:
    return bool(re.fullmatch(r"[!-?A-~]{1,64}@[!-?A-~]{1,255}", text))


def _where_broken(path: Path, said: str) -> str:
    line = re.search(r"line (\d+)", said)
    where = f"第 {line[1]} 行" if line else "结尾"
    return f"{path.name} {where}不是正确的 TOML"


def current() -> Reader:
    """Return whom the application found to be reading."""
    found = st.session_state.get("reader")
    return found if isinstance(found, Reader) else NOBODY


def note(act: str, who: Reader | None = None, /, **of: object) -> None:
    """Write down that records were seen or taken away: one JSON line, never changed."""
    who = who or current()
    moment = datetime.now(shell.COUNTY_TIME)
    line = {
        "at": moment.isoformat(timespec="seconds"),
        "who": who.name,
        "account": who.account,
        "role": who.role,
        "scope": who.scope,
        "act": act,
    }
    # What an act is of never stands in for who did it.
    line = of | line
    folder = Path(os.environ.get("DATA_DIR", "var")) / "access_log"
    folder.mkdir(parents=True, exist_ok=True)
    written = json.dumps(line, ensure_ascii=False, default=str) + "\n"
    # One write of one line in append mode: two processes cannot mix theirs.
    with (folder / f"{moment:%Y-%m}.jsonl").open("ab", buffering=0) as log:
        log.write(written.encode())


def note_view(
    act: str = "查看记录", who: Reader | None = None, /, **of: object
) -> None:
    """Write down a view of records once, however often the page is drawn again."""
    seen = act + json.dumps(of, ensure_ascii=False, default=str, sort_keys=True)
    if st.session_state.get("records_seen") != seen:
        st.session_state["records_seen"] = seen
        note(act, who, **of)


def _access_file() -> Path | None:
    named = os.environ.get(ACCESS_FILE)
    return Path(named) if named else None
