"""Sector sheets: waste, lamps, toilets and projects as tables and pictures."""

from collections.abc import Mapping, Sequence

from dashboards import drawing, markup, wording
from dashboards.drawing import Stream
from dashboards.leaders.sector_queries import (
    Balance,
    DarkLamp,
    FacilityUse,
    Flow,
    LampMonth,
    Outage,
    Project,
    Repair,
    Toilet,
)

FACILITY, TRANSFER = "设施", "转运"
USE_CLASSES = {"未超": "met", "超负荷": "missed", "有争议": "disputed"}
PROJECT_CLASSES = {
    "已完成": "met",
    "推进中": "described",
    "未报告": "none",
    "滞后": "missed",
}


def tonnes(kilograms: float | None) -> str:
    """Write kilograms as tonnes, the unit of the plan, to the kilogram."""
    if kilograms is None:
        return wording.NOTHING
    return f"{kilograms / 1000:,.3f}"


def flow_picture(flows: Sequence[Flow], month: str) -> str:
    """Draw waste from where it arose through stations to where it ends."""
    transfer = {flow.facility_id for flow in flows if _is_transfer(flow)}
    streams = []
    for flow in flows:
        is_handed_on = flow.origin_type == FACILITY
        if is_handed_on and flow.origin_code not in transfer:
            continue
        column = 1 if flow.facility_id in transfer else 2
        start = 1 if is_handed_on else 0
        if start < column and flow.net_kg:
            name = flow.origin_name or flow.origin_type
            streams.append(Stream(name, flow.facility_name, start, column, flow.net_kg))
    if not streams:
        return ""
    said = f"{wording.period_name(month)}垃圾流向图，数字见下表"
    return markup.scrolling("垃圾流向图", drawing.flow_picture(streams, said))


def flow_table(flows: Sequence[Flow]) -> str:
    """Draw every flow as a line, the heaviest first."""
    return markup.table(
        "垃圾流向",
        ["来源", "去向", "设施类型", "垃圾类别", ">净重（吨）", ">磅单（张）"],
        [
            [
                f"{markup.text(flow.origin_name or flow.origin_type)} "
                f'<span class="under">{markup.text(flow.origin_type)}</span>',
                markup.text(flow.facility_name),
                markup.text(flow.facility_kind),
                markup.text(flow.waste_class),
                tonnes(flow.net_kg),
                wording.count(flow.tickets),
            ]
            for flow in flows
        ],
        kind="tall",
    )


def balance_table(balances: Sequence[Balance], names: Mapping[str, str]) -> str:
    """Draw what went in and came out of each facility, the widest gap first."""
    return markup.table(
        "进出平衡",
        ["设施", ">进（吨）", ">出（吨）", ">处理（吨）", ">差额（吨）", ">差额率（%）",
         ">磅单（张）", ">疑似重复（张）", ">手工录入（%）"],
        [
            [
                markup.text(names.get(one.facility_id, one.facility_id)),
                tonnes(one.in_kg),
                tonnes(one.out_kg),
                tonnes(one.treated_kg),
                tonnes(one.gap_kg),
                wording.figure(one.gap_pct),
                wording.count(one.tickets),
                wording.count(one.probable_duplicates),
                wording.figure(one.manual_share_pct),
            ]
            for one in balances
        ],
    )  # fmt: skip


def use_table(uses: Sequence[FacilityUse]) -> str:
    """Draw how much of its capacity each facility used."""
    return markup.table(
        "设施负荷",
        ["设施", "类型", ">日均（吨）", ">最高日（吨）", "最高日", ">能力（吨/日）",
         ">负荷（%）", "状态"],
        [
            [
                markup.text(one.facility_name),
                markup.text(one.facility_kind),
                wording.figure(one.tonnes_per_day),
                wording.figure(one.peak_tonnes),
                wording.short_day(one.peak_date),
                _range(one.capacity_low, one.capacity_high),
                _range(one.use_low_pct, one.use_high_pct),
                markup.chip(one.status, USE_CLASSES.get(one.status, "none")),
            ]
            for one in uses
        ],
    )  # fmt: skip


def lamp_table(months: Sequence[LampMonth], by: str) -> str:
    """Draw lit shares by class of road or by town."""
    return markup.table(
        f"亮灯率按{by}",
        [
            by,
            "亮灯率（%）",
            ">亮",
            ">不亮",
            ">未知",
            ">计划停",
        ],
        [
            [
                markup.text(
                    one.road_class
                    if by == "道路等级"
                    else f"{one.area_name} · {one.road_class}"
                ),
                markup.bar(one.lit_pct, wording.figure(one.lit_pct)),
                wording.count(one.lit),
                wording.count(one.unlit),
                wording.count(one.unknown),
                wording.count(one.planned),
            ]
            for one in months
        ],
        kind="tall",
    )


