"""Components: what the leaders' pages are made of."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import access, detail_queries, exports, queries, tables
from dashboards.leaders.detail_queries import Change, Item
from dashboards.leaders.quality_queries import SourceState
from dashboards.leaders.queries import Claim, Indicator, Run, Value
from dashboards.leaders.readings import (
    NEVER_CAME,
    NORMAL,
    Group,
    Reading,
    groups,
    read,
    variants,
)
from dashboards.published import Edition

UNJUDGED = {"无数据", "数据不完整"}
NAMED_AT_MOST = 4
# Reference tables change rarely: this far back every source has had a day.
HEALTH_DAYS = 400
# Of each kind of problem; the rest unfolds.
ITEMS_SHOWN = 3


def as_of_line(values: Sequence[Value], as_of: date, night: Run | None) -> str:
    """Say up to when the numbers know, when they were published and their stage."""
    parts = [f"数据截至 <b>{wording.day(as_of)} 24:00</b>"]
    if night and night.finished_at:
        parts.append(f"发布于 {wording.minute(night.finished_at)}")
    stages = dict.fromkeys(value.stage for value in values)
    parts.append("、".join(f"<b>{markup.text(stage)}</b>" for stage in stages))
    return f'<p class="asof">{" · ".join(part for part in parts if part)}</p>'


def publication(runs: Sequence[Run], as_of: date) -> Run | None:
    """Find the night that published these numbers."""
    return next(
        (
            run
            for run in runs
            if run.as_of == as_of and run.outcome.startswith("published")
        ),
        None,
    )


def stale_notice(as_of: date, yesterday: date) -> str:
    """Say plainly that the last nights are not in these numbers."""
    days = (yesterday - as_of).days
    if days <= 0:
        return ""
    return markup.notice(
        "stale",
        f"这不是昨天的结果：数据停在{wording.day(as_of)}，已落后 {days} 天",
        "之后没有新的夜间结果发布，下面是最近一次发布的数字。",
    )


def target_cell(reading: Reading) -> str:
    """Draw a target and the distance to it, or the last value there was."""
    target, value = reading.target, reading.value
    goal = f"目标 {target.words}" if target else "无目标值"
    under = wording.distance(value.value, target)
    if value.value is None and reading.last_known:
        known = reading.last_known
        shown = wording.figure(known.value, target, reading.indicator.unit)
        under = f"{wording.short_period(known.period)} {shown}"
    return f'<span class="goal">{goal}</span><span class="under">{under}</span>'


def panels(
    readings: Sequence[Reading], area: str, changes: Sequence[Change] = ()
) -> str:
    """Draw every heading of the plan; a variant stands beside what it varies."""
    moved = {(change.indicator_id, change.period): change for change in changes}
    beside = variants(readings)
    known = {reading.indicator.indicator_id for reading in readings}
    alone = [reading for reading in readings if reading.base_id not in known]
    stages = {reading.value.stage for reading in readings if reading.is_in_plan_table}
    # A stage that all share stands at the top of the page.
    told = stages if len(stages) == 1 else set()
    rows = {
        reading.indicator.indicator_id: reading_row(
            reading,
            beside.get(reading.indicator.indicator_id, []),
            area,
            told,
            moved.get((reading.indicator.indicator_id, reading.value.period)),
        )
        for reading in alone
    }
    drawn = "".join(group_panel(group, rows) for group in groups(alone))
    return f'<div class="panels">{drawn}</div>'


def group_panel(group: Group, rows: Mapping[str, str]) -> str:
    """Draw one heading with a line for each of its indicators."""
    judged = [reading for reading in group.readings if reading.target]
    met = sum(reading.value.status == "达标" for reading in judged)
    tally = f"达标 {met} / {len(judged)}" if judged else ""
    drawn = "".join(rows[reading.indicator.indicator_id] for reading in group.readings)
    return (
        f'<section class="panel"><header><h2>{markup.text(group.name)}</h2>'
        f'<span class="tally">{tally}</span></header>'
        f'<ol class="rows">{drawn}</ol></section>'
    )


def reading_row(
    reading: Reading,
    beside: Sequence[Reading],
    area: str,
    told: Container[str],
    change: Change | None = None,
) -> str:
    """Draw one indicator as a line that opens its own page."""
    value, indicator = reading.value, reading.indicator
    urgent = "urgent" if reading.is_missed and reading.is_binding else ""
    return (
        f'<li><a class="row {urgent}" href="{_address(reading, area)}">'
        f'<span class="who"><span class="name">{markup.text(indicator.name_zh)}</span>'
        f'<span class="meta">{_meta(reading, beside, told)}'
        f"{moved_mark(change, indicator)}</span></span>"
        f'<span class="what">{_value(reading)}</span>'
        f'<span class="against">{target_cell(reading)}</span>'
        f'<span class="state">{markup.status_chip(value.status)}</span>'
        f"{course(reading)}</a></li>"
    )


def moved_mark(change: Change | None, indicator: Indicator) -> str:
    """Say in an arrow and a number how a value moved since the period before."""
    if change is None or change.period_change is None or not change.earlier_period:
        return ""
    by = wording.moved(change.period_change, indicator.unit)
    since = wording.short_period(change.earlier_period)
    return f'<span class="moved">较{since} {by}</span>'


def night_line(changes: Sequence[Change], readings: Sequence[Reading]) -> str:
    """Say what moved since the night before, the changed judgements first."""
    shown = {r.indicator.indicator_id: r for r in readings}
    moved = [
        (change, shown[change.indicator_id])
        for change in changes
        if change.indicator_id in shown
        and change.period == shown[change.indicator_id].value.period
        and change.night_change
    ]
    if not moved:
        return '<p class="line"><b>较上一夜</b>没有变化</p>'
    moved.sort(key=lambda pair: -abs(pair[0].night_change or 0))
    named = "、".join(
        f"{markup.text(reading.indicator.name_zh)} "
        f"{wording.moved(change.night_change, reading.indicator.unit)}"
        for change, reading in moved[:NAMED_AT_MOST]
    )
    since = max(change.shown_as_of for change, _ in moved if change.shown_as_of)
    more = f" 等 {len(moved)} 项" if len(moved) > NAMED_AT_MOST else ""
    shown_on = f"较上一夜（{wording.short_day(since)}所示）"
    return f'<p class="line"><b>{shown_on}</b>{named}{more}</p>'


PAGE_OF_KIND = {
    "overdue_cases": "departments",
    "overdue_supervision": "departments",
    "dark_lamps": "lamps",
    "overdue_repairs": "lamps",
    "facility_over_capacity": "waste",
    "missing_feed": "health",
    "failing_indicator": "indicator",
}


# What a page calls the subject of an item in its address.
SUBJECTS = {"indicator": "indicator", "departments": "dept"}


def attention_panel(items: Sequence[Item]) -> str:
    """Draw what needs attention today, each with its owner and since when."""
    if not items:
        body = (
            '<p class="quiet" style="padding:.6rem .9rem">今天没有需要关注的事项。</p>'
        )
    else:
        kinds = dict.fromkeys(item.kind for item in items)
        body = "".join(
            _items_of_a_kind([item for item in items if item.kind == kind])
            for kind in kinds
        )
    return (
        '<section class="panel" id="attention"><header><h2>今日关注</h2>'
        f'<span class="tally">{len(items)} 项</span></header>{body}</section>'
    )


def _items_of_a_kind(items: Sequence[Item]) -> str:
    """Draw the gravest of a kind; the rest is a click away, a red one never."""
    open_ = max(ITEMS_SHOWN, sum(item.severity == "红" for item in items))
    first, rest = items[:open_], items[open_:]
    drawn = f'<ol class="brieflist">{"".join(map(_item_line, first))}</ol>'
    if not rest:
        return drawn
    together = wording.count(sum(item.quantity for item in rest))
    return (
        f'{drawn}<details class="more"><summary>{markup.text(first[0].kind_name)}：'
        f"其余 {len(rest)} 项，共 {together} {markup.text(first[0].unit)}</summary>"
        f'<ol class="brieflist">{"".join(map(_item_line, rest))}</ol></details>'
    )


def _item_line(item: Item) -> str:
    page = PAGE_OF_KIND.get(item.kind, "overview")
    subject = SUBJECTS.get(page)
    name = markup.text(item.kind_name)
    if access.current().may_open(page):
        code = {subject: item.subject_code} if subject else {}
        name = f'<a href="{markup.link(page, **code)}">{name}</a>'
    kind = "missed" if item.severity == "红" else "disputed"
    since = f"自{_day_of(item)}起" if item.first_day else ""
    return (
        f"<li>{markup.chip(item.severity, kind)}"
        f"<span>{name} {markup.text(item.subject_name)}"
        f'<span class="under"> {since} {markup.text(item.detail)}</span></span>'
        f"<b>{wording.count(item.quantity)} {markup.text(item.unit)}</b></li>"
    )


def _day_of(item: Item) -> str:
    """Write an item's first day, with its year unless that is tonight's."""
    first = item.first_day
    if first and (first + timedelta(days=item.age_days or 0)).year != first.year:
        return wording.day(first)
    return wording.short_day(first)


def course(reading: Reading) -> str:
    """Draw the periods up to the one read."""
    values = [value.value for value in reading.course]
    first, last = reading.course[0], reading.course[-1]
    unit = reading.indicator.unit
    said = (
        f"走势：{wording.period_name(first.period)} "
        f"{wording.figure(first.value, unit=unit)}，{wording.period_name(last.period)} "
        f"{wording.figure(last.value, reading.target, unit)}"
    )
    return markup.sparkline(values, reading.target, reading.value.status, said)


def brief(
    readings: Sequence[Reading],
    area: str,
    states: Sequence[SourceState],
    changes: Sequence[Change] = (),
    items: Sequence[Item] = (),
) -> str:
    """Say what a leader asks first: what is wrong, and whether to believe it."""
    told = (
        f'<p class="line"><b>今日关注</b><a href="#attention">{len(items)} 项</a></p>'
        if items
        else ""
    )
    return (
        f'<div class="brief">{tallies(readings)}{health_line(states)}{told}'
        f"{attention_line(readings, area)}{night_line(changes, readings)}</div>"
    )


def tallies(readings: Sequence[Reading]) -> str:
    """Draw how many indicators stand where."""
    counts = {
        status: sum(reading.value.status == status for reading in readings)
        for status in markup.STATUS_CLASSES
    }
    chips = "".join(
        markup.chip(f"{status} {number}", markup.STATUS_CLASSES[status])
        for status, number in counts.items()
        if number
    )
    return f'<div class="tallies" aria-label="各状态指标数">{chips}</div>'


def attention_line(readings: Sequence[Reading], area: str) -> str:
    """Name the binding targets that are missed."""
    missed = [reading for reading in readings if reading.is_missed]
    binding = [reading for reading in missed if reading.is_binding]
    if not binding:
        return f'<p class="line">{_no_binding_missed(readings)}</p>'
    named = "、".join(
        f'<a href="{_address(reading, area)}">{markup.text(reading.indicator.name_zh)}'
        f"</a> {wording.figure(reading.value.value, reading.target)}"
        f"{markup.text(reading.indicator.unit)}"
        for reading in binding[:NAMED_AT_MOST]
    )
    more = " 等" if len(binding) > NAMED_AT_MOST else ""
    return (
        f'<p class="line line-bad"><b>约束性指标未达标 {len(binding)} 项</b>'
        f"{named}{more}</p>"
    )


def _no_binding_missed(readings: Sequence[Reading]) -> str:
    unknown = [
        reading
        for reading in readings
        if reading.is_binding and reading.value.status in UNJUDGED
    ]
    if unknown:
        return f"约束性指标没有未达标，但有 {len(unknown)} 项无数据或数据不完整"
    return "约束性指标没有未达标"


def health_line(states: Sequence[SourceState]) -> str:
    """Say in one line which sources do not come as they should, or never came."""
    never = [one for one in states if one.status == NEVER_CAME]
    troubled = [one for one in states if one.status not in (NORMAL, NEVER_CAME)]
    fine = len(states) - len(never) - len(troubled)
    said = "、".join(
        f"{markup.text(wording.source(one.source))}<b>{markup.text(one.status)}</b>"
        f"（{wording.short_day(one.business_date)}）"
        for one in troubled
    )
    if never:
        named = "、".join(markup.text(wording.source(one.source)) for one in never)
        said += f"{'；' if said else ''}<b>从未到数</b> {len(never)} 个（{named}）"
    if not states:
        said = "没有数据源记录"
    elif fine == len(states):
        said = f"{fine} 个数据源全部正常"
    elif fine:
        said += f"；其余 {fine} 个数据源正常"
    troubled += never
    kind = "line-good" if states and not troubled else "line-warn"
    more = ' <a href="health">详情</a>' if access.current().may_open("health") else ""
    return f'<p class="line {kind}"><b>数据</b>{said}{more}</p>'


def headline(reading: Reading, area_name: str) -> str:
    """Draw one indicator's standing, large."""
    value, indicator = reading.value, reading.indicator
    marks = [markup.tag("约束性", "binding")] if reading.is_binding else []
    marks.extend(
        markup.tag(word)
        for word in (indicator.nature, indicator.group_zh)
        if word and word != "约束性"
    )
    said = [
        ("期间", wording.period_name(value.period)),
        ("范围", markup.text(area_name)),
        ("剔除", wording.count(value.excluded)),
        ("完整度", wording.share(value.completeness)),
        ("阶段", markup.text(value.stage)),
        ("数据截至", wording.short_day(value.as_of)),
    ]
    small = "".join(
        f"<div><dt>{name}</dt><dd>{shown}</dd></div>" for name, shown in said
    )
    return (
        f'<section class="panel headline"><div class="title">'
        f"<h1>{markup.text(indicator.name_zh)}</h1>"
        f'<p class="meta"><span>{markup.text(indicator.indicator_id)}</span>'
        f"{''.join(marks)}</p></div>"
        f'<div class="standing"><span class="what">'
        f"{_value(reading)}</span>"
        f'<span class="against">{target_cell(reading)}</span>'
        f"{markup.status_chip(value.status)}</div>"
        f'<dl class="small">{small}</dl></section>'
    )


