"""Quality sheets: what the gate found, whose rows are broken, which sources agree."""

import re
from collections.abc import Mapping, Sequence

from dashboards import markup, wording
from dashboards.leaders.quality_queries import (
    Agreement,
    Fault,
    Finding,
    Owed,
    SourceState,
    UnreadFile,
)

AREA_CODE = re.compile(r"(?<!\d)\d{12}(?!\d)")
SEVERITY_CLASSES = {"停止": "missed", "警告": "disputed"}


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


def states(found: Sequence[SourceState]) -> str:
    """Draw how every source stands: how long silent, how much refused, what is left."""
    return markup.table(
        "来源状况",
        ["来源", "状况", "最近有数据的一天", ">静默（天）", ">近28天收到",
         ">其中隔离（%）", ">未取用文件", "最近取到的一晚"],
        [
            [
                markup.text(wording.source(one.source)),
                markup.health_chip(one.status),
                wording.day(one.last_received_date),
                wording.count(one.silent_days),
                wording.count(one.received),
                wording.figure(
                    None if one.refused_share is None else one.refused_share * 100
                ),
                wording.count(one.unread_files),
                wording.day(one.last_loaded_for),
            ]
            for one in found
        ],
    )  # fmt: skip


def unread_files(found: Sequence[UnreadFile]) -> str:
    """Draw which files lie in the drop and are not taken."""
    if not found:
        return '<p class="quiet">投放目录里的文件都取用了。</p>'
    return markup.table(
        "没有取用的文件",
        ["来源", "文件", "原因", "从哪一晚起"],
        [
            [
                markup.text(wording.source(one.source)),
                f'<span class="said">{markup.text(one.file)}</span>',
                f'<span class="said">{markup.text(one.reason)}</span>',
                wording.day(one.since),
            ]
            for one in found
        ],
        kind="tall",
    )


def faults(found: Sequence[Fault]) -> str:
    """Draw what is wrong with the rows in quarantine, kind by kind."""
    if not found:
        return '<p class="quiet">没有隔离的记录。</p>'
    return markup.table(
        "毛病清单",
        ["来源", "规则", "收到的内容和应有的形式", ">待处理", ">隔离", "最近一次",
         "例子"],
        [
            [
                markup.text(wording.source(one.source)),
                f"<code>{markup.text(one.rule)}</code>",
                f'<span class="said">{markup.text(one.fault)}</span>',
                wording.count(one.open),
                wording.count(one.rows_quarantined),
                wording.short_day(one.last_seen),
                f'<span class="under">{markup.text(one.example_file)} '
                f"{markup.text(one.example_line_or_key)}</span>",
            ]
            for one in found
        ],
        kind="tall",
    )  # fmt: skip


def findings(found: Sequence[Finding], areas: Mapping[str, str]) -> str:
    """Draw what the gate found, night by night: what, how bad, where, what to do."""
    if not found:
        return '<p class="quiet">这些晚没有一项检验不通过，也没有警告。</p>'
    return markup.table(
        "质量闸门发现的问题",
        ["数据日", "程度", "检验", "问题和处理办法", "所见"],
        [
            [
                wording.short_day(one.as_of),
                markup.chip(one.severity, SEVERITY_CLASSES.get(one.severity, "none")),
                markup.text(one.check_name),
                f'<span class="said">{markup.text(one.note)}</span>',
                f'<span class="said">{_observed(one, areas)}</span>',
            ]
            for one in found
        ],
        kind="tall",
    )


def owed(rows: Sequence[Owed]) -> str:
    """Draw whose rows broke which rule and who must mend them."""
    if not rows:
        return '<p class="quiet">没有隔离的记录。</p>'
    return markup.table(
        "隔离的记录，按报送单位和规则",
        ["报送单位", "由谁改正", "来源", "规则", ">待处理", "最早的一天", ">隔离",
         ">已重报", ">已豁免"],
        [
            [
                f"{markup.text(row.owner_name)}"
                f'<span class="under">{markup.text(_code(row))}</span>',
                markup.text(row.mended_by),
                markup.text(wording.source(row.source)),
                f"<code>{markup.text(row.rule)}</code> "
                f"{markup.text(wording.RULES.get(row.rule))}",
                wording.count(row.open),
                wording.day(row.open_since) if row.open else wording.NOTHING,
                wording.count(row.rows_quarantined),
                wording.count(row.resubmitted),
                wording.count(row.waived),
            ]
            for row in rows
        ],
        kind="tall",
    )  # fmt: skip


def owner_names(rows: Sequence[Owed]) -> dict[str, str]:
    """Name every sender, those with most to mend first."""
    return {row.owner: _full_name(row) for row in rows}


def _full_name(row: Owed) -> str:
    code = _code(row)
    return f"{row.owner_name}（{code}）" if code else row.owner_name


def _code(row: Owed) -> str:
    """Return a sender's code, where it is more than the name of a platform."""
    return row.owner if row.owner.isascii() and row.owner != row.owner_name else ""


def _observed(one: Finding, areas: Mapping[str, str]) -> str:
    if not one.observed:
        return wording.NOTHING
    places = [_named(place, areas) for place in one.observed.split("；")]
    more = f" 等 {wording.count(one.places)} 处" if one.places > len(places) else ""
    return markup.text("；".join(places) + more)


def _named(place: str, areas: Mapping[str, str]) -> str:
    """Call a source, with whose code a row may begin, and areas by their names."""
    first, *rest = place.split(" ")
    said = " ".join([wording.source(first), *rest])
    return AREA_CODE.sub(lambda code: areas.get(code[0], code[0]), said)
