"""The case platform's records: when they are visible, and on what edges they sit."""

from datetime import date, datetime, time

from simulator.cases.platform import reports_of
from simulator.cases.store import CaseStore
from simulator.county import County, CountyParameters
from simulator.months import freeze_day
from simulator.versions import midnight_after

Body = dict[str, object]

EARLY = datetime(2000, 1, 1)  # noqa: DTZ001 (county time has no offset)
EVENT_TYPES = {
    "reported", "accepted", "rejected", "merged", "registered", "voided",
    "dispatched", "dept_returned", "return_approved", "extension_approved",
    "suspended", "resumed", "disposed", "checked_pass", "checked_fail",
    "closed", "reopened", "appealed", "appeal_upheld", "appeal_rejected",
}  # fmt: skip


def test_nothing_later_than_the_clock_is_visible() -> None:
    county = County(CountyParameters(start=date(2025, 6, 1)))
    store = CaseStore(county)
    clock = datetime.combine(date(2025, 6, 9), time(13, 30))

    items = store.items("cases", EARLY, clock, every_version=True)

    assert items
    assert max(item.at for item in items) <= clock
    assert [(i.at, i.record) for i in items] == sorted((i.at, i.record) for i in items)


def test_newest_versions_are_one_to_a_record() -> None:
    store = CaseStore(County(CountyParameters(start=date(2025, 6, 1), dirt=0)))
    clock = midnight_after(date(2025, 6, 20))

    newest = store.items("cases", EARLY, clock, every_version=False)
    every = store.items("cases", EARLY, clock, every_version=True)

    assert len({item.record for item in newest}) == len(newest)
    assert {item.record for item in newest} == {item.record for item in every}
    assert len(every) > 3 * len(newest)


def test_the_same_parameters_give_the_same_county() -> None:
    def told(seed: int) -> list[Body]:
        county = County(CountyParameters(seed=seed, start=date(2025, 6, 1)))
        return [v.body for v in reports_of(county, date(2025, 6, 28)).cases]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_a_day_is_the_same_whatever_was_asked_before() -> None:
    day = date(2025, 6, 17)
    fresh = County(CountyParameters(start=date(2025, 6, 1)))
    used = County(CountyParameters(start=date(2025, 6, 1), end=date(2026, 1, 1)))
    for earlier in used.days(until=day):
        reports_of(used, earlier)

    assert reports_of(fresh, day) == reports_of(used, day)


def test_cases_sit_on_the_edges_of_months_and_freezes() -> None:
    county = County(CountyParameters(start=date(2025, 12, 1), dirt=0))
    bodies = [v.body for v in reports_of(county, date(2025, 12, 29)).cases]
    year_end = "2026-01-01T00:00:00+08:00"
    freeze = midnight_after(freeze_day(date(2025, 12, 1))).isoformat() + "+08:00"

    assert any(b["disposed_at"] == b["due_at"] == year_end for b in bodies)
    assert any(b["closed_at"] == b["updated_at"] == year_end for b in bodies)
    assert any(b["suspended_at"] == freeze for b in bodies)
    assert any(b["resumed_at"] == freeze for b in bodies)


def test_a_long_story_meets_every_kind_of_event() -> None:
    county = County(CountyParameters(start=date(2025, 1, 1), scale=0.3, dirt=0))

    types = {
        version.body["event_type"]
        for day in county.days(until=date(2025, 4, 30))
        for version in reports_of(county, day).case_events
    }

    assert types == EVENT_TYPES


def test_a_quiet_town_reports_nothing() -> None:
    county = County(CountyParameters(start=date(2025, 1, 1), scale=0.2, dirt=0))

    towns = {
        version.body["town_code"]
        for day in county.days(until=date(2025, 2, 28))
        for version in reports_of(county, day).cases
    }

    assert towns.isdisjoint(county.shape.quiet_towns)
    assert len(towns) > 10