def reading_cards(
    edition: Edition, codes: Sequence[str], period: str, area: str = queries.COUNTY
) -> str:
    """Draw some indicators of a period as cards that open their own pages."""
    shown = read(
        [one for one in queries.indicators(edition) if one.indicator_id in codes],
        queries.claims(edition),
        queries.area_values(edition, area),
        period,
    )
    return markup.cards([_reading_card(reading, area) for reading in shown])


def _reading_card(reading: Reading, area: str) -> str:
    value, unit = reading.value, reading.indicator.unit
    goal = f"目标 {reading.target.words}" if reading.target else "无目标值"
    missing = wording.why_missing(value.null_reason)
    n = f"n={wording.count(value.n)}" if value.n else missing
    return (
        f'<a class="card {"bad" if reading.is_missed else ""}" '
        f'href="{_address(reading, area)}">'
        f'<span class="card-name">{markup.text(reading.indicator.name_zh)}</span>'
        f'<span class="card-value">'
        f"{markup.amount(wording.figure(value.value, reading.target, unit), unit)}"
        f"</span>{markup.status_chip(value.status)}"
        f'<span class="card-under">{goal} · {wording.period_name(value.period)}'
        f" · {markup.text(n)}</span></a>"
    )


VERDICT_CLASSES = {
    "预计达标": "met",
    "预计不达标": "missed",
    "已无法达到": "missed",
    "尚不确定": "disputed",
}


