"""Case families: F1, the ratings and the descriptive case counts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.golden.oracle import shapes
from tests.golden.oracle.figures import (
    COUNTY,
    Areas,
    Figure,
    absent,
    counted,
    excluded,
    put,
    sum_areas,
)
from tests.golden.oracle.night import Entry, Night
from tests.golden.oracle.workdays import Month, Period, month

REGISTRATION_LIMIT = timedelta(minutes=30)


@dataclass(frozen=True)
class Duty:
    """What F1 asks of a case or supervision item."""

    done_at: datetime | None
    due_at: datetime | None
    eligible: bool
    town: str | None

    @property
    def attributed_at(self) -> datetime | None:
        """The moment that decides the month: done or due, whichever comes first."""
        moments = [m for m in (self.done_at, self.due_at) if m is not None]
        return min(moments, default=None)


Hit = Callable[[Duty], bool]


def attribute(duty: Duty, night: Night, period: Period, hit: Hit) -> Figure | None:
    """Return what one duty adds to a month, if it is the month's."""
    when = duty.attributed_at
    if when is None or not period.holds(when) or when > night.as_of:
        return None
    if not duty.eligible or duty.due_at is None:
        return excluded()
    return counted(hit(duty))


def done_by(limit: datetime) -> Hit:
    """Ask whether a duty was done by c."""
    return lambda duty: duty.done_at is not None and duty.done_at <= limit


def on_time(duty: Duty) -> bool:
    """Ask whether a duty was done by its due time."""
    done, due = duty.done_at, duty.due_at
    return done is not None and due is not None and done <= due


def is_void(case: Entry) -> bool:
    """Tell whether a case was never one."""
    return case.record["status"] in ("作废", "不予受理")


def is_duplicate(case: Entry) -> bool:
    """Tell whether a case was merged into another."""
    return case.record.get("master_case_id") not in (None, "")


def is_suspended(case: Entry, at: datetime) -> bool:
    """Tell whether a case was 挂账 at a moment."""
    since, until = case.times["suspended_at"], case.times["resumed_at"]
    return since is not None and since <= at and (until is None or until > at)


def is_eligible(case: Entry, at: datetime) -> bool:
    """Tell whether a case counts, its due time apart."""
    return not (is_void(case) or is_duplicate(case) or is_suspended(case, at))


def group_of(case: Entry, night: Night, when: datetime) -> str | None:
    """Return the indicator group of a case's category on a day."""
    key = f"{case.record['kind']}/{case.record['category_code']}"
    day = when.date()
    return night.reference.says("case_categories", key, "indicator_group", day)


def is_urban_complaint(case: Entry, night: Night, when: datetime) -> bool:
    """Tell whether a citizen complained about the urban area."""
    community = case.record["community_code"]
    return case.record[
        "channel"
    ] in shapes.CITIZEN_CHANNELS and night.reference.is_urban_community(
        community, when.date()
    )


Population = Callable[[Entry, Night, datetime], bool]


def _everything(case: Entry, night: Night, when: datetime) -> bool:
    del case, night, when
    return True


def _in_group(name: str) -> Population:
    return lambda case, night, when: group_of(case, night, when) == name


def _stopped_in_time(case: Entry) -> bool:
    due, stopped = case.times["stop_due_at"], case.times["stopped_at"]
    return due is None or (stopped is not None and stopped <= due)


def _duties(
    night: Night, period: Period, done: str, population: Population
) -> Iterator[tuple[Entry, Duty]]:
    limit = night.cut(period)
    for case in night.cases:
        duty = Duty(
            done_at=case.times[done],
            due_at=case.times["due_at"],
            eligible=is_eligible(case, limit),
            town=str(case.record["town_code"]),
        )
        when = duty.attributed_at
        managed = case.record["is_urban_management"]
        if managed and when is not None and population(case, night, when):
            yield case, duty


def _monthly(monthly: Callable[[Night, Period], Areas]) -> Callable:
    def whole(night: Night, period: Period) -> Areas:
        return sum_areas(
            monthly(night, month(each)) for each in night.begun(period, "cases")
        )

    return whole


def _f1(done: str, population: Population, hit: Callable[..., bool]) -> Callable:
    def figures(night: Night, period: Period) -> Areas:
        areas: Areas = {}
        limit = night.cut(period)
        for case, duty in _duties(night, period, done, population):
            figure = attribute(duty, night, period, _bind(hit, case, limit))
            if figure is not None:
                put(areas, duty.town, figure)
        return areas

    return _monthly(figures)


def _bind(hit: Callable[..., bool], case: Entry, limit: datetime) -> Hit:
    return lambda duty: hit(duty, case, limit)


