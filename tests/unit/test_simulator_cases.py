"""The case platform's records keep the contract, and break it only where planted."""

import json
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from simulator.cases.platform import TABLES, reports_of
from simulator.cases.store import CaseStore
from simulator.county import County, CountyParameters
from simulator.elsewhere import Census, invented
from simulator.months import freeze_day
from simulator.planted import RULES
from simulator.shape import CountyShape
from simulator.versions import midnight_after
from simulator.zhushan import ZHUSHAN

Body = dict[str, object]

EVER = datetime.fromisoformat("1970-01-01T00:00:00+08:00")
EARLY = datetime(2000, 1, 1)  # noqa: DTZ001 (county time has no offset)
KEYS = {"cases": "case_id", "case_events": "event_id", "callbacks": "callback_id"}
TIMES = {
    "cases": (
        "reported_at", "accepted_at", "registered_at", "dispatched_at", "stopped_at",
        "disposed_at", "checked_at", "closed_at", "suspended_at", "resumed_at",
    ),
    "case_events": ("event_at",),
    "callbacks": ("called_at",),
}  # fmt: skip
ENUMS = {
    "cases": {
        "kind": {"事件", "部件"},
        "channel": {
            "监督员", "视频", "12345", "12319", "信访", "网络留言", "微信", "媒体",
            "上级转办",
        },
        "status": {
            "待受理", "不予受理", "已立案", "已派遣", "处置中", "待核查", "已结案",
            "挂账", "作废",
        },
        "resolution_means": {"服务", "管理", "执法", None},
    },
    "case_events": {
        "event_type": {
            "reported", "accepted", "rejected", "merged", "registered", "voided",
            "dispatched", "dept_returned", "return_approved", "extension_approved",
            "suspended", "resumed", "disposed", "checked_pass", "checked_fail",
            "closed", "reopened", "appealed", "appeal_upheld", "appeal_rejected",
        },
        "actor_role": {"监督员", "受理员", "值班长", "派遣员", "专业部门", "座席"},
    },
    "callbacks": {"rating": {"满意", "基本满意", "不满意", "拒评", None}},
}  # fmt: skip
TYPES: dict[str, dict[str, type | tuple[type, ...]]] = {
    "cases": {
        "is_urban_management": bool,
        "rework_count": int,
        "extension_count": int,
        "lon": (float, type(None)),
    },
    "case_events": {"result": (str, type(None)), "to_dept_code": (str, type(None))},
    "callbacks": {"attempt_no": int, "reached": bool},
}
ORDERS = (
    ("reported_at", "registered_at"),
    ("dispatched_at", "disposed_at"),
    ("registered_at", "closed_at"),
    ("suspended_at", "resumed_at"),
)


def moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def broken_rule(table: str, body: Body, places: set[str]) -> str | None:
    """Return the first rule of the contract that a record breaks."""
    if not body.get(KEYS[table]) or not body.get("updated_at"):
        return "A01"
    updated_at = moment(body["updated_at"])
    given = [name for name in TIMES[table] if body[name] is not None]
    times = {name: moment(body[name]) for name in given}
    known = {name: at for name, at in times.items() if at is not None}
    latest = (updated_at or EVER) + timedelta(minutes=5)
    checks = (
        ("A02", any(body[name] not in words for name, words in ENUMS[table].items())),
        ("A03", updated_at is None or None in times.values()),
        ("A04", table == "cases" and any(is_reversed(known, *o) for o in ORDERS)),
        ("A05", any(at > latest for at in known.values())),
        (
            "A06",
            table == "cases"
            and not {body["town_code"], body["community_code"]} <= places,
        ),
        ("A07", any(not isinstance(body[n], t) for n, t in TYPES[table].items())),
    )
    return next((rule for rule, is_broken in checks if is_broken), None)


def is_reversed(known: dict[str, datetime], first: str, second: str) -> bool:
    return first in known and second in known and known[second] < known[first]


@pytest.mark.parametrize("shape", [ZHUSHAN, invented(Census())], ids=lambda s: s.name)
def test_every_broken_record_is_a_planted_one(shape: CountyShape) -> None:
    start, end = date(2025, 4, 20), date(2025, 6, 10)
    county = County(CountyParameters(shape=shape, start=start, dirt=0.02, scale=0.1))
    store = CaseStore(county)
    places = {t.code for t in shape.towns} | {c.code for c in shape.communities}
    met = {table: set[tuple[str, str]]() for table in TABLES}

    for day in county.days(until=end):
        for table in TABLES:
            clock = midnight_after(day)
            items = store.items(table, EARLY, clock, every_version=False)
            met[table].update((item.record, item.text) for item in items)

    found = Counter(
        (table, record, rule)
        for table in TABLES
        for record, text in met[table]
        if (rule := broken_rule(table, json.loads(text), places))
    )
    planted = Counter(
        (p.table, p.key, p.rule) for p in county.planted(end) if p.table in TABLES
    )
    assert found == planted
    for table in TABLES:
        assert {r for t, _, r in found if t == table} == set(RULES[table])
        assert county.counts(end)[table] == len(met[table])


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

    assert types == ENUMS["case_events"]["event_type"]


def test_a_quiet_town_reports_nothing() -> None:
    county = County(CountyParameters(start=date(2025, 1, 1), scale=0.2, dirt=0))

    towns = {
        version.body["town_code"]
        for day in county.days(until=date(2025, 2, 28))
        for version in reports_of(county, day).cases
    }

    assert towns.isdisjoint(county.shape.quiet_towns)
    assert len(towns) > 10
