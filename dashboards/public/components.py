"""Components: what the public page is made of."""

from collections.abc import Sequence

from dashboards import markup, wording
from dashboards.public.queries import (
    Change,
    Claim,
    Complaints,
    Grade,
    Indicator,
    Release,
    Released,
    Waste,
)
from dashboards.wording import Target


def release_line(release: Release) -> str:
    """Say which release the figures are, and when it was published."""
    reason = f" · {markup.text(release.reason)}" if release.reason else ""
    return (
        f'<p class="asof">发布日期 <b>{wording.day(release.published_at.date())}</b>'
        f" · 第 {markup.text(release.version)} 版{reason}</p>"
    )


def group_panels(
    values: Sequence[Released],
    indicators: Sequence[Indicator],
    claims: Sequence[Claim],
) -> str:
    """Draw the released indicators under the plan's headings."""
    known = {indicator.indicator_id: indicator for indicator in indicators}
    grouped: dict[str, list[str]] = {}
    for value in values:
        indicator = known.get(value.indicator_id)
        if indicator:
            rows = grouped.setdefault(indicator.group_zh or "其他", [])
            rows.append(_row(value, indicator, _target(value, claims)))
    drawn = "".join(
        f'<section class="panel"><header><h2>{markup.text(name)}</h2></header>'
        f'<ol class="rows">{"".join(rows)}</ol></section>'
        for name, rows in grouped.items()
    )
    return f'<div class="panels">{drawn}</div>'


def course_table(values: Sequence[Released], indicator: Indicator) -> str:
    """Draw an indicator's periods, newest first."""
    return markup.table(
        f"{indicator.name_zh} · 逐期",
        ["期间", ">数值", ">目标", ">记录数", "状态", "质量"],
        [
            [
                wording.period_name(value.period),
                markup.value_cell(value, None, indicator.unit),
                "" if value.target is None else f"{value.target:g}",
                wording.count(value.n),
                markup.status_chip(value.status),
                markup.text(value.quality or ""),
            ]
            for value in sorted(
                values, key=lambda v: (v.period_type, v.period), reverse=True
            )
        ],
    )


def complaint_table(rows: Sequence[Complaints]) -> str:
    """Draw complaints by month; what is too small to be shown says so."""
    return markup.table(
        "投诉办理（1–4 件隐去）",
        ["月份", "区域", "大类", ">应办结件数"],
        [
            [
                wording.period_name(row.month),
                markup.text(row.town_name),
                markup.text(row.class_name or "全部"),
                "件数过少" if row.complaints is None else wording.count(row.complaints),
            ]
            for row in rows
        ],
    )


def waste_table(rows: Sequence[Waste]) -> str:
    """Draw waste by month and class, in kilograms as it was weighed."""
    return markup.table(
        "垃圾收运处理",
        ["月份", "类别", "方向", ">净重（kg）"],
        [
            [
                wording.period_name(row.month),
                markup.text(row.waste_class + ("（二次）" if row.is_secondary else "")),
                markup.text(row.direction),
                wording.count(row.net_kg),
            ]
            for row in rows
        ],
    )


def grade_table(rows: Sequence[Grade]) -> str:
    """Draw contractors' frozen months."""
    return markup.table(
        "环卫服务月度考核",
        ["月份", "单位", ">得分", "等级"],
        [
            [
                wording.period_name(row.month),
                markup.text(row.contractor),
                wording.plain(row.score),
                markup.text(row.grade or ""),
            ]
            for row in rows
        ],
    )


def change_table(changes: Sequence[Change], indicators: Sequence[Indicator]) -> str:
    """Draw what was changed after it had been released, and why."""
    names = {indicator.indicator_id: indicator.name_zh for indicator in indicators}
    return markup.table(
        "更正与修订",
        ["指标", "期间", "类别", ">原公布值", ">现公布值", "原因"],
        [
            [
                markup.text(names.get(change.indicator_id, change.indicator_id)),
                wording.period_name(change.period),
                markup.tag(change.kind),
                wording.figure(change.old_value),
                wording.figure(change.new_value),
                markup.text(change.reason),
            ]
            for change in changes
        ],
    )


def _row(value: Released, indicator: Indicator, target: Target | None) -> str:
    binding = markup.tag("约束性", "binding") if indicator.nature == "约束性" else ""
    goal = f"目标 {target.words}" if target else "无目标值"
    return (
        f'<li class="row"><span class="who">'
        f'<span class="name">{markup.text(indicator.name_zh)}</span>'
        f'<span class="meta">{binding}<span>{markup.text(indicator.scope_zh)}</span>'
        f"<span>{wording.period_name(value.period)}</span></span></span>"
        f'<span class="what">{markup.value_cell(value, target, indicator.unit)}</span>'
        f'<span class="against"><span class="goal">{goal}</span></span>'
        f'<span class="state">{markup.status_chip(value.status)}</span></li>'
    )


def _target(value: Released, claims: Sequence[Claim]) -> Target | None:
    if value.target is None:
        return None
    claim = next((c for c in claims if c.claim_id == value.target_claim_id), None)
    if claim is None:
        return Target(value.target)
    return Target(value.target, claim.op, claim.value_high)
