"""Tables: the same rows a reader could ask for on paper."""

from collections.abc import Sequence
from datetime import date, timedelta

from dashboards import markup, wording
from dashboards.leaders.detail_queries import Exclusion, OwnerShare
from dashboards.leaders.queries import (
    Claim,
    Quarantined,
    Record,
    Reported,
    Run,
    SourceDay,
    Value,
)
from dashboards.leaders.readings import Reading, latest, target_of

OUTCOME_CLASSES = {
    "published": "met",
    "published_incomplete": "partial",
    "refused": "missed",
    "failed": "missed",
}


def course_table(course: Sequence[Value], reading: Reading) -> str:
    """Draw the same periods as a table."""
    return markup.table(
        "各期数值",
        ["期间", ">数值", ">目标", "状态", ">记录数", ">完整度", "阶段"],
        [
            [
                wording.period_name(value.period),
                _value_words(value, reading),
                wording.plain(value.target),
                markup.status_chip(value.status),
                wording.count(value.n),
                wording.share(value.completeness),
                markup.text(value.stage),
            ]
            for value in reversed(course)
        ],
    )


def town_table(
    towns: Sequence[Value],
    reading: Reading,
    claims: Sequence[Claim],
    names: dict[str, str],
) -> str:
    """Draw an indicator by town, worst first, each town opening its own view."""
    unit = reading.indicator.unit
    rows = []
    for town in towns:
        address = markup.link(
            "indicator",
            indicator=town.indicator_id,
            period=town.period,
            area=town.area_code,
        )
        name = markup.text(names.get(town.area_code, town.area_code))
        shown = wording.figure(town.value, target_of(town, claims), unit)
        rows.append(
            [
                f'<a href="{address}">{name}</a>',
                markup.bar(town.value, shown) if unit == "%" else shown,
                wording.count(town.n),
                markup.status_chip(town.status) + _why(town),
            ]
        )
    return markup.table("分乡镇", ["乡镇", f"数值（{unit}）", ">记录数", "状态"], rows)


def town_tiles(
    towns: Sequence[Value],
    reading: Reading,
    claims: Sequence[Claim],
    names: dict[str, str],
) -> str:
    """Draw an indicator's towns as tiles in the order of their codes."""
    unit = reading.indicator.unit
    drawn = [
        (
            names.get(town.area_code, town.area_code),
            wording.figure(town.value, target_of(town, claims), unit),
            town.status,
            markup.link(
                "indicator",
                indicator=town.indicator_id,
                period=town.period,
                area=town.area_code,
            ),
        )
        for town in sorted(towns, key=lambda town: town.area_code)
    ]
    return markup.tiles(drawn, f"{reading.indicator.name_zh} 分乡镇示意图")


def owner_table(shares: Sequence[OwnerShare], unit: str) -> str:
    """Draw an indicator by contractor and by department, the lowest first."""
    return markup.table(
        "按承包商和部门",
        ["类别", "单位", f"数值（{unit}）", ">记录数", ">剔除"],
        [
            [
                markup.text(share.owner_kind),
                markup.text(share.owner_name),
                markup.bar(share.value, wording.figure(share.value, None, unit))
                if unit == "%"
                else wording.figure(share.value, None, unit),
                wording.count(share.n),
                wording.count(share.excluded),
            ]
            for share in shares
        ],
        kind="tall",
    )


def exclusion_table(exclusions: Sequence[Exclusion]) -> str:
    """Draw what was left out and why."""
    if not exclusions:
        return '<p class="quiet">这一期没有剔除记录。</p>'
    return markup.table(
        "剔除原因",
        ["原因", ">记录数"],
        [
            [markup.text(wording.reason(one.reason)), wording.count(one.records)]
            for one in exclusions
        ],
    )


def ledger_table(reported: Sequence[Reported], reading: Reading) -> str:
    """Draw what was reported for a period, edition by edition."""
    if not reported:
        return '<p class="quiet">这一期还没有上报记录。</p>'
    return markup.table(
        "历次上报",
        [">版次", "阶段", ">数值", "数据截至", "原因"],
        [
            [
                str(said.edition),
                markup.tag(said.stage),
                wording.figure(said.value, reading.target, reading.indicator.unit),
                wording.short_day(said.as_of),
                f"{markup.text(said.reason)}"
                f'<span class="under">{_recorded_under(said)}</span>',
            ]
            for said in reported
        ],
        kind="tall",
    )


