"""Place: what a case is about, where it is and whose it is."""

import random
from datetime import datetime

from simulator.categories import CATEGORIES, Category
from simulator.county import County
from simulator.roads import holders, segments
from simulator.shape import Community

CITIZENS = ("12345", "12319", "信访", "网络留言", "微信", "媒体", "上级转办")
_CHANNELS = ("监督员", "视频", *CITIZENS)
_CHANNEL_WEIGHTS = (46, 8, 26, 8, 2, 3, 4, 1, 2)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = ("伟", "芳", "敏", "静", "丽", "强", "磊", "洋", "勇", "艳", "秀英", "桂兰")


def choose_category(rng: random.Random) -> Category:
    """Draw a category by how often it happens."""
    return rng.choices(CATEGORIES, [c.weight for c in CATEGORIES])[0]


def choose_community(county: County, rng: random.Random) -> Community:
    """Draw a community; towns that never report are left out."""
    alive = [
        c
        for c in county.shape.communities
        if c.town_code not in county.shape.quiet_towns
    ]
    return rng.choices(alive, [8 if c.in_urban_area else 1 for c in alive])[0]


def describe(
    county: County, reported_at: datetime, rng: random.Random
) -> tuple[Category, dict[str, object]]:
    """Return a new case's category and everything that is known from the start."""
    category = choose_category(rng)
    community = choose_community(county, rng)
    channel = rng.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
    known: dict[str, object] = {
        "kind": category.kind,
        "category_code": category.code,
        "channel": channel,
        "is_urban_management": category.is_urban_management,
        "town_code": community.town_code,
        "community_code": community.code,
        "grid_code": community.code + rng.choice(("001", "002", "003", "01")),
        "dept_code": department_of(county, category, community, rng),
        "contractor_code": contractor_of(county, category, community, reported_at, rng),
    }
    return category, known | _coordinates(county, rng) | _reporter(channel, rng)


def department_of(
    county: County, category: Category, community: Community, rng: random.Random
) -> str:
    """Return the unit that answers: by duty in the urban area, else the town."""
    if community.in_urban_area or rng.random() < 0.1:
        for department in county.shape.departments:
            if department.duty == category.duty:
                return department.code
    return county.shape.town_department(community.town_code).code


def contractor_of(
    county: County,
    category: Category,
    community: Community,
    at: datetime,
    rng: random.Random,
) -> str | None:
    """Return the sanitation contractor that held a road there on that day."""
    if category.duty != "sanitation":
        return None
    held = holders(county, at.date())
    here = [
        s.segment_id for s in segments(county) if s.community_code == community.code
    ]
    if here:
        return held[rng.choice(here)]
    rural = [c.code for c in county.shape.contractors if c.serves != "城区"]
    return rural[0] if rural and not community.in_urban_area else None


def _coordinates(county: County, rng: random.Random) -> dict[str, object]:
    if rng.random() < 0.04:
        return {"lon": None, "lat": None}
    lon, lat = county.shape.centre
    return {
        "lon": round(lon + rng.gauss(0, 0.05), 6),
        "lat": round(lat + rng.gauss(0, 0.05), 6),
    }


def _reporter(channel: str, rng: random.Random) -> dict[str, object]:
    if channel not in CITIZENS:
        return {}
    name = rng.choice(_SURNAMES) + rng.choice(_GIVEN)
    phone = f"1{rng.choice('3578')}{rng.randint(0, 999_999_999):09d}"
    return {
        "reporter_name": name,
        "reporter_phone": phone,
        "description": f"{name}来电（{phone}）反映：附近有问题，请尽快处理。",
    }
