"""Story: how an ordinary case goes, with its detours and unhappy ends."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from simulator.cases.callbacks import callbacks_of
from simulator.cases.life import Life, new_state
from simulator.cases.place import CITIZENS, describe
from simulator.categories import Category
from simulator.county import County
from simulator.dice import poisson
from simulator.versions import Version


@dataclass(frozen=True)
class CaseHistory:
    """Everything the platform will ever say about one case."""

    cases: list[Version]
    events: list[Version]
    callbacks: list[Version]


def case_number(county: County, day: date, number: int) -> str:
    """Return the key of the n-th case reported on a day."""
    return f"{county.shape.prefix}{day:%Y%m%d}{number:05d}"


def ordinary_cases(county: County, day: date) -> int:
    """Count the ordinary cases of a day; weekends are quieter."""
    rng = county.dice("cases", day)
    mean = county.shape.cases_per_day * county.scale * (0.7 if day.weekday() > 4 else 1)
    return max(2, poisson(rng, mean))


def tell(county: County, day: date, number: int) -> CaseHistory:
    """Tell the whole story of the n-th case reported on a day."""
    case_id = case_number(county, day, number)
    rng = county.dice("case", case_id)
    reported_at = _report_time(day, rng)
    category, known = describe(county, reported_at, rng)
    late = rng.random() < county.parameters.late
    known_from = reported_at + timedelta(hours=rng.uniform(12, 72) if late else 0)
    life = Life(case_id, new_state(case_id, **known), rng, known_from)
    _Story(county, life, category, day, number).run(reported_at)
    cases, events = life.finished()
    callbacks: list[Version] = []
    closed = life.state["closed_at"]
    if known["channel"] in CITIZENS and isinstance(closed, datetime):
        callbacks = callbacks_of(case_id, closed, rng)
    return CaseHistory(cases, events, callbacks)


def _report_time(day: date, rng: random.Random) -> datetime:
    start = datetime.combine(day, time())
    if rng.random() < 0.01:
        return start + timedelta(seconds=rng.choice((0, 1, 86_399)))
    hour = rng.choices(range(24), [1] * 6 + [4] * 2 + [9] * 11 + [3] * 5)[0]
    return start + timedelta(hours=hour, seconds=rng.randint(1, 3_599))


class _Story:
    """The steps of one case, in order; each returns when it was done."""

    def __init__(
        self, county: County, life: Life, category: Category, day: date, number: int
    ) -> None:
        self.county, self.life, self.category = county, life, category
        self.day, self.number = day, number
        self.rng = life.rng

    def after(self, moment: datetime, low_hours: float, high_hours: float) -> datetime:
        seconds = round(3_600 * self.rng.uniform(low_hours, high_hours))
        return moment + timedelta(seconds=max(1, seconds))

    def run(self, reported_at: datetime) -> None:
        life, rng = self.life, self.rng
        life.step(reported_at, "reported", "监督员", reported_at=reported_at)
        accepted_at = self.after(reported_at, 0.02, 0.4)
        if rng.random() < 0.03:
            life.step(accepted_at, "rejected", "受理员", status="不予受理")
            return
        life.step(accepted_at, "accepted", "受理员", accepted_at=accepted_at)
        registered_at = self.after(accepted_at, 0.02, 0.55)
        life.step(
            registered_at,
            "registered",
            "值班长",
            registered_at=registered_at,
            status="已立案",
        )
        dispatched_at = self.dispatch(self.after(registered_at, 0.02, 0.5))
        if self.ends_early(dispatched_at):
            return
        if rng.random() < 0.05:
            dispatched_at = self.send_back(dispatched_at)
        self.handle(dispatched_at)

    def dispatch(self, at: datetime, to_dept: str | None = None) -> datetime:
        """Send the case to its department; the clock starts."""
        limit = timedelta(hours=self.category.limit_hours)
        due_at = None if self.rng.random() < 0.01 else at + limit
        changes: dict[str, object] = {
            "dispatched_at": at,
            "due_at_original": due_at,
            "due_at": due_at,
            "status": "已派遣",
            "to_dept_code": to_dept or self.life.state["dept_code"],
        }
        if to_dept:
            changes["dept_code"] = to_dept
        if self.category.indicator_group == "违法建设":
            changes["stop_due_at"] = at + timedelta(hours=4)
        self.life.step(at, "dispatched", "派遣员", **changes)
        return at

    def ends_early(self, dispatched_at: datetime) -> bool:
        """Void the case or merge it into an earlier one of the day, now and then."""
        roll, life = self.rng.random(), self.life
        at = self.after(dispatched_at, 0.2, 4)
        if roll < 0.02:
            life.step(at, "voided", "值班长", status="作废", result="误报")
            return True
        if roll < 0.05 and self.number > 1:
            master = case_number(self.county, self.day, self.number - 1)
            life.step(at, "merged", "受理员", master_case_id=master, result=master)
            return True
        return False

    def send_back(self, dispatched_at: datetime) -> datetime:
        """Let the department return the case; most returns are approved."""
        returned_at = self.after(dispatched_at, 0.3, 3)
        self.life.step(returned_at, "dept_returned", "专业部门", result="非本部门职责")
        if self.rng.random() < 0.3:
            return dispatched_at
        approved_at = self.after(returned_at, 0.2, 2)
        self.life.step(approved_at, "return_approved", "值班长")
        others = [d.code for d in self.county.shape.departments]
        return self.dispatch(
            self.after(approved_at, 0.1, 1), to_dept=self.rng.choice(others)
        )

    def handle(self, dispatched_at: datetime) -> None:
        """Dispose of the case in time, late, or never."""
        limit = float(self.category.limit_hours)
        roll = self.rng.random()
        if roll > 0.97:
            return
        overdue = roll > 0.88
        share = self.rng.uniform(1.02, 2.2) if overdue else self.rng.uniform(0.1, 0.96)
        if self.category.indicator_group == "违法建设":
            self.stop_works(dispatched_at)
        disposed_at = dispatched_at + timedelta(seconds=round(3_600 * share * limit))
        if self.rng.random() < 0.05:
            disposed_at = self.extend(dispatched_at, disposed_at)
        if self.rng.random() < 0.03:
            resumed = self.suspend(dispatched_at)
            if resumed is None:
                return
            disposed_at = max(disposed_at, self.after(resumed, 1, 30))
        self.close(self.dispose(disposed_at))

    def stop_works(self, dispatched_at: datetime) -> None:
        stopped_at = self.after(dispatched_at, 0.5, 4.4)
        self.life.touch(stopped_at, stopped_at=stopped_at, status="处置中")

    def extend(self, dispatched_at: datetime, disposed_at: datetime) -> datetime:
        """Approve an extension before the old due time; it is then used."""
        due_at = self.life.state["due_at"]
        if not isinstance(due_at, datetime):
            return disposed_at
        limit_seconds = 3_600 * self.category.limit_hours
        at = dispatched_at + timedelta(seconds=round(limit_seconds * 0.5))
        new_due = due_at + timedelta(days=self.rng.choice((1, 2, 5, 20)))
        self.life.step(
            at,
            "extension_approved",
            "值班长",
            due_at=new_due,
            new_due_at=new_due,
            extension_count=1,
        )
        later = disposed_at + (new_due - due_at) * self.rng.uniform(0.1, 0.9)
        return max(self.after(at, 0.1, 1), later.replace(microsecond=0))

    def suspend(self, dispatched_at: datetime) -> datetime | None:
        """Put the case on the 挂账 list; return when it came off, if ever."""
        at = max(self.after(dispatched_at, 0.5, 6), self.last_time())
        self.life.step(
            at, "suspended", "派遣员", suspended_at=at, resumed_at=None, status="挂账"
        )
        if self.rng.random() < 0.35:
            return None
        resumed_at = self.after(at, 48, 900)
        self.life.step(
            resumed_at, "resumed", "派遣员", resumed_at=resumed_at, status="处置中"
        )
        return resumed_at

    def last_time(self) -> datetime:
        return self.life.versions[-1].at

    def dispose(self, at: datetime) -> datetime:
        """Dispose; the check may fail and send the case round again."""
        for attempt in range(3):
            self.life.step(at, "disposed", "专业部门", disposed_at=at, status="待核查")
            checked_at = self.after(at, 0.3, 5)
            if attempt == 2 or self.rng.random() > 0.07:
                self.life.step(
                    checked_at, "checked_pass", "监督员", checked_at=checked_at
                )
                return checked_at
            self.life.step(
                checked_at,
                "checked_fail",
                "监督员",
                checked_at=checked_at,
                status="处置中",
                rework_count=attempt + 1,
            )
            at = self.after(checked_at, 1, 20)
        return at

    def close(self, checked_at: datetime) -> None:
        closed_at = self.after(checked_at, 0.05, 3)
        means = self.rng.choices(("服务", "管理", "执法"), (70, 20, 10))[0]
        self.life.step(
            closed_at,
            "closed",
            "值班长",
            closed_at=closed_at,
            status="已结案",
            resolution_means=means,
        )
        roll = self.rng.random()
        if roll < 0.015:
            self.reopen(closed_at)
        elif roll < 0.03:
            self.appeal(closed_at)
        elif roll < 0.04:
            self.correct(closed_at)

    def reopen(self, closed_at: datetime) -> None:
        at = self.after(closed_at, 12, 240)
        self.life.step(at, "reopened", "值班长", closed_at=None, status="处置中")
        checked_at = self.dispose(self.after(at, 2, 60))
        closed_at = self.after(checked_at, 0.1, 2)
        self.life.step(
            closed_at, "closed", "值班长", closed_at=closed_at, status="已结案"
        )

    def appeal(self, closed_at: datetime) -> None:
        at = self.after(closed_at, 8, 72)
        self.life.step(at, "appealed", "专业部门", result="对超时认定有异议")
        decided = self.rng.choice(("appeal_upheld", "appeal_rejected"))
        self.life.step(self.after(at, 20, 90), decided, "值班长")

    def correct(self, closed_at: datetime) -> None:
        """Change the record long afterwards, also after the month was frozen."""
        at = self.after(closed_at, 240, 1_200)
        if self.rng.random() < 0.5:
            self.life.step(at, "voided", "值班长", status="作废", result="复核为误报")
        else:
            self.life.touch(
                at, rework_count=int(str(self.life.state["rework_count"])) + 1
            )
