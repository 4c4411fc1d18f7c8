"""Categories: the county's table of case classes, with the limits behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A subclass of cases; `duty` names the department's duty, hours the limit."""

    kind: str
    code: str
    class_name: str
    subclass_name: str
    indicator_group: str
    duty: str
    limit_hours: int
    weight: float
    is_urban_management: bool = True


_EVENTS = (
    ("0101", "市容环境", "私搭乱建", "违法建设", "building", 480, 4),
    ("0102", "市容环境", "暴露垃圾", "", "sanitation", 12, 10),
    ("0103", "市容环境", "积存垃圾渣土", "", "sanitation", 24, 5),
    ("0104", "市容环境", "道路不洁", "", "sanitation", 8, 8),
    ("0105", "市容环境", "绿地脏乱", "", "green", 24, 3),
    ("0106", "市容环境", "水域不洁", "", "sanitation", 72, 1),
    ("0201", "宣传广告", "非法小广告", "违法广告", "street", 12, 7),
    ("0202", "宣传广告", "违章悬挂标语", "违法广告", "street", 24, 3),
    ("0203", "宣传广告", "违规户外广告", "违法广告", "street", 120, 2),
    ("0301", "施工管理", "施工扰民", "", "works", 8, 2),
    ("0302", "施工管理", "工地扬尘", "", "works", 24, 2),
    ("0401", "突发事件", "路面塌陷", "", "works", 4, 1),
    ("0501", "街面秩序", "无照经营游商", "违法占道", "street", 6, 8),
    ("0502", "街面秩序", "店外占道经营", "违法占道", "street", 12, 8),
    ("0503", "街面秩序", "占道堆物", "违法占道", "street", 24, 4),
    ("0504", "街面秩序", "露天烧烤", "违法占道", "street", 6, 2),
    ("0505", "街面秩序", "机动车乱停放", "违法占道", "traffic", 6, 6),
)

_COMPONENTS = (
    ("0101", "公用设施", "上水井盖", "", "water", 24, 2),
    ("0102", "公用设施", "污水井盖", "", "works", 24, 2),
    ("0103", "公用设施", "路灯", "", "light", 24, 4),
    ("0201", "交通设施", "交通护栏", "", "traffic", 48, 2),
    ("0301", "市容环境设施", "公共厕所", "", "sanitation", 24, 2),
    ("0302", "市容环境设施", "果皮箱", "", "sanitation", 24, 3),
    ("0303", "市容环境设施", "户外广告设施", "违法广告", "street", 240, 1),
    ("0401", "园林绿化设施", "行道树", "", "green", 120, 2),
)

_OTHERS = (
    Category("部件", "0104", "公用设施", "电力设施", "", "power", 48, 2, False),
    Category("事件", "0601", "其他", "邻里噪声", "", "street", 24, 2, False),
)

CATEGORIES: tuple[Category, ...] = (
    *(Category("事件", *row) for row in _EVENTS),
    *(Category("部件", *row) for row in _COMPONENTS),
    *_OTHERS,
)