def projection_cards(seen: detail_queries.Projection) -> str:
    """Draw where an indicator is heading, as a range and a verdict."""
    unit = seen.unit
    low, high = (wording.figure(limit, unit=unit) for limit in (seen.low, seen.high))
    pairs = [
        ("判断", markup.chip(seen.verdict, VERDICT_CLASSES.get(seen.verdict, "none"))),
        ("至今", f"{wording.figure(seen.to_date, unit=unit)} {markup.text(unit)}"),
        ("预计", f"{wording.figure(seen.projected, unit=unit)} {markup.text(unit)}"),
        ("区间", f"{low} – {high}"),
        ("怎么算", markup.text(seen.note_zh)),
    ]
    return markup.facts([(name, said) for name, said in pairs if said])


def kind_name(value: Value) -> str:
    """Name the kind of period that a course is made of."""
    return {"M": "按月", "Q": "按季度", "Y": "按年"}[value.period_type]


def definition(indicator: Indicator) -> str:
    """Draw what an indicator counts, by which formula, from which sources."""
    sources = indicator.source_systems
    named = "、".join(sources) if isinstance(sources, list) else sources
    pairs = [
        ("公式", indicator.formula_zh),
        ("范围", indicator.scope_zh),
        ("单位", indicator.unit),
        ("数据来源", named),
        ("责任单位", indicator.owner_zh),
        ("口径版本", indicator.formula_version),
        ("说明", indicator.method_note_zh),
    ]
    return markup.facts([(name, markup.text(said)) for name, said in pairs if said])


