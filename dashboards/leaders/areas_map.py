"""Areas map: a county's own boundaries, drawn from its own file and nothing else.

No boundary comes with the project. A county that may publish one names a GeoJSON file
whose features carry the area code; without it the pages draw tiles.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import streamlit as st

from dashboards import markup, shell, wording
from dashboards.leaders import charts
from dashboards.leaders.queries import Claim, Value
from dashboards.leaders.readings import Reading, target_of

GEOJSON, CODE, CREDIT = (
    "CITYLEDGER_GEOJSON", "CITYLEDGER_GEOJSON_CODE", "CITYLEDGER_GEOJSON_CREDIT",
)  # fmt: skip
# A status is told by a mark beside the name, never by its colour alone.
LOOKS = {
    "达标": ("#8fc3a5", "✓"),
    "未达标": ("#e08a82", "✕"),
    "口径冲突区间": ("#e9c983", "△"),
    "数据不完整": ("#f3dfb0", "◐"),
    "无数据": ("#dfe4ea", "–"),
    "描述性": ("#b9c6d4", ""),
}
HEIGHT = 380


class NoMapError(Exception):
    """The county's file holds no areas that could be drawn."""


def show(
    towns: Sequence[Value],
    reading: Reading,
    claims: Sequence[Claim],
    names: dict[str, str],
) -> bool:
    """Draw the county's own map, if it gave one that can be drawn; say whether."""
    named = os.environ.get(GEOJSON)
    if not named:
        return False
    try:
        path = Path(named)
        areas = _areas(named, path.stat().st_mtime)
    except (OSError, NoMapError) as problem:
        why = problem if isinstance(problem, NoMapError) else "打不开"
        said = f"{Path(named).name}：{why}"
        shell.show(markup.notice("stale", "本县的边界文件不能用，改画示意图", said))
        return False
    drawn = _with_values(areas, towns, reading, claims, names)
    st.altair_chart(_chart(drawn), width="stretch")
    credit = os.environ.get(CREDIT) or "地图由本县提供。"
    shell.show(
        f'<p class="quiet">{markup.text(_key(drawn))} · {markup.text(credit)}</p>'
    )
    return True


def _chart(areas: Sequence[dict[str, Any]]) -> alt.LayerChart:
    colours = [colour for colour, _ in LOOKS.values()]
    rows = alt.Data(values=list(areas))
    shapes = (
        alt.Chart(rows)
        .mark_geoshape(stroke="#ffffff", strokeWidth=1.5)
        .encode(
            color=alt.Color(
                "properties.状态:N",
                scale=alt.Scale(domain=list(LOOKS), range=colours),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip(f"properties.{field}:N", title=field)
                for field in ("乡镇", "数值", "状态")
            ],
        )
    )
    labels = (
        alt.Chart(rows)
        .mark_text(font=charts.FACE, fontSize=charts.TEXT_SIZE, color="#18212f")
        .encode(
            longitude="properties.x:Q",
            latitude="properties.y:Q",
            text="properties.标注:N",
        )
    )
    return (
        alt.layer(shapes, labels)
        .project(type="identity", reflectY=True)
        .properties(height=HEIGHT)
    )


def _key(areas: Sequence[dict[str, Any]]) -> str:
    present = {area["properties"]["状态"] for area in areas}
    return "　".join(
        f"{mark} {status}".strip()
        for status, (_, mark) in LOOKS.items()
        if status in present
    )


@st.cache_data(show_spinner=False, max_entries=4)
def _areas(path: str, changed_at: float) -> list[dict[str, Any]]:
    """Read the features that have a place; a file that was changed is read again."""
    try:
        # Windows programs put a mark before the first byte.
        found = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise NoMapError("不是 JSON") from error
    features = found.get("features") if isinstance(found, dict) else None
    drawable = [
        feature
        for feature in features or []
        if (feature.get("geometry") or {}).get("type") in ("Polygon", "MultiPolygon")
    ]
    if not drawable:
        raise NoMapError("没有面状的区域（Polygon 或 MultiPolygon）")
    return drawable


def _with_values(
    areas: Sequence[dict[str, Any]],
    towns: Sequence[Value],
    reading: Reading,
    claims: Sequence[Claim],
    names: dict[str, str],
) -> list[dict[str, Any]]:
    by_code = {town.area_code: town for town in towns}
    code_field = os.environ.get(CODE, "area_code")
    drawn = []
    for area in areas:
        code = str((area.get("properties") or {}).get(code_field, ""))
        town = by_code.get(code)
        value = town.value if town else None
        target = target_of(town, claims) if town else None
        status = town.status if town else "无数据"
        name = names.get(code, code)
        x, y = _middle(area["geometry"])
        said = {
            "乡镇": name,
            "数值": wording.figure(value, target, reading.indicator.unit),
            "状态": status,
            "标注": f"{name} {LOOKS.get(status, ('', ''))[1]}".strip(),
            "x": x,
            "y": y,
        }
        drawn.append({**area, "properties": said})
    return drawn


def _middle(geometry: dict[str, Any]) -> tuple[float, float]:
    """Find the middle of an area's widest part, where its name is written."""
    parts = [geometry["coordinates"]]
    if geometry["type"] == "MultiPolygon":
        parts = geometry["coordinates"]
    boxes = [_box(list(_points(part))) for part in parts]
    left, low, right, high = max(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
    return (left + right) / 2, (low + high) / 2


def _points(ring: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - JSON
    if ring and isinstance(ring[0], int | float):
        yield float(ring[0]), float(ring[1])
    else:
        for inner in ring:
            yield from _points(inner)


def _box(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)
