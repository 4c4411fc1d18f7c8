"""Reference: the eight tables as they stood on a day, with their changes."""

from datetime import date

from simulator.categories import CATEGORIES
from simulator.county import County
from simulator.roads import holders, segments, waivers

Table = list[dict[str, str]]

TABLES = (
    "towns", "communities", "departments", "contractors",
    "facilities", "road_segments", "case_categories", "ops_waivers",
)  # fmt: skip

_COLUMNS = {
    "ops_waivers": (
        "waiver_id", "segment_id", "date_from", "date_to", "reason", "approver"
    ),
}  # fmt: skip


def table(county: County, name: str, day: date) -> Table:
    """Return a whole reference table as it stood at the end of a day."""
    return _MAKERS[name](county, day)


def columns(name: str, rows: Table) -> tuple[str, ...]:
    """Return a table's columns, also when it is empty."""
    return tuple(rows[0]) if rows else _COLUMNS[name]


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _towns(county: County, day: date) -> Table:
    return [
        {"town_code": t.code, "name": t.name, "is_urban": _yes(t.is_urban)}
        for t in county.shape.towns
    ]


def _communities(county: County, day: date) -> Table:
    joined = _joined_the_urban_area(county, day)
    return [
        {
            "community_code": c.code,
            "name": c.name,
            "town_code": c.town_code,
            "in_urban_area": _yes(c.in_urban_area or c.code in joined),
        }
        for c in county.shape.communities
    ]


def _joined_the_urban_area(county: County, day: date) -> set[str]:
    """Return the villages that the urban boundary has taken in by a day."""
    if not county.parameters.reference_changes:
        return set()
    urban_towns = {t.code for t in county.shape.towns if t.is_urban}
    villages = [
        c.code
        for c in county.shape.communities
        if c.town_code in urban_towns and not c.in_urban_area
    ]
    moves = [d for d in county.days(until=day) if d.day == 11 and d.month % 3 == 2]
    return set(villages[: len(moves)])


def _departments(county: County, day: date) -> Table:
    rows = [
        {
            "dept_code": d.code,
            "name": d.name,
            "ranking_group": d.ranking_group,
        }
        for d in county.shape.departments
    ]
    if county.parameters.reference_changes and county.day_number(day) >= 40:
        rows[0]["name"] += "（一中队）"
    return rows


def _contractors(county: County, day: date) -> Table:
    # Fees are agreed anew each July.
    rise = county.parameters.reference_changes and (
        sum(d.month == 7 and d.day == 1 for d in county.days(until=day))
    )
    return [
        {
            "contractor_code": c.code,
            "name": c.name,
            "contract_from": f"{c.contract_from}",
            "contract_to": f"{c.contract_to or ''}",
            "monthly_fee_yuan": f"{c.monthly_fee_yuan + 20_000 * rise}",
        }
        for c in county.shape.contractors
    ]


def _facilities(county: County, day: date) -> Table:
    return [
        {
            "facility_id": f.facility_id,
            "name": f.name,
            "kind": f.kind,
            "serves": f.serves,
            "harmless": _yes(f.harmless),
        }
        for f in county.shape.facilities
    ]


def _road_segments(county: County, day: date) -> Table:
    held = holders(county, day)
    return [
        {
            "segment_id": s.segment_id,
            "road_name": s.road_name,
            "road_class": s.road_class,
            "community_code": s.community_code,
            "length_m": f"{s.length_m}",
            "area_m2": f"{s.area_m2}",
            "contractor_code": held[s.segment_id],
            "required_passes": f"{s.required_passes}",
            "lamp_required": _yes(s.lamp_required),
        }
        for s in segments(county)
    ]


def _case_categories(county: County, day: date) -> Table:
    return [
        {
            "category_code": c.code,
            "kind": c.kind,
            "class_name": c.class_name,
            "subclass_name": c.subclass_name,
            "indicator_group": c.indicator_group,
        }
        for c in CATEGORIES
    ]


def _ops_waivers(county: County, day: date) -> Table:
    return [
        {
            "waiver_id": w.waiver_id,
            "segment_id": w.segment_id,
            "date_from": f"{w.date_from}",
            "date_to": f"{w.date_to}",
            "reason": w.reason,
            "approver": w.approver,
        }
        for w in waivers(county, day)
    ]


_MAKERS = {
    "towns": _towns,
    "communities": _communities,
    "departments": _departments,
    "contractors": _contractors,
    "facilities": _facilities,
    "road_segments": _road_segments,
    "case_categories": _case_categories,
    "ops_waivers": _ops_waivers,
}