def _done(duty: Duty, case: Entry, limit: datetime) -> bool:
    del case
    return done_by(limit)(duty)


def _on_time(duty: Duty, case: Entry, limit: datetime) -> bool:
    del case, limit
    return on_time(duty)


def _on_time_and_stopped(duty: Duty, case: Entry, limit: datetime) -> bool:
    del limit
    return on_time(duty) and _stopped_in_time(case)


i03 = _f1("disposed_at", _in_group("违法广告"), _done)
i04 = _f1("disposed_at", _in_group("违法建设"), _on_time_and_stopped)
i05 = _f1("disposed_at", _in_group("违法占道"), _on_time)
i18 = _f1("closed_at", is_urban_complaint, _done)
x06c = _f1("closed_at", _everything, _on_time)


def x01(night: Night, period: Period) -> Areas:
    """Sum the supervision items of the months whose register is there."""
    registers = night.registers.get("supervision_items", {})
    begun = night.begun(period, "register:supervision_items")
    present = [m for m in begun if m in registers]
    if not present:
        ended = period.end <= night.as_of
        return {COUNTY: absent("source_late" if ended else "not_due")}
    return sum_areas(_x01_month(night, each) for each in present)


def _x01_month(night: Night, of: Month) -> Areas:
    areas: Areas = {COUNTY: Figure()}
    period = month(of)
    hit = done_by(night.cut(period))
    for item in night.registers["supervision_items"][of]:
        duty = Duty(item["验收时间"], item["期限"], item["状态"] != "已取消", None)
        figure = attribute(duty, night, period, hit)
        if figure is not None:
            put(areas, None, figure)
    return areas


def last_rating(calls: Iterable[Entry], limit: datetime) -> str | None:
    """Return the rating of the last call that reached someone who rated."""
    rated = [
        (call.times["called_at"], call.record["attempt_no"], call.record["rating"])
        for call in calls
        if call.record["reached"] and call.record.get("rating") in shapes.RATED
    ]
    rated = [call for call in rated if call[0] <= limit]
    return max(rated)[2] if rated else None


@_monthly
def i19(night: Night, period: Period) -> Areas:
    """Satisfaction with the complaints closed in a month."""
    areas: Areas = {}
    limit = night.cut(period)
    for case in _closed_complaints(night, period):
        rating = last_rating(night.callbacks[case.record["case_id"]], limit)
        town = str(case.record["town_code"])
        if not is_eligible(case, limit):
            put(areas, town, excluded())
        elif rating is not None:
            put(areas, town, counted(rating in shapes.SATISFIED))
    return areas


def _closed_complaints(night: Night, period: Period) -> Iterator[Entry]:
    for case in _happened("closed_at", night, period):
        closed = case.times["closed_at"]
        if case.record["is_urban_management"] and is_urban_complaint(
            case, night, closed
        ):
            yield case


def _happened(field: str, night: Night, period: Period) -> Iterator[Entry]:
    limit = night.cut(period)
    for case in night.cases:
        when = case.times[field]
        if when is not None and period.holds(when) and when <= limit:
            yield case


def _x04(means: str) -> Callable:
    def figures(night: Night, period: Period) -> Areas:
        areas: Areas = {}
        for case in _happened("closed_at", night, period):
            reached = case.record.get("resolution_means")
            if reached is not None:
                put(areas, None, counted(reached == means))
        return areas

    return _monthly(figures)


x04a, x04b, x04c = _x04("服务"), _x04("管理"), _x04("执法")


@_monthly
def x06a(night: Night, period: Period) -> Areas:
    """Cases registered and not void."""
    areas: Areas = {}
    for case in _happened("registered_at", night, period):
        put(areas, None, excluded() if case.record["status"] == "作废" else _one())
    return areas


def _one() -> Figure:
    return Figure(1, 0, 1)


@_monthly
def x06b(night: Night, period: Period) -> Areas:
    """Cases registered within thirty minutes of acceptance."""
    areas: Areas = {}
    for case in _happened("registered_at", night, period):
        registered, accepted = case.times["registered_at"], case.times["accepted_at"]
        void = case.record["status"] == "作废"
        quick = (
            accepted is not None
            and registered is not None
            and registered - accepted <= REGISTRATION_LIMIT
        )
        put(areas, None, excluded() if void else counted(quick))
    return areas


@_monthly
def x10(night: Night, period: Period) -> Areas:
    """New illegal buildings reported."""
    areas: Areas = {}
    for case in _happened("reported_at", night, period):
        reported = case.times["reported_at"]
        if group_of(case, night, reported) == "违法建设":
            out = case.record["status"] == "作废" or is_duplicate(case)
            put(areas, None, excluded() if out else _one())
    return areas
