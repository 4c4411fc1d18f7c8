"""Areas map: a county's own boundaries, drawn from its own file and nothing else.

No boundary comes with the project. A county that may publish one names a GeoJSON file
whose features carry the area code; without it the pages draw tiles.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt
import streamlit as st

from dashboards import shell, wording
from dashboards.leaders.queries import Claim, Value
from dashboards.leaders.readings import Reading, target_of

GEOJSON, CODE, CREDIT = (
    "CITYLEDGER_GEOJSON", "CITYLEDGER_GEOJSON_CODE", "CITYLEDGER_GEOJSON_CREDIT",
)  # fmt: skip
COLOURS = {
    "达标": "#8fc3a5", "未达标": "#e08a82", "口径冲突区间": "#e9c983",
    "数据不完整": "#e9c983", "无数据": "#dfe4ea", "描述性": "#b9c6d4",
}  # fmt: skip


def show(
    towns: Sequence[Value],
    reading: Reading,
    claims: Sequence[Claim],
    names: dict[str, str],
) -> bool:
    """Draw the county's own map, if it gave one; say whether it did."""
    named = os.environ.get(GEOJSON)
    if not named or not Path(named).is_file():
        return False
    features = _with_values(_features(named), towns, reading, claims, names)
    chart = (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="#ffffff", strokeWidth=1)
        .encode(
            color=alt.Color(
                "properties.状态:N",
                scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
                title=None,
            ),
            tooltip=["properties.乡镇:N", "properties.数值:N", "properties.状态:N"],
        )
        .project(type="identity", reflectY=True)
        .properties(height=320)
    )
    st.altair_chart(chart, width="stretch")
    credit = os.environ.get(CREDIT, "")
    shell.show(f'<p class="quiet">{credit or "地图由本县提供。"}</p>')
    return True


@st.cache_data(show_spinner=False)
def _features(path: str) -> list[dict[str, Any]]:
    found = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    return list(found)


def _with_values(
    features: Sequence[dict[str, Any]],
    towns: Sequence[Value],
    reading: Reading,
    claims: Sequence[Claim],
    names: dict[str, str],
) -> list[dict[str, Any]]:
    by_code = {town.area_code: town for town in towns}
    code_field = os.environ.get(CODE, "area_code")
    drawn = []
    for feature in features:
        code = str(feature["properties"].get(code_field, ""))
        town = by_code.get(code)
        value = town.value if town else None
        target = target_of(town, claims) if town else None
        said = {
            "乡镇": names.get(code, code),
            "数值": wording.figure(value, target, reading.indicator.unit),
            "状态": town.status if town else "无数据",
        }
        drawn.append({**feature, "properties": said})
    return drawn
