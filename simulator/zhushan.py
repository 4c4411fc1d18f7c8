"""Zhushan: 竹山县 as the plan and the code book describe it, the rest invented."""

from datetime import date

from simulator.shape import (
    Community,
    Contractor,
    CountyShape,
    Department,
    Facility,
    Road,
    Town,
)

_TOWNS = (
    ("100", "城关镇"), ("101", "溢水镇"), ("102", "麻家渡镇"), ("103", "宝丰镇"),
    ("104", "擂鼓镇"), ("105", "秦古镇"), ("106", "得胜镇"), ("107", "上庸镇"),
    ("108", "官渡镇"), ("200", "潘口乡"), ("201", "竹坪乡"), ("202", "大庙乡"),
    ("203", "双台乡"), ("204", "楼台乡"), ("205", "文峰乡"), ("206", "深河乡"),
    ("207", "柳林乡"),
)  # fmt: skip

_URBAN_TOWNS = ("100", "200")

_SEAT = (
    ("001", "北大街社区", True), ("002", "城西社区", True), ("003", "西关社区", True),
    ("004", "大街社区", True), ("005", "东门社区", True), ("200", "明清村", False),
    ("201", "窑沟村", False), ("202", "虎山村", True), ("205", "园艺场村", False),
)  # fmt: skip

_ROADS = (
    ("人民路", "主干道", "001"), ("纵横大道", "主干道", "002"),
    ("经纬大道", "主干道", "002"), ("明清大道", "主干道", "003"),
    ("振武路", "次干道", "004"), ("十堰路", "次干道", "005"),
    ("公园路", "次干道", "004"), ("北大街", "支路", "001"),
    ("商业街", "支路", "004"), ("城西路", "支路", "002"),
    ("和谐巷", "背街小巷", "005"), ("西关巷", "背街小巷", "003"),
    ("虎山路", "次干道", "202"), ("明清村路", "支路", "200"),
)  # fmt: skip


def _towns() -> tuple[Town, ...]:
    return tuple(
        Town(f"420323{code}000", name, code in _URBAN_TOWNS) for code, name in _TOWNS
    )


def _communities() -> tuple[Community, ...]:
    communities = [
        Community(f"420323100{code}", name, "420323100000", is_urban)
        for code, name, is_urban in _SEAT
    ]
    for code, name in _TOWNS[1:]:
        town = f"420323{code}000"
        # 宝丰新区 lies in the urban area though its town is not urban; of the urban
        # 潘口乡 only the street community is: both edges of "urban" are in the data.
        street_is_urban = code in ("103", "200")
        communities += [
            Community(f"420323{code}001", f"{name[:-1]}街社区", town, street_is_urban),
            Community(f"420323{code}201", f"{name[:-1]}村", town, False),
            Community(f"420323{code}202", f"{name[:-1]}河村", town, False),
        ]
    return tuple(communities)


def _departments() -> tuple[Department, ...]:
    own = (
        ("0101", "城管执法局市容中队", "职能部门", "street"),
        ("0102", "城管执法局环卫股", "职能部门", "sanitation"),
        ("0103", "两违治理办公室", "职能部门", "building"),
        ("0104", "园林绿化服务中心", "职能部门", "green"),
        ("0105", "住房和城乡建设局", "职能部门", "works"),
        ("0106", "公安局交警大队", "职能部门", "traffic"),
        ("0301", "路灯管理所", "公用企业", "light"),
        ("0302", "竹山供水公司", "公用企业", "water"),
        ("0303", "竹山供电公司", "公用企业", "power"),
    )
    towns = tuple(
        Department(f"02{number:02d}", f"{name}人民政府", "乡镇", f"420323{code}000")
        for number, (code, name) in enumerate(_TOWNS, start=1)
    )
    return tuple(Department(*row) for row in own) + towns


def _roads() -> tuple[Road, ...]:
    seat = [Road(name, kind, f"420323100{code}") for name, kind, code in _ROADS]
    return (
        *seat,
        Road("宝丰大道", "主干道", "420323103001"),
        Road("潘口街", "次干道", "420323200001"),
        Road("上庸街", "支路", "420323107001"),
        Road("官渡街", "次干道", "420323108001"),
    )


_CONTRACTORS = (
    Contractor("HW01", "竹山洁城环境服务有限公司", "城区", 1_000_000),
    Contractor("HW02", "堵河清环卫有限公司", "城区", 620_000),
    Contractor("HW03", "竹山乡村环卫有限公司", "乡镇", 480_000),
    Contractor(
        "HW04",
        "秦巴美环境科技有限公司",
        "城区",
        260_000,
        contract_from=date(2025, 2, 1),
    ),
)

_FACILITIES = (
    Facility("ZY01", "城北转运站", "转运站", "城区", False),
    Facility("ZY02", "城西转运站", "转运站", "城区", False),
    Facility("ZY03", "城东转运站", "转运站", "城区", False),
    Facility("ZY04", "宝丰转运站", "转运站", "乡镇", False),
    Facility("ZY05", "官渡转运站", "转运站", "乡镇", False),
    Facility("ZY06", "柳林转运站", "转运站", "乡镇", False),
    Facility("FS01", "房县生活垃圾焚烧厂", "焚烧", "全县", True),
    Facility("TM01", "竹山县卫生填埋场", "卫生填埋", "全县", True),
    Facility("TM02", "大庙简易填埋点", "简易填埋", "乡镇", False),
    Facility("CY01", "竹山县厨余处理厂", "厨余处理", "城区", True),
    Facility("FJ01", "废弃物规范回收分拣中心", "分拣中心", "全县", True),
    Facility("WF01", "有害垃圾暂存点", "危废暂存", "全县", True),
    Facility("XN01", "鱼岭建筑垃圾消纳场", "消纳场", "全县", True),
    Facility("ZH01", "北星河建筑弃料资源化厂", "资源化厂", "全县", True),
)

ZHUSHAN = CountyShape(
    code="420323",
    name="竹山县",
    prefix="ZS",
    plate="鄂C",
    towns=_towns(),
    communities=_communities(),
    departments=_departments(),
    contractors=_CONTRACTORS,
    facilities=_FACILITIES,
    roads=_roads(),
    quiet_towns=frozenset({"420323207000"}),
)
