"""Flows: what moves over which scale on an ordinary day, in trips at full scale."""

from dataclasses import dataclass

from simulator.county import County
from simulator.shape import Facility


@dataclass(frozen=True)
class Flow:
    """A stream of like loads over one facility's scale."""

    facility_id: str
    direction: str
    waste_class: str
    trips: float
    load_kg: int
    origin_type: str
    origins: tuple[str, ...]
    is_secondary: bool = False
    destination: str = ""


def collected_flows(county: County) -> list[Flow]:
    """Return the flows that begin outside the facilities."""
    return [flow for f in county.shape.facilities for flow in _into(county, f)]


def _into(county: County, facility: Facility) -> list[Flow]:
    """Return what is brought to a facility from streets, towns and firms."""
    if facility.is_quiet:
        return []
    urban = tuple(t.code for t in county.shape.towns if t.is_urban)
    quiet = county.shape.quiet_towns
    rural = tuple(
        t.code for t in county.shape.towns if not t.is_urban and t.code not in quiet
    )
    rural = rural or urban
    is_rural = facility.serves == "乡镇"
    rows = _BROUGHT.get(facility.kind, ())
    flows = []
    for waste_class, trips, load_kg, origin_type in rows:
        if is_rural and origin_type != "乡镇" and facility.kind == "转运站":
            continue
        if not is_rural and origin_type == "乡镇" and facility.kind == "转运站":
            continue
        origins = rural if origin_type == "乡镇" else urban
        flows.append(
            Flow(
                facility.facility_id,
                "进",
                waste_class,
                trips,
                load_kg,
                origin_type,
                origins,
            )
        )
    return flows


# Class, trips a day at full scale, kg a trip, origin; by kind of facility.
_BROUGHT: dict[str, tuple[tuple[str, float, int, str], ...]] = {
    "转运站": (
        ("其他垃圾", 8, 4_200, "城区环卫"),
        ("其他垃圾", 2, 2_600, "单位"),
        ("其他垃圾", 9, 4_800, "乡镇"),
        ("大件垃圾", 0.5, 1_200, "城区环卫"),
    ),
    "焚烧": (("其他垃圾", 2, 9_000, "乡镇"),),
    "卫生填埋": (("其他垃圾", 1, 5_000, "城区环卫"), ("其他垃圾", 1, 4_000, "乡镇")),
    "简易填埋": (("其他垃圾", 3, 2_500, "乡镇"),),
    "厨余处理": (
        ("厨余垃圾", 8, 2_200, "城区环卫"),
        ("厨余垃圾", 6, 1_800, "单位"),
    ),
    "分拣中心": (
        ("可回收物", 30, 2_400, "城区环卫"),
        ("可回收物", 14, 1_900, "单位"),
        ("可回收物", 9, 1_500, "乡镇"),
    ),
    "危废暂存": (("有害垃圾", 0.6, 300, "城区环卫"),),
    "消纳场": (("建筑垃圾", 12, 11_000, "单位"), ("建筑垃圾", 3, 9_000, "乡镇")),
    "资源化厂": (
        ("建筑垃圾", 7, 12_000, "单位"),
        ("建筑垃圾", 2, 10_000, "城区环卫"),
    ),
}
