"""Assessed cases: the life-cycle metrics of domain.md 3.4 in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from tests.golden.oracle import shapes
from tests.golden.oracle.absence import is_absent
from tests.golden.oracle.cells import api_time
from tests.golden.oracle.family_cases import (
    is_duplicate,
    is_eligible,
    is_urban_complaint,
    is_void,
    last_rating,
)
from tests.golden.oracle.night import Entry, Night
from tests.golden.oracle.workdays import Month, Period
from tests.golden.oracle.workdays import month as month_period

HALF_AN_HOUR = timedelta(minutes=30)
DECISIONS = ("appeal_upheld", "appeal_rejected")
MEANS = {"服务": "service", "管理": "management", "执法": "enforcement"}


@dataclass(frozen=True)
class Answer:
    """What one record says to one metric in one month."""

    metric: str
    period: Period
    case_id: str
    at: datetime
    hit: Fraction | int
    base: int | None = 1
    excluded: bool = False
    dept: str | None = None


@dataclass(frozen=True)
class Moment:
    """Something dated that names the department of a case."""

    at: datetime
    is_version: bool
    dept: str


class Platform:
    """The case platform of a night, as the assessment looks at it."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.cases = {str(case.record["case_id"]): case for case in night.cases}
        self.months = [month_period(each) for each in night.months("cases")]

    @cached_property
    def events(self) -> Mapping[str, list[Entry]]:
        """The events of each case in the order they happened."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for event in self.night.entries("case_events"):
            found[str(event.record["case_id"])].append(event)
        for events in found.values():
            events.sort(key=lambda e: (e.times["event_at"], e.record["event_id"]))
        return found

    def events_of(self, case_id: str, *kinds: str) -> list[Entry]:
        """Return the events of some kinds."""
        return [
            event
            for event in self.events.get(case_id, [])
            if event.record["event_type"] in kinds
        ]

    @cached_property
    def versions(self) -> Mapping[str, list[Moment]]:
        """Every believed version of each case that names a department."""
        found: dict[str, list[Moment]] = defaultdict(list)
        for seen, code in self.night.judged_records["cases"]:
            dept = seen.record.get("dept_code")
            if code is not None or dept is None:
                continue
            at = api_time(str(seen.record["updated_at"]))
            if at is not None and at <= self.night.as_of:
                moment = Moment(at, True, str(dept))
                found[str(seen.record["case_id"])].append(moment)
        for moments in found.values():
            moments.sort(key=lambda m: m.at)
        return found

    def department(self, case_id: str, at: datetime) -> str | None:
        """Return who held a case at a moment."""
        held = None
        for moment in self._testimony(case_id):
            if held is None or moment.at <= at:
                held = moment.dept
        if held is not None:
            return held
        case = self.cases.get(case_id)
        return None if case is None else case.record.get("dept_code")

    def _testimony(self, case_id: str) -> list[Moment]:
        case, versions = self.cases.get(case_id), self.versions.get(case_id, [])
        if case is None:
            return []
        record_at = case.times["updated_at"]
        sent = [
            Moment(event.times["event_at"], False, sent_to(event))
            for event in self.events_of(case_id, "dispatched")
            if event.times["event_at"] <= record_at and sent_to(event)
        ]
        believed = []
        for number, dispatch in enumerate(sent):
            after = [v for v in versions if v.at >= dispatch.at]
            following = sent[number + 1 : number + 2]
            overtaken = any(f.at <= v.at for f in following for v in after[:1])
            if after and (after[0].dept == dispatch.dept or overtaken):
                believed.append(dispatch)
        return sorted([*believed, *versions], key=lambda m: (m.at, m.is_version))

    def month_of(self, at: datetime | None) -> Period | None:
        """Return the begun month a moment lies in, if it has come."""
        if at is None or at > self.night.as_of:
            return None
        return next((each for each in self.months if each.holds(at)), None)

    def cut(self, period: Period) -> datetime:
        """Return c."""
        return self.night.cut(period)


def sent_to(event: Entry) -> str | None:
    """Return the department a dispatch names."""
    return event.record.get("to_dept_code") or event.record.get("dept_code")


def is_managed(case: Entry) -> bool:
    """Tell whether a case is one of city management."""
    return case.record["is_urban_management"] is True


def is_complaint(case: Entry) -> bool:
    """Tell whether a citizen brought it."""
    return case.record["channel"] in shapes.CITIZEN_CHANNELS


# -- due rates (F1)


def due_answers(platform: Platform) -> Iterator[Answer]:
    """Disposal and closing by F1, with what the assessment adds."""
    for case in platform.cases.values():
        if is_managed(case):
            yield from _disposal(platform, case)
            yield from _closing(platform, case)
            yield from _by_original_clock(platform, case)


def _attributed(case: Entry, done: str, due: str) -> datetime | None:
    moments = [case.times[done], case.times[due]]
    return min((m for m in moments if m is not None), default=None)


def _answers(
    platform: Platform, case: Entry, at: datetime, *given: tuple[str, bool]
) -> Iterator[Answer]:
    period = platform.month_of(at)
    assert period is not None
    out = case.times["due_at"] is None or not is_eligible(case, platform.cut(period))
    for metric, hit in given:
        case_id = str(case.record["case_id"])
        yield Answer(metric, period, case_id, at, int(hit), 1, out)


def _disposal(platform: Platform, case: Entry) -> Iterator[Answer]:
    at = _attributed(case, "disposed_at", "due_at")
    period = platform.month_of(at)
    if at is None or period is None:
        return
    done, due, limit = (
        case.times["disposed_at"],
        case.times["due_at"],
        platform.cut(period),
    )
    on_time = done is not None and due is not None and done <= due
    forgiven = on_time or _is_upheld(platform, case, limit) or _was_paused(case, limit)
    given = [("on_time_disposal_rate", on_time), ("on_time_assessed", forgiven)]
    if done is not None and done <= limit:
        given.append(("rework_rate", case.record["rework_count"] > 0))
    yield from _answers(platform, case, at, *given)


def _is_upheld(platform: Platform, case: Entry, limit: datetime) -> bool:
    upheld = platform.events_of(str(case.record["case_id"]), "appeal_upheld")
    return any(event.times["event_at"] <= limit for event in upheld)


def _was_paused(case: Entry, limit: datetime) -> bool:
    times = case.times
    done, due = times["disposed_at"], times["due_at"]
    since, until = times["suspended_at"], times["resumed_at"]
    if None in (done, due, since, until):
        return False
    return since <= due and until <= limit and done - due <= until - since


def _closing(platform: Platform, case: Entry) -> Iterator[Answer]:
    at = _attributed(case, "closed_at", "due_at")
    period = platform.month_of(at)
    if at is None or period is None:
        return
    done, due = case.times["closed_at"], case.times["due_at"]
    is_done = done is not None and done <= platform.cut(period)
    on_time = done is not None and due is not None and done <= due
    given = [("closing_rate", is_done), ("on_time_closing_rate", on_time)]
    if is_complaint(case):
        given.append(("complaint_closing_rate", is_done))
    yield from _answers(platform, case, at, *given)


def _by_original_clock(platform: Platform, case: Entry) -> Iterator[Answer]:
    due, done = case.times["due_at_original"], case.times["disposed_at"]
    if due is None:
        return
    at = due if done is None else min(done, due)
    period = platform.month_of(at)
    if period is None:
        return
    case_id, limit = str(case.record["case_id"]), platform.cut(period)
    out = is_void(case) or is_duplicate(case)
    hit = int(done is not None and done <= due)
    yield Answer("on_time_fact", period, case_id, at, hit, 1, out)
    moved = case.times["due_at"]
    since = case.times["suspended_at"]
    exemptions = {
        "extended_cases": moved is not None and moved > due,
        "suspended_cases": since is not None and since <= limit,
        "upheld_appeal_cases": _is_upheld(platform, case, limit),
    }
    for metric, applies in exemptions.items():
        if applies and not out:
            yield Answer(metric, period, case_id, at, 1, None)


# -- the posts' own work


def handling_answers(platform: Platform) -> Iterator[Answer]:
    """Registering, dispatching, returning and appealing; every case counts."""
    for case_id, case in platform.cases.items():
        yield from _reported(platform, case_id, case)
        yield from _registered(platform, case_id, case)
        yield from _dispatched(platform, case_id, case)
    for case_id, events in platform.events.items():
        for event in events:
            yield from _returned(platform, case_id, event)
            yield from _appealed(platform, case_id, event)


def _reported(platform: Platform, case_id: str, case: Entry) -> Iterator[Answer]:
    at = case.times["reported_at"]
    period = platform.month_of(at)
    if at is not None and period is not None:
        done = case.times["registered_at"]
        hit = int(done is not None and done <= platform.cut(period))
        out = is_duplicate(case)
        yield Answer("registration_rate", period, case_id, at, hit, 1, out)


def _registered(platform: Platform, case_id: str, case: Entry) -> Iterator[Answer]:
    at, accepted = case.times["registered_at"], case.times["accepted_at"]
    period = platform.month_of(at)
    if at is not None and period is not None:
        hit = int(accepted is not None and at - accepted <= HALF_AN_HOUR)
        out = case.record["status"] == "作废"
        yield Answer("timely_registration_rate", period, case_id, at, hit, 1, out)


def _dispatched(platform: Platform, case_id: str, case: Entry) -> Iterator[Answer]:
    registered = case.times["registered_at"]
    if registered is None:
        return
    events = platform.events_of(case_id, "dispatched")
    first = events[0].times["event_at"] if events else case.times["dispatched_at"]
    if first is None and case.times["closed_at"] is not None:
        return
    due = registered + HALF_AN_HOUR
    at = due if first is None else min(first, due)
    period = platform.month_of(at)
    if period is None:
        return
    out = is_void(case) or is_duplicate(case)
    dept = sent_to(events[0]) if events else None
    limit = platform.cut(period)
    known = [event for event in events if event.times["event_at"] <= limit]
    stayed = all(sent_to(event) == dept for event in known)
    hit = int(first is not None and first <= due)
    accurate = int(first is not None and first <= limit and stayed)
    yield Answer("timely_dispatch_rate", period, case_id, at, hit, 1, out, dept)
    yield Answer("accurate_dispatch_rate", period, case_id, at, accurate, 1, out, dept)


def _returned(platform: Platform, case_id: str, event: Entry) -> Iterator[Answer]:
    at, kind = event.times["event_at"], event.record["event_type"]
    period = platform.month_of(at)
    if period is None or kind not in ("dispatched", "return_approved"):
        return
    sent = kind == "dispatched"
    dept = sent_to(event) if sent else event.record.get("dept_code")
    assert at is not None
    yield Answer(
        "return_rate", period, case_id, at, int(not sent), int(sent), dept=dept
    )


def _appealed(platform: Platform, case_id: str, event: Entry) -> Iterator[Answer]:
    at = event.times["event_at"]
    period = platform.month_of(at)
    if period is None or event.record["event_type"] != "appealed":
        return
    limit = platform.cut(period)
    decisions = [
        each.record["event_type"]
        for each in platform.events_of(case_id, *DECISIONS)
        if at <= each.times["event_at"] <= limit
    ]
    hit = int(decisions[:1] == ["appeal_upheld"])
    assert at is not None
    dept = event.record.get("dept_code")
    yield Answer("appeal_success_rate", period, case_id, at, hit, dept=dept)


# -- what citizens said, and 721


def rating_answers(platform: Platform) -> Iterator[Answer]:
    """Ratings and call-backs of closed complaints, and the three shares."""
    for case_id, case in platform.cases.items():
        at = case.times["closed_at"]
        period = platform.month_of(at)
        if at is None or period is None:
            continue
        means = case.record.get("resolution_means")
        for words, name in MEANS.items() if means is not None else ():
            hit = int(means == words)
            yield Answer(f"share_{name}", period, case_id, at, hit)
        if is_managed(case) and is_complaint(case):
            yield from _rated(platform, case_id, case, period)


def _rated(
    platform: Platform, case_id: str, case: Entry, period: Period
) -> Iterator[Answer]:
    at, limit = case.times["closed_at"], platform.cut(period)
    assert at is not None
    calls = platform.night.callbacks.get(case_id, [])
    called = any(call.times["called_at"] <= limit for call in calls)
    rating = last_rating(calls, limit)
    satisfied = int(rating in shapes.SATISFIED)
    out = not is_eligible(case, limit)

    def answer(metric: str, hit: bool | int) -> Answer:
        return Answer(metric, period, case_id, at, int(hit), 1, out)

    if rating is not None or out:
        yield answer("complaint_satisfaction_rate", satisfied)
    if is_urban_complaint(case, platform.night, at):
        if rating is not None or out:
            yield answer("satisfaction_rate", satisfied)
        yield answer("callback_rate", called)
        if called:
            yield answer("rated_rate", rating is not None)


# -- hours


STAGES = {
    "acceptance_hours": ("reported_at", "accepted_at"),
    "registration_hours": ("accepted_at", "registered_at"),
    "disposal_hours": ("dispatched_at", "disposed_at"),
    "checking_hours": ("disposed_at", "checked_at"),
    "closing_hours": ("checked_at", "closed_at"),
    "whole_hours": ("reported_at", "closed_at"),
}


def hour_answers(platform: Platform) -> Iterator[Answer]:
    """How long each stage took."""
    for case_id, case in platform.cases.items():
        if is_void(case) or is_duplicate(case):
            continue
        times = dict(case.times)
        sent = platform.events_of(case_id, "dispatched")
        first = sent[0].times["event_at"] if sent else times["dispatched_at"]
        spans = {name: (times[a], times[b]) for name, (a, b) in STAGES.items()}
        spans["dispatch_hours"] = (times["registered_at"], first)
        for metric, (began, ended) in spans.items():
            period = platform.month_of(ended)
            if began is None or period is None or began > ended:
                continue
            microseconds = (ended - began) // timedelta(microseconds=1)
            hours = Fraction(microseconds, 3_600_000_000)
            yield Answer(metric, period, case_id, ended, hours)


FAMILIES: tuple[Callable[[Platform], Iterator[Answer]], ...] = (
    due_answers,
    handling_answers,
    rating_answers,
    hour_answers,
)


DUE, DISPOSED, CLOSED = "cases.due_at", "cases.disposed_at", "cases.closed_at"
FIRST_DUE = "cases.due_at_original"
REPORTED, ACCEPTED = "cases.reported_at", "cases.accepted_at"
REGISTERED, CHECKED = "cases.registered_at", "cases.checked_at"
DISPATCH, MEANS_OF = "cases.dispatch", "cases.resolution_means"
CALLED, RATED = "callbacks.called_at", "callbacks.rating"
# What a metric cannot do without; the others stand on events alone.
NEEDS = {
    "registration_rate": (REPORTED, REGISTERED),
    "timely_registration_rate": (ACCEPTED, REGISTERED),
    "timely_dispatch_rate": (REGISTERED, DISPATCH),
    "accurate_dispatch_rate": (REGISTERED, DISPATCH),
    "on_time_disposal_rate": (DUE, DISPOSED),
    "closing_rate": (DUE, CLOSED),
    "on_time_closing_rate": (DUE, CLOSED),
    "complaint_closing_rate": (DUE, CLOSED),
    "rework_rate": (DISPOSED,),
    "satisfaction_rate": (CLOSED, RATED),
    "complaint_satisfaction_rate": (CLOSED, RATED),
    "callback_rate": (CLOSED, CALLED),
    "rated_rate": (CLOSED, CALLED, RATED),
    "on_time_fact": (FIRST_DUE, DISPOSED),
    "on_time_assessed": (DUE, DISPOSED),
    "extended_cases": (FIRST_DUE, DUE, DISPOSED),
    "suspended_cases": (FIRST_DUE, DISPOSED),
    "upheld_appeal_cases": (FIRST_DUE, DISPOSED),
    "share_service": (CLOSED, MEANS_OF),
    "share_management": (CLOSED, MEANS_OF),
    "share_enforcement": (CLOSED, MEANS_OF),
    "acceptance_hours": (REPORTED, ACCEPTED),
    "registration_hours": (ACCEPTED, REGISTERED),
    "dispatch_hours": (REGISTERED, DISPATCH),
    "disposal_hours": ("cases.dispatched_at", DISPOSED),
    "checking_hours": (DISPOSED, CHECKED),
    "closing_hours": (CHECKED, CLOSED),
    "whole_hours": (REPORTED, CLOSED),
}


def answers(platform: Platform) -> list[Answer]:
    """Return every answer of a night to a metric that its month provides for."""
    return [
        answer
        for family in FAMILIES
        for answer in family(platform)
        if not lacks(platform.night, answer.metric, answer.period.months[0])
    ]


def lacks(night: Night, metric: str, of: Month) -> bool:
    """Tell whether nobody fills a field that a metric needs in a month."""
    return any(is_absent(night, need, of) for need in NEEDS.get(metric, ()))


def held_by(platform: Platform, answer: Answer) -> str | None:
    """Return the department an answer speaks of."""
    return answer.dept or platform.department(answer.case_id, answer.at)
