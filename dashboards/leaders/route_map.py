"""Route map: a contractor's road segments as bars, by town and community.

A sketch and no map: the register of roads gives names and lengths, not places. A bar is
as long as its segment; how much of the required sweeping was done is written on it and
told by a pattern, never by colour alone. Each bar is a link to its segment's figures.
"""

from collections.abc import Sequence
from itertools import groupby

from dashboards import markup, wording
from dashboards.leaders.contractor_queries import Segment

# From how many percent of the required passes on, and how the legend calls it.
BANDS = ((100.0, "full", "100%"), (90.0, "most", "90%以上"), (70.0, "some", "70%–90%"))
LEAST, UNKNOWN = ("few", "不到70%"), ("none", "没有应作业遍数")
METRES_OF_UNKNOWN = 100.0


def drawing(segments: Sequence[Segment], month: str, code: str, chosen: str) -> str:
    """Draw every segment of the month under its community."""
    in_place = sorted(segments, key=_place)
    longest = max((_length(road) for _, road in groupby(in_place, _road)), default=0.0)
    areas = "".join(
        f'<section class="area"><h3>{markup.text(name)}</h3>'
        f"<ul>{_roads(list(held), longest, month, code, chosen)}</ul></section>"
        for name, held in groupby(in_place, _area)
    )
    return (
        f'<div class="routes" role="group" aria-label="路段示意图">{areas}</div>'
        f"{_legend()}"
    )


def facts(segment: Segment) -> str:
    """Draw the figures of the segment that was chosen."""
    length = (
        "登记表没有长度"
        if segment.length_m is None
        else f"{wording.count(segment.length_m)} 米"
    )
    return markup.facts(
        [
            ("路段", f"<b>{markup.text(_name(segment))}</b>"),
            ("位置", markup.text(_area(segment))),
            ("等级和长度", f"{markup.text(segment.road_class)} · {length}"),
            (
                "完成遍数",
                f"{wording.count(segment.done_passes)} / 应作业 "
                f"{wording.count(segment.required_passes)}（{_shown(segment)}）",
            ),
            (
                "未达天数",
                f"{wording.count(segment.days_missed)} / 应作业 "
                f"{wording.count(segment.days)} 天"
                + (
                    f"，最近 {wording.short_day(segment.last_missed_on)}"
                    if segment.last_missed_on
                    else ""
                ),
            ),
        ]
    )


def band(done_pct: float | None) -> tuple[str, str]:
    """Name how much was done: for the style sheet, and for a reader."""
    if done_pct is None:
        return UNKNOWN
    reached = [(kind, name) for least, kind, name in BANDS if done_pct >= least]
    return reached[0] if reached else LEAST


def _roads(
    segments: Sequence[Segment], longest: float, month: str, code: str, chosen: str
) -> str:
    return "".join(
        f'<li><span class="road">{markup.text(name)}</span><span class="track">'
        + "".join(_bar(one, longest, month, code, chosen) for one in held)
        + "</span></li>"
        for (_, name), held in groupby(segments, _road)
    )


def _bar(segment: Segment, longest: float, month: str, code: str, chosen: str) -> str:
    kind, _ = band(segment.done_pct)
    wide = 100 * _length([segment]) / longest if longest else 0
    said = (
        f"{_name(segment)}：完成应作业遍数的 {_shown(segment)}，"
        f"未达 {wording.count(segment.days_missed)} 天"
    )
    address = markup.link(
        "contractors", period=month, contractor=code, segment=segment.segment_id
    )
    is_chosen = segment.segment_id == chosen
    return (
        f'<a class="segment segment-{kind}{" chosen" if is_chosen else ""}" '
        f'style="width:{wide:.3f}%" href="{address}" title="{markup.text(said)}" '
        f'aria-label="{markup.text(said)}"{" aria-current=true" if is_chosen else ""}>'
        f"<b>{_short(segment)}</b></a>"
    )


def _legend() -> str:
    kinds = [(kind, name) for _, kind, name in BANDS] + [LEAST]
    keys = "".join(
        f'<span><i class="segment segment-{kind}"></i>{name}</span>'
        for kind, name in kinds
    )
    return (
        f'<p class="routekey"><b>完成遍数 / 应作业遍数</b>{keys}</p>'
        '<p class="quiet">示意图：条长是路段长度，按社区排列，不表示位置和走向。'
        "选一段看它的数字，下表是同一组数字。</p>"
    )


def _name(segment: Segment) -> str:
    return f"{segment.road_name} {segment.segment_id}"


def _area(segment: Segment) -> str:
    return f"{segment.town_name} · {segment.community_name}"


def _road(segment: Segment) -> tuple[str, str]:
    return _area(segment), segment.road_name


def _place(segment: Segment) -> tuple[str, str, str]:
    return *_road(segment), segment.segment_id


def _length(segments: Sequence[Segment]) -> float:
    return sum(one.length_m or METRES_OF_UNKNOWN for one in segments)


def _shown(segment: Segment) -> str:
    return f"{wording.figure(segment.done_pct, wording.Target(100.0))}%"


def _short(segment: Segment) -> str:
    if segment.done_pct is None:
        return "—"
    return wording.share(segment.done_pct / 100, wording.WHOLE)
