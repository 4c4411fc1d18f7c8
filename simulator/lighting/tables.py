"""Tables: the versions of the small tables' rows, true and broken together."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from simulator.county import County
from simulator.lighting.dirt import broken_rows
from simulator.lighting.lamps import lamp_records
from simulator.lighting.nights import LONGEST_FAULT
from simulator.lighting.works import fault_rows, outage_rows, plans
from simulator.versions import Version

_Maker = Callable[[County, date], Iterable[Version]]
# How many days after its beginning a row may still change.
_PLAN_CHANGES = 4
_FAULT_CHANGES = LONGEST_FAULT + 3


def table_versions(
    county: County, since: date, until: date
) -> dict[str, list[Version]]:
    """Return by table every version that may become visible in a span of days."""
    versions = {
        "lamp": lamp_records(county),
        "switch_plan": _made(plans, county, since, until, _PLAN_CHANGES),
        "planned_outage": _made(outage_rows, county, since, until, 0),
        "lamp_fault": _made(fault_rows, county, since, until, _FAULT_CHANGES),
    }
    earliest = since - timedelta(days=_PLAN_CHANGES)
    for day in county.days(since=earliest, until=until):
        for table, version in broken_rows(county, day):
            versions[table].append(version)
    return versions


def _made(
    maker: _Maker, county: County, since: date, until: date, reach: int
) -> list[Version]:
    earliest = since - timedelta(days=reach)
    days = county.days(since=earliest, until=until)
    return [version for day in days for version in maker(county, day)]
