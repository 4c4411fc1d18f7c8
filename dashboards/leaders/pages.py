"""Pages: what the pages of one subject share: head, period and notices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import components, queries
from dashboards.published import Edition


@dataclass(frozen=True)
class Head:
    """Which night a page shows."""

    edition: Edition
    as_of: date


def head() -> Head:
    """Find the night that is shown; say so when there is none."""
    edition = queries.newest()
    night = queries.runs(edition, 1)
    if not night:
        shell.show(markup.notice("empty", "还没有夜间运行的记录"))
        st.stop()
    published = [run for run in queries.runs(edition) if _is_shown(run)]
    return Head(edition, (published or night)[0].as_of)


def open_page(
    title: str,
    page: Head,
    months: Iterable[str],
    others: Sequence[tuple[str, str, dict[str, str]]] = (),
    stage: str = "",
) -> tuple[str, list[str]]:
    """Draw a page's title and choices; return the month and the other choices.

    A page without a single month says so and ends.
    """
    offered = sorted(set(months), reverse=True)
    with st.container(key="masthead"):
        heading, choices = st.columns([3, 2], vertical_alignment="bottom")
        if not offered:
            with heading:
                shell.show(f"<h1>{markup.text(title)}</h1>")
            shell.show(components.stale_notice(page.as_of, shell.yesterday()))
            empty(f"{title}还没有数据")
        with choices, st.container(key="picks"):
            places = st.columns(1 + len(others))
            with places[0]:
                month = shell.pick(
                    "期间",
                    "period",
                    offered,
                    _month_of(st.query_params.get("period"), offered),
                    wording.period_name,
                )
            chosen = []
            for place, (label, parameter, names) in zip(
                places[1:], others, strict=True
            ):
                with place:
                    options = list(names)
                    chosen.append(
                        shell.pick(
                            label, parameter, options, options[0], names.__getitem__
                        )
                    )
        with heading:
            said = f"数据截至 <b>{wording.day(page.as_of)} 24:00</b>"
            said += f" · <b>{markup.text(stage)}</b>" if stage else ""
            shell.show(
                f"<h1>{markup.text(title)} · {wording.period_name(month)}</h1>"
                f'<p class="asof">{said}</p>'
            )
    shell.show(components.stale_notice(page.as_of, shell.yesterday()))
    return month, chosen


def empty(
    words: str, why: str = "对应的数据源还没有交来，或本县没有这项业务。"
) -> None:
    """Say that there is nothing to show, and end the page."""
    shell.show(markup.notice("empty", words, why))
    st.stop()


def quiet(words: str) -> str:
    """Draw a line for what is not there within a page that has other things."""
    return f'<p class="quiet">{markup.text(words)}</p>'


def _month_of(asked: str | None, offered: Sequence[str]) -> str:
    """A quarter or year carried over from another page opens on its newest month."""
    within = [month for month in offered if asked in wording.enclosing_periods(month)]
    return (within or list(offered))[0]


def _is_shown(run: queries.Run) -> bool:
    return run.outcome.startswith("published")