def record_table(records: Sequence[Record]) -> str:
    """Draw one page of records."""
    return markup.table(
        "记录",
        ["计入", "记录类型", "记录编号", ">计入数量", "说明"],
        [
            [
                markup.text(wording.ROLES.get(record.role, record.role)),
                markup.text(
                    wording.RECORD_TYPES.get(record.record_type, record.record_type)
                ),
                f"<code>{markup.text(record.record_key)}</code>",
                wording.plain(record.amount),
                markup.text(wording.reason(record.reason)),
            ]
            for record in records
        ],
    )


def source_table(days: Sequence[SourceDay], as_of: date, shown: int) -> str:
    """Draw each source's last business date and last days, troubled ones first."""
    dates = [as_of - timedelta(days=back) for back in reversed(range(shown))]
    seen = {(day.source, day.business_date): day.status for day in days}
    rows = []
    for last in latest(days):
        rows.append(
            [
                markup.text(wording.source(last.source)),
                markup.health_chip(last.status),
                wording.short_day(last.business_date),
                wording.count(last.expected),
                wording.count(last.received),
                wording.count(last.accepted),
                wording.count(last.quarantined),
                wording.count(last.superseded),
                wording.count(last.ignored),
                wording.minute(last.loaded_at),
                markup.day_strip(
                    [
                        (wording.short_day(date), seen.get((last.source, date)))
                        for date in dates
                    ]
                ),
            ]
        )
    headings = [
        "来源", "状态", "业务日", ">预计", ">收到", ">采用", ">隔离", ">被替代",
        ">不是记录", "载入时间", f"近 {shown} 天",
    ]  # fmt: skip
    return markup.table("数据源", headings, rows)


def quarantine_table(rows: Sequence[Quarantined]) -> str:
    """Draw what was turned away, by rule, and what came back."""
    if not rows:
        return '<p class="quiet">没有隔离的记录。</p>'
    return markup.table(
        "隔离的记录",
        ["月份", "来源", "规则", "含义", ">隔离", ">待处理", ">已重报"],
        [
            [
                wording.period_name(row.month),
                markup.text(wording.source(row.source)),
                f"<code>{markup.text(row.rule)}</code>",
                markup.text(wording.RULES.get(row.rule)),
                wording.count(row.rows_quarantined),
                wording.count(row.open),
                wording.count(row.resubmitted),
            ]
            for row in rows
        ],
        kind="tall",
    )


def run_table(runs: Sequence[Run]) -> str:
    """Draw the last nights."""
    return markup.table(
        "夜间运行",
        [
            "数据日",
            "结果",
            "质量闸门",
            "开始",
            "结束",
            ">收到",
            ">采用",
            ">隔离",
            ">被替代",
            ">不是记录",
            "版本",
        ],
        [
            [
                wording.day(run.as_of),
                markup.chip(
                    wording.OUTCOMES.get(run.outcome, run.outcome),
                    OUTCOME_CLASSES.get(run.outcome, "none"),
                ),
                _gate_words(run),
                wording.minute(run.started_at),
                wording.minute(run.finished_at),
                wording.count(run.rows_in),
                wording.count(run.rows_accepted),
                wording.count(run.rows_quarantined),
                wording.count(run.rows_superseded),
                wording.count(run.rows_ignored),
                markup.text(run.code_version),
            ]
            for run in runs
        ],
        kind="tall",
    )


def _gate_words(run: Run) -> str:
    if run.checks is None:
        return '<span class="under">没有检验记录</span>'
    said = [f"停止 {run.failures}"] if run.failures else []
    said += [f"警告 {run.warnings}"] if run.warnings else []
    return f"{run.checks} 项：{'，'.join(said) or '全部通过'}"


def _recorded_under(said: Reported) -> str:
    return (
        f"{wording.minute(said.recorded_at)} 记入 · 目标 {wording.plain(said.target)}"
        f" · 口径 {markup.text(said.formula_version)}"
    )


def _value_words(value: Value, reading: Reading) -> str:
    if value.value is None:
        return markup.text(wording.why_missing(value.null_reason))
    return wording.figure(value.value, reading.target, reading.indicator.unit)


def _why(value: Value) -> str:
    why = wording.why_missing(value.null_reason)
    return f' <span class="under">{markup.text(why)}</span>' if why else ""
