"""Edges: cases that happen exactly where a day, a month or its freeze ends.

Each month brings one of every kind, reported two days before the month is over.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from simulator.cases.callbacks import attempt
from simulator.cases.life import Life, new_state
from simulator.cases.place import department_of
from simulator.cases.story import CaseHistory, case_number
from simulator.categories import CATEGORIES, Category
from simulator.county import County
from simulator.months import first_of_month, freeze_day, last_of_month
from simulator.versions import Version, chain, midnight_after

_FIRST_NUMBER = 90_001
_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class _Scene:
    """A case on its way, with the moments that matter for its month."""

    def __init__(self, life: Life, day: date) -> None:
        self.life = life
        self.end = midnight_after(last_of_month(day))
        self.freeze = midnight_after(freeze_day(first_of_month(day)))
        self.opened = datetime.combine(day, time(9))
        self.callbacks: list[Version] = []

    def open(self, due_at: datetime | None) -> None:
        """Report, accept, register and dispatch the case."""
        step, at = self.life.step, self.opened
        step(at, "reported", "监督员", reported_at=at)
        at += timedelta(minutes=5)
        step(at, "accepted", "受理员", accepted_at=at)
        # Thirty minutes to the second: the last moment that is still in time.
        at += timedelta(minutes=30)
        step(at, "registered", "值班长", registered_at=at, status="已立案")
        at += timedelta(minutes=5)
        changes = {"dispatched_at": at, "due_at": due_at, "due_at_original": due_at}
        stop = at + timedelta(hours=4)
        if self.life.state["category_code"] == "0101":
            changes |= {"stop_due_at": stop, "stopped_at": None}
        step(at, "dispatched", "派遣员", status="已派遣", **changes)
        if self.life.state["category_code"] == "0101":
            self.life.touch(stop, stopped_at=stop, status="处置中")

    def dispose(self, at: datetime) -> None:
        self.life.step(at, "disposed", "专业部门", disposed_at=at, status="待核查")

    def close(self, at: datetime) -> None:
        before = at - _SECOND
        self.life.step(before, "checked_pass", "监督员", checked_at=before)
        self.life.step(
            at,
            "closed",
            "值班长",
            closed_at=at,
            status="已结案",
            resolution_means="管理",
        )


def edge_cases(county: County, day: date) -> list[CaseHistory]:
    """Return the scripted cases reported on a day: those of the month's edge."""
    if not county.parameters.edges or day != last_of_month(day) - 2 * _DAY:
        return []
    return [
        _play(county, day, number, scene)
        for number, scene in enumerate(_SCENES, start=_FIRST_NUMBER)
    ]


def _play(
    county: County, day: date, number: int, scene: Callable[[_Scene], None]
) -> CaseHistory:
    case_id = case_number(county, day, number)
    rng = county.dice("edge", case_id)
    category = _category_in_turn(day, number)
    community = next(c for c in county.shape.communities if c.in_urban_area)
    life = Life(
        case_id,
        new_state(
            case_id,
            kind=category.kind,
            category_code=category.code,
            channel="12345",
            is_urban_management=category.is_urban_management,
            town_code=community.town_code,
            community_code=community.code,
            grid_code=community.code + "001",
            dept_code=department_of(county, category, community, rng),
        ),
        rng,
        datetime.combine(day, time()),
        is_exact=True,
    )
    stage = _Scene(life, day)
    scene(stage)
    cases, events = life.finished()
    return CaseHistory(cases, events, stage.callbacks)


def _category_in_turn(day: date, number: int) -> Category:
    """Let every scene meet every kind of population as the months go by."""
    counted = [c for c in CATEGORIES if c.indicator_group]
    return counted[(number + day.month) % len(counted)]


def _due_and_done_at_midnight(scene: _Scene) -> None:
    scene.open(scene.end)
    scene.dispose(scene.end)
    scene.close(scene.end + _HOUR)


def _due_and_done_a_second_before(scene: _Scene) -> None:
    scene.open(scene.end - _SECOND)
    scene.dispose(scene.end - _SECOND)
    scene.close(scene.end)


def _done_a_second_late(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    scene.dispose(scene.end - _HOUR + _SECOND)
    scene.close(scene.end)


def _done_at_the_freeze(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    scene.dispose(scene.freeze)
    scene.close(scene.freeze + 2 * _SECOND)


def _suspended_at_the_freeze(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    scene.life.step(
        scene.freeze, "suspended", "派遣员", suspended_at=scene.freeze, status="挂账"
    )


def _resumed_at_the_freeze(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    began = scene.end - _DAY
    scene.life.step(began, "suspended", "派遣员", suspended_at=began, status="挂账")
    scene.life.step(
        scene.freeze, "resumed", "派遣员", resumed_at=scene.freeze, status="处置中"
    )


def _extended_into_the_next_month(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    due_at = scene.end + 20 * _DAY
    scene.life.step(
        scene.end - 2 * _HOUR,
        "extension_approved",
        "值班长",
        due_at=due_at,
        new_due_at=due_at,
        extension_count=1,
    )


def _merged_at_midnight(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    master = scene.life.case_id[:-5] + f"{_FIRST_NUMBER:05d}"
    scene.life.step(scene.end, "merged", "受理员", master_case_id=master, result=master)


def _voided_after_the_freeze(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    scene.dispose(scene.end - 2 * _HOUR)
    scene.close(scene.end - _HOUR)
    late = scene.freeze + _SECOND
    scene.life.step(late, "voided", "值班长", status="作废", result="复核为误报")


def _called_back_around_the_freeze(scene: _Scene) -> None:
    scene.open(scene.end - _HOUR)
    scene.dispose(scene.end - 3 * _HOUR)
    scene.close(scene.end - _SECOND)
    first = attempt(scene.life.case_id, 1, scene.freeze, "不满意")
    second = attempt(scene.life.case_id, 2, scene.freeze + _SECOND, "满意")
    scene.callbacks = [*chain([first]), *chain([second])]


def _without_due_time(scene: _Scene) -> None:
    scene.open(None)
    scene.dispose(scene.end - _SECOND)
    scene.close(scene.end)


def _never_touched_again(scene: _Scene) -> None:
    scene.open(scene.end)


_SCENES: tuple[Callable[[_Scene], None], ...] = (
    _due_and_done_at_midnight,
    _due_and_done_a_second_before,
    _done_a_second_late,
    _done_at_the_freeze,
    _suspended_at_the_freeze,
    _resumed_at_the_freeze,
    _extended_into_the_next_month,
    _merged_at_midnight,
    _voided_after_the_freeze,
    _called_back_around_the_freeze,
    _without_due_time,
    _never_touched_again,
)
