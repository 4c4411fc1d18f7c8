"""The route map is a sketch that says so, and says in figures what it colours."""

import re
from dataclasses import replace
from datetime import date

import pytest

from dashboards.leaders import route_map
from dashboards.leaders.contractor_queries import Segment

ROAD = Segment(
    "LD1", "人民路", "主干道", "城关镇", "北大街社区", 30, 3, 10.0, 500.0, 60.0, 54.0,
    90.0, date(2025, 6, 30),
)  # fmt: skip


def bars(*segments: Segment, chosen: str = "") -> list[tuple[str, float, str]]:
    drawn = route_map.drawing(segments, "2025-06", "HW01", chosen)
    return [
        (kind, float(width), figure)
        for kind, width, figure in re.findall(
            r'<a class="segment segment-(\w+)[^"]*" style="width:([\d.]+)%"'
            r".*?<b>(.*?)</b>",
            drawn,
        )
    ]


def test_a_bar_is_as_long_as_its_segment_on_the_scale_of_the_longest_road() -> None:
    longer = replace(ROAD, segment_id="LD2", length_m=1500.0)
    elsewhere = replace(ROAD, segment_id="LD3", road_name="后街", length_m=1000.0)

    assert [width for _, width, _ in bars(ROAD, longer, elsewhere)] == [25, 75, 50]


@pytest.mark.parametrize(
    ("done", "kind", "figure"),
    [
        (100.0, "full", "100%"),
        (99.999, "most", "99%"),
        (90.0, "most", "90%"),
        (89.999, "some", "89%"),
        (70.0, "some", "70%"),
        (69.9, "few", "69%"),
        (0.0, "few", "0%"),
        (None, "none", "—"),
    ],
)
def test_a_share_is_told_in_figures_and_never_rounded_into_a_better_band(
    done: float | None, kind: str, figure: str
) -> None:
    ((drawn, _, said),) = bars(replace(ROAD, done_pct=done))

    assert (drawn, said) == (kind, figure)


def test_a_segment_without_a_length_is_drawn_and_its_facts_say_so() -> None:
    unknown = replace(ROAD, length_m=None)

    assert len(bars(unknown)) == 1
    assert "登记表没有长度" in route_map.facts(unknown)


def test_each_bar_is_a_link_that_says_its_figures_and_is_marked_when_chosen() -> None:
    drawn = route_map.drawing([ROAD], "2025-06", "HW01", "LD1")

    assert "contractors?period=2025-06&amp;contractor=HW01&amp;segment=LD1" in drawn
    assert "完成应作业遍数的 90.00%，未达 3 天" in drawn
    assert drawn.count("aria-current=true") == 1
    assert "不表示位置和走向" in drawn


def test_names_cannot_become_markup() -> None:
    drawn = route_map.drawing(
        [replace(ROAD, road_name="<b onclick=x>", segment_id='"><i>')], "m", "c", ""
    )

    assert "<b onclick" not in drawn
    assert '"><i>' not in drawn
