"""Shell: what every page sits in: its look, its errors, its freshness, its address."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import streamlit as st

from dashboards import guard, markup
from dashboards.published import (
    Edition,
    NothingPublishedError,
    UnreadableEditionError,
)

STATIC = Path(__file__).parent / "static"
COUNTY_TIME = ZoneInfo("Asia/Shanghai")
# A new night is to be seen within a minute, also by a page that nobody touches.
PAGE = "page"
LOOK_EVERY = timedelta(seconds=20)
# What a reader chose on one page goes along to the next.
CARRIED = ("period", "area", "wall")
# What a parameter was called in addresses that readers may have kept.
FORMER = {"indicator": "id"}


def dress(title: str) -> None:
    """Give a page its title, its style sheet and its language."""
    st.set_page_config(
        page_title=title,
        page_icon=str(STATIC / "favicon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    st.logo(str(STATIC / "logo.svg"), size="medium")
    st.html(STATIC / "theme.css")
    st.html(f"<script>{guard.IN_CHINESE}</script>", unsafe_allow_javascript=True)


@contextmanager
def failures_in_words(
    nothing_yet: str = "还没有发布过结果",
    then_what: str = "夜间运行通过把关后，结果会自动出现在这里，不需要刷新页面。",
) -> Iterator[None]:
    """Say in Chinese that there is nothing to show yet, or that it cannot be read."""
    try:
        yield
    except NothingPublishedError:
        show(markup.notice("empty", nothing_yet, then_what))
    except UnreadableEditionError as error:
        show(
            markup.notice(
                "error",
                "发布文件无法读取",
                "请联系操作员检查最近一次发布；源数据和上报历史不受影响。",
            )
        )
        with st.expander("技术细节"):
            st.code(str(error), language=None)


def follow(
    newest: Callable[[], Edition], may_stay: Callable[[], bool] = lambda: True
) -> None:
    """Draw the page again as soon as another edition is published, or rights change."""
    shown = _version(newest)

    @st.fragment(run_every=LOOK_EVERY)
    def look() -> None:
        if _version(newest) != shown or not may_stay():
            st.rerun()

    look()


def arrive(title: str) -> None:
    """Carry the chosen period and area over to a page whose address names none.

    Only on arrival: going back to an address without a choice undoes the choice.
    """
    if st.session_state.get("page_shown") not in {None, title}:
        for parameter in CARRIED:
            kept = st.session_state.get(f"kept_{parameter}")
            if kept and parameter not in st.query_params:
                st.query_params[parameter] = kept
    st.session_state["page_shown"] = title
    for parameter in CARRIED:
        st.session_state[f"kept_{parameter}"] = st.query_params.get(parameter)
    if st.query_params.get("wall") == "1":
        st.html(STATIC / "wall.css")


def foot(who: str, *, signed_on: bool) -> None:
    """Say who is reading and offer the wall screen, the way back and the way out."""
    on_wall = st.query_params.get("wall") == "1"

    def turn() -> None:
        if on_wall:
            st.query_params.pop("wall", None)
        else:
            st.query_params["wall"] = "1"

    with st.container(horizontal=True, vertical_alignment="center", key="foot"):
        st.button("退出大屏" if on_wall else "大屏模式", on_click=turn, key="wall")
        if signed_on:
            st.button("退出登录", on_click=st.logout, key="leave")
        access_said = "" if signed_on else " · 未配置统一登录，只对本机开放"
        show(f'<p class="quiet">{markup.text(who)}{access_said}</p>')


def lost(known: Collection[str]) -> list[st.Page]:
    """Return a page that answers an address that none of ours has, if it is asked for.

    Streamlit's own answer is an English dialog over the first page.
    """
    asked = urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2]
    if not asked or asked in known:
        return []

    def say() -> None:
        show(
            markup.notice(
                "empty",
                "没有这个页面",
                f"地址里的“{asked}”不是这里的页面，可能抄错了。",
            )
            + '<p class="line"><a href="./">回到首页</a></p>'
        )

    title = "没有这个页面"
    return [st.Page(say, title=title, url_path=asked, visibility="hidden")]


@contextmanager
def sheet(name: str, title: str, under: str = "") -> Iterator[None]:
    """Put what follows on a sheet of its own under a heading."""
    with st.container(border=True, key=f"sheet_{name}"):
        small = f'<p class="quiet">{markup.text(under)}</p>' if under else ""
        show(f'<div class="sheethead"><h2>{markup.text(title)}</h2>{small}</div>')
        yield


def open_links_in_place() -> None:
    """Open our own links within the session, which is much quicker than anew."""
    script = (STATIC / "links.js").read_text(encoding="utf-8")
    st.components.v2.component("cityledger_links", js=script)(key="links")


def show(html: str) -> None:
    """Put HTML on the page, if there is any."""
    if html:
        st.html(html)


def yesterday() -> date:
    """Return the last whole day in the county."""
    return datetime.now(COUNTY_TIME).date() - timedelta(days=1)


def pick(
    label: str,
    parameter: str,
    options: Sequence[str],
    default: str,
    names: Callable[[str], str] = str,
) -> str:
    """Let the reader choose; the choice lives in the address and nowhere else.

    So an address can be kept, sent and gone back to. What it does not say, or says
    of something that is not there, is the default.
    """
    chosen, key, write = _choice(parameter, options, default)
    st.selectbox(
        label,
        options,
        key=key,
        format_func=names,
        on_change=write,
        label_visibility="collapsed",
    )
    return chosen


def steps(label: str, parameter: str, names: Mapping[str, str]) -> str:
    """Let the reader choose among a few that stand side by side, as `pick` does."""
    options = list(names)
    chosen, key, write = _choice(parameter, options, options[0])
    st.segmented_control(
        label, options, key=key, format_func=names.__getitem__, on_change=write
    )
    return chosen


def _choice(
    parameter: str, options: Sequence[str], default: str
) -> tuple[str, str, Callable[[], None]]:
    key = f"pick_{parameter}"
    asked = st.query_params.get(parameter)
    if asked is None and parameter in FORMER:
        asked = st.query_params.get(FORMER[parameter])
    chosen = asked if asked in options else default
    st.session_state[key] = chosen

    def write() -> None:
        # Pressing the chosen step again leaves nothing chosen: that is the default.
        st.query_params[parameter] = st.session_state[key] or default
        st.query_params.pop(PAGE, None)
        st.query_params.pop(FORMER.get(parameter, ""), None)
        st.session_state[f"kept_{parameter}"] = st.query_params[parameter]

    return chosen, key, write


def page_number() -> int:
    """Return the page of a long list that the address asks for."""
    asked = st.query_params.get(PAGE, "1")
    return int(asked) if re.fullmatch(r"[1-9][0-9]{0,5}", asked) else 1


def leaf(page: int, *, has_next: bool) -> None:
    """Offer the pages before and after this one."""

    def turn(to: int) -> None:
        st.query_params[PAGE] = str(to)

    with st.container(horizontal=True, vertical_alignment="center", key="leaf"):
        st.button("上一页", disabled=page == 1, on_click=turn, args=(page - 1,))
        st.button("下一页", disabled=not has_next, on_click=turn, args=(page + 1,))
        show(f'<p class="quiet">第 {page} 页</p>')


def _version(newest: Callable[[], Edition]) -> str | None:
    try:
        return newest().version
    except NothingPublishedError:
        return None
