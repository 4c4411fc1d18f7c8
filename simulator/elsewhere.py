"""Elsewhere: invented counties, so that nothing is tested on one county alone."""

from dataclasses import dataclass
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

_DUTIES = (
    ("street", "城管大队", "职能部门"),
    ("sanitation", "环境卫生中心", "职能部门"),
    ("building", "规划执法队", "职能部门"),
    ("green", "园林所", "职能部门"),
    ("works", "建设局", "职能部门"),
    ("traffic", "交警队", "职能部门"),
    ("light", "照明中心", "公用企业"),
    ("water", "自来水厂", "公用企业"),
    ("power", "电力公司", "公用企业"),
)
_KINDS = ("转运站", "焚烧", "卫生填埋", "厨余处理", "分拣中心", "危废暂存", "消纳场")
_CLASSES = ("主干道", "次干道", "支路", "背街小巷")


@dataclass(frozen=True)
class Census:
    """How many of each a county has; the first town is its seat."""

    code: str = "510999"
    name: str = "云溪县"
    prefix: str = "YX"
    plate: str = "川Z"
    towns: int = 5
    contractors: int = 2
    facilities: int = 8
    roads: int = 6
    lamps: int = 3_000
    toilets: int = 7
    cases_per_day: float = 40.0


def invented(census: Census) -> CountyShape:
    """Return a county that exists nowhere, with what is awkward about counties.

    Its last town never reports, its last transfer station never sends a file, one
    optional register is not kept, its last contractor begins in the second quarter
    and its first leaves at the end of the year.
    """
    towns = _towns(census)
    return CountyShape(
        code=census.code,
        name=census.name,
        prefix=census.prefix,
        plate=census.plate,
        towns=towns,
        communities=_communities(towns),
        departments=_departments(towns),
        contractors=_contractors(census),
        facilities=_facilities(census),
        roads=_roads(census, towns),
        centre=(104.5, 30.1),
        segments=max(12, census.roads * 4),
        lamps=census.lamps,
        toilets=census.toilets,
        cases_per_day=census.cases_per_day,
        urban_population=60_000,
        quiet_towns=frozenset({towns[-1].code}) if census.towns > 2 else frozenset(),
        absent_registers=frozenset({"plan_projects", "department_adjustments"}),
    )


def _towns(census: Census) -> tuple[Town, ...]:
    return tuple(
        Town(f"{census.code}{number:03d}000", f"第{number}镇", number == 1)
        for number in range(1, census.towns + 1)
    )


def _communities(towns: tuple[Town, ...]) -> tuple[Community, ...]:
    return tuple(
        Community(
            f"{town.code[:9]}{number:03d}",
            f"{town.name}{number}社区",
            town.code,
            town.is_urban and number != 3,
        )
        for town in towns
        for number in (1, 2, 3)
    )


def _departments(towns: tuple[Town, ...]) -> tuple[Department, ...]:
    own = tuple(
        Department(f"D{number:03d}", name, group, duty)
        for number, (duty, name, group) in enumerate(_DUTIES, start=1)
    )
    return own + tuple(
        Department(f"X{number:03d}", f"{town.name}政府", "乡镇", town.code)
        for number, town in enumerate(towns, start=1)
    )


def _contractors(census: Census) -> tuple[Contractor, ...]:
    last = census.contractors
    return tuple(
        Contractor(
            f"0{number:02d}",
            f"{census.name}环卫第{number}公司",
            "全县" if number == 1 else "城区",
            300_000 + 50_000 * number,
            contract_from=date(2025, 4, 1) if 1 < number == last else date(2020, 1, 1),
            contract_to=date(2025, 12, 31) if number == 1 and last > 1 else None,
        )
        for number in range(1, last + 1)
    )


def _facilities(census: Census) -> tuple[Facility, ...]:
    kinds = [_KINDS[number % len(_KINDS)] for number in range(census.facilities)]
    stations = [number for number, kind in enumerate(kinds) if kind == "转运站"]
    return tuple(
        Facility(
            f"{census.prefix}{number + 1:02d}",
            f"{census.name}{kind}{number + 1}",
            kind,
            "乡镇" if kind == "转运站" and number else "全县" if number else "城区",
            kind not in ("转运站", "简易填埋"),
            is_quiet=len(stations) > 1 and number == stations[-1],
        )
        for number, kind in enumerate(kinds)
    )


def _roads(census: Census, towns: tuple[Town, ...]) -> tuple[Road, ...]:
    return tuple(
        Road(
            f"{number + 1}号路",
            _CLASSES[number % len(_CLASSES)],
            f"{_town_of(number, towns).code[:9]}{number % 3 + 1:03d}",
        )
        for number in range(census.roads)
    )


def _town_of(road: int, towns: tuple[Town, ...]) -> Town:
    """Let every fifth road lie in the second town, if there is one."""
    return towns[1] if road % 5 == 4 and len(towns) > 1 else towns[0]