def dark_table(lamps: Sequence[DarkLamp]) -> str:
    """Draw the lamps that are dark, the longest first."""
    return markup.table(
        "连续不亮的灯",
        ["灯", "乡镇", "回路", "道路等级", "自", ">已不亮（夜）"],
        [
            [
                f"<code>{markup.text(lamp.lamp_id)}</code>",
                markup.text(lamp.town_name),
                markup.text(lamp.circuit_id),
                markup.text(lamp.road_class),
                wording.short_day(lamp.dark_since),
                wording.count(lamp.nights),
            ]
            for lamp in lamps
        ],
        kind="tall",
    )


def outage_table(outages: Sequence[Outage]) -> str:
    """Draw planned outages with the lamps on their circuit."""
    return markup.table(
        "计划停电",
        ["停电", "回路", "开始", "结束", ">灯（盏）"],
        [
            [
                f"<code>{markup.text(one.outage_id)}</code>",
                markup.text(one.circuit_id),
                wording.minute(one.starts_at),
                wording.minute(one.ends_at),
                wording.count(one.lamp_count),
            ]
            for one in outages
        ],
        kind="tall",
    )


def repair_table(repairs: Sequence[Repair]) -> str:
    """Draw repairs by grade."""
    return markup.table(
        "维修",
        ["月份", "等级", ">故障（处）", ">按时 / 应修（处）", ">按时率（%）",
         ">中位用时（小时）", ">逾期未修（处）"],
        [
            [
                wording.period_name(one.month),
                markup.text(one.grade),
                wording.count(one.faults),
                f"{wording.count(one.on_time)} / {wording.count(one.due)}",
                wording.figure(one.on_time_rate),
                wording.figure(one.median_hours),
                wording.count(one.open_overdue),
            ]
            for one in repairs
        ],
        kind="tall",
    )  # fmt: skip


def toilet_table(toilets: Sequence[Toilet], towns: Mapping[str, str]) -> str:
    """Draw toilets and their stars, the fewest first."""
    return markup.table(
        "公厕星级",
        ["公厕", "乡镇", "类别", ">得分", "本月星级", ">季度得分", "季度星级"],
        [
            [
                f"{markup.text(one.toilet_name or one.toilet_id)} "
                f'<span class="under">{markup.text(one.toilet_id)}</span>',
                markup.text(towns.get(one.town_code or "", one.town_code)),
                markup.text(one.toilet_class),
                wording.figure(one.score, unit="分"),
                _stars(one.stars, vetoed=bool(one.vetoed)),
                wording.figure(one.quarter_score, unit="分"),
                _stars(one.quarter_stars, vetoed=bool(one.quarter_vetoed)),
            ]
            for one in toilets
        ],
    )


def project_list(projects: Sequence[Project]) -> str:
    """Draw each project with the plan's words for it and what contradicts them."""
    drawn = []
    for one in projects:
        done = _progress(one)
        claims = (
            f'<p class="quiet"><b>规划的不同说法</b> {markup.text(one.claims_text)}</p>'
            if one.claims_text
            else ""
        )
        note = f'<p class="quiet">{markup.text(one.note)}</p>' if one.note else ""
        evidence = (
            f"证据日期 {wording.day(one.evidence_date)}"
            if one.evidence_date
            else "没有报告"
        )
        drawn.append(
            f'<section class="panel project"><header><h2>'
            f"{markup.text(one.project_name)}</h2>"
            f"{markup.chip(one.status, PROJECT_CLASSES.get(one.status, 'none'))}"
            f'</header><div class="inset"><p>{done}</p>'
            f'<p class="quiet">{evidence}</p><blockquote>{markup.text(one.quote)}'
            f"<cite> {markup.text(one.location)}</cite></blockquote>{note}{claims}"
            f"</div></section>"
        )
    return f'<div class="panels">{"".join(drawn)}</div>'


def _progress(one: Project) -> str:
    unit = markup.text(one.unit)
    if one.target_quantity is None:
        return "没有可以比较的目标数"
    goal = f"{wording.plain(one.target_quantity)} {unit}"
    if one.done_quantity is None:
        return f"目标 {goal}"
    done = f"完成 {wording.plain(one.done_quantity)} / {goal}"
    return f"{markup.bar(one.done_pct, f'{wording.figure(one.done_pct)}%')} {done}"


def _is_transfer(flow: Flow) -> bool:
    return TRANSFER in flow.facility_kind


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return wording.NOTHING
    if low == high:
        return wording.figure(low)
    return f"{wording.figure(low)}–{wording.figure(high)}"


def _stars(stars: int | None, *, vetoed: bool = False) -> str:
    if vetoed:
        return markup.chip("一票否决", "missed")
    if stars is None:
        return wording.NOTHING
    return (
        f'<span class="stars" aria-hidden="true">{"★" * stars}{"☆" * (5 - stars)}'
        f"</span> {stars} 星"
    )