def claim_list(claims: Sequence[Claim]) -> str:
    """Draw each target with the words of the document it comes from."""
    if not claims:
        return '<p class="quiet">规划没有为这个指标写明目标值。</p>'
    return "".join(
        f'<figure class="claim"><figcaption><b>'
        f"{claim.target.words}</b>"
        f"{markup.tag(wording.CLAIM_STATES.get(claim.status, claim.status))}"
        f"<span>{claim.year or ''}年 {markup.text(claim.nature)}</span></figcaption>"
        f"<blockquote>{markup.text(claim.quote)}</blockquote>"
        f"<cite>{markup.text(claim.document)} {markup.text(claim.location)}</cite>"
        "</figure>"
        for claim in claims
    )


RECORDS_HIDDEN = "逐条记录只对领导和操作员开放"


def record_pages(edition: Edition, value: Value) -> None:
    """Let the reader leaf through the records behind a value."""
    if not access.current().sees_all:
        shell.show(
            f'<h2>记录</h2><p class="quiet">{RECORDS_HIDDEN}：计入分母 '
            f"{wording.count(value.n)} 条，"
            f"剔除 {wording.count(value.excluded)} 条。</p>"
        )
        return
    role_names = {"": "全部"} | wording.ROLES
    heading, choice = st.columns([3, 1], vertical_alignment="bottom")
    with choice:
        role = shell.pick("计入", "role", list(role_names), "", role_names.__getitem__)
    page = shell.page_number()
    found = queries.records(edition, value, role or None, page)
    if page > 1 and not found:
        # An address from before the list became shorter, or one that was made up.
        page = 1
        found = queries.records(edition, value, role or None, page)
    access.note_view(
        indicator=value.indicator_id,
        period=value.period,
        area=value.area_code,
        counted=role,
        page=page,
    )
    with heading:
        shell.show(
            f'<h2>记录</h2><p class="quiet">计入分母 {wording.count(value.n)} 条，'
            f"剔除 {wording.count(value.excluded)} 条</p>"
        )
    if not found:
        shell.show('<p class="quiet">这一期没有逐条记录。</p>')
        return
    shell.show(tables.record_table(found[: queries.PAGE_SIZE]))
    shell.leaf(page, has_next=len(found) > queries.PAGE_SIZE)
    exports.offer(
        f"{value.indicator_id}_{value.period}_{value.area_code}",
        f"{value.indicator_id} 记录",
        [
            f"{wording.period_name(value.period)} · 数据截至 {wording.day(value.as_of)}"
            f" · {value.stage} · 最多 {detail_queries.EXPORT_LIMIT:,} 条",
        ],
        ["计入", "记录类型", "记录编号", "计入数量", "说明"],
        lambda: [
            [
                wording.ROLES.get(record.role, record.role),
                wording.RECORD_TYPES.get(record.record_type, record.record_type),
                record.record_key,
                record.amount,
                wording.reason(record.reason),
            ]
            for record in detail_queries.all_records(
                edition, value.indicator_id, value.period, value.area_code, role or None
            )
        ],
    )


def _meta(reading: Reading, beside: Sequence[Reading], told: Container[str]) -> str:
    value = reading.value
    parts = [markup.tag("约束性", "binding")] if reading.is_binding else []
    parts.append(markup.text(reading.indicator.indicator_id))
    if value.period_type != "M":
        parts.append(wording.period_name(value.period))
    if value.stage not in told:
        parts.append(markup.text(value.stage))
    if value.completeness is not None and value.completeness < 1:
        parts.append(f"完整 {wording.share(value.completeness)}")
    parts.append(markup.text(wording.reason(value.note)))
    parts.extend(
        f"{markup.text(_variant_name(variant, reading))} "
        f"{wording.figure(variant.value.value, unit=variant.indicator.unit)}"
        for variant in beside
    )
    return "".join(f"<span>{part}</span>" for part in parts if part)


def _value(reading: Reading) -> str:
    return markup.value_cell(reading.value, reading.target, reading.indicator.unit)


def _variant_name(variant: Reading, base: Reading) -> str:
    name = variant.indicator.name_zh.removeprefix(base.indicator.name_zh)
    return name.strip("（）()· ") or variant.indicator.indicator_id


def _address(reading: Reading, area: str) -> str:
    return markup.link(
        "indicator",
        indicator=reading.indicator.indicator_id,
        period=reading.value.period,
        area=area,
    )
