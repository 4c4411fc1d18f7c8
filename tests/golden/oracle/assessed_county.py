"""Assessed county: the assessment's marts, recomputed from a night in plain Python."""

import statistics
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.golden.oracle.absence import is_absent
from tests.golden.oracle.assessed_cases import Answer, Platform, answers, held_by
from tests.golden.oracle.figures import COUNTY
from tests.golden.oracle.night import Night
from tests.golden.oracle.workdays import Period, month, periods

# The post that answers for a metric, and whose event says who that was.
POSTS = {
    "registration_rate": ("registered", "值班长"),
    "timely_registration_rate": ("registered", "值班长"),
    "timely_dispatch_rate": ("dispatched", "派遣员"),
    "accurate_dispatch_rate": ("dispatched", "派遣员"),
    "on_time_disposal_rate": ("disposed", "专业部门"),
    "closing_rate": ("closed", "值班长"),
    "on_time_closing_rate": ("closed", "值班长"),
    "complaint_closing_rate": ("closed", "值班长"),
    "rework_rate": ("disposed", "专业部门"),
    "return_rate": (None, "专业部门"),
    "appeal_success_rate": (None, "专业部门"),
    "satisfaction_rate": (None, "座席"),
    "complaint_satisfaction_rate": (None, "座席"),
    "callback_rate": (None, "座席"),
    "rated_rate": (None, "座席"),
    "on_time_fact": ("disposed", "专业部门"),
    "on_time_assessed": ("disposed", "专业部门"),
    "extended_cases": ("disposed", "专业部门"),
    "suspended_cases": ("disposed", "专业部门"),
    "upheld_appeal_cases": ("disposed", "专业部门"),
    "share_service": ("closed", "值班长"),
    "share_management": ("closed", "值班长"),
    "share_enforcement": ("closed", "值班长"),
    "acceptance_hours": ("accepted", "受理员"),
    "registration_hours": ("registered", "值班长"),
    "dispatch_hours": ("dispatched", "派遣员"),
    "disposal_hours": ("disposed", "专业部门"),
    "checking_hours": ("checked_pass", "监督员"),
    "closing_hours": ("closed", "值班长"),
    "whole_hours": (None, None),
}
MetricKey = tuple[str, str, str, str]


@dataclass
class Sum:
    """A numerator and a denominator in the making."""

    hits: Fraction = Fraction(0)
    base: Fraction | None = None
    excluded: int = 0
    values: list[Fraction] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Count an answer in."""
        if answer.excluded:
            self.excluded += 1
            return
        self.hits += answer.hit
        self.values.append(Fraction(answer.hit))
        if answer.base is not None:
            self.base = (self.base or 0) + answer.base

    @property
    def share(self) -> Fraction | None:
        """Return the unrounded ratio."""
        return self.hits / self.base if self.base else None


class Assessment:
    """The assessment of one night."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.platform = Platform(night)
        self.answers = answers(self.platform)
        self.periods = periods(night.months("cases"))

    def _post(self, answer: Answer) -> str | None:
        event_type, post = POSTS[answer.metric]
        events = (
            self.platform.events_of(answer.case_id, event_type) if event_type else []
        )
        return events[-1].record["actor_role"] if events else post

    def _members(self, answer: Answer) -> Mapping[str, str | None]:
        case = self.platform.cases.get(answer.case_id)
        record = {} if case is None else case.record
        code = record.get("category_code")
        return {
            "county": COUNTY,
            "town": record.get("town_code"),
            "department": held_by(self.platform, answer),
            "role": self._post(answer),
            "class": None if code is None else f"{record['kind']}{code[:2]}",
        }

    def metrics(self) -> dict[MetricKey, tuple]:
        """Return numerator, denominator and value by metric, period and member."""
        sums: dict[MetricKey, Sum] = defaultdict(Sum)
        for answer in self.answers:
            members = self._members(answer)
            for period in self.periods:
                if answer.period.months[0] not in period.months:
                    continue
                for dimension, member in members.items():
                    if member is not None:
                        key = (answer.metric, period.label, dimension, member)
                        sums[key].add(answer)
        found = {}
        for (metric, *place), total in sums.items():
            found.update(_shown(metric, tuple(place), total))
        return found

    def departments(self) -> dict[tuple[str, str], dict]:
        """Return the score card of every department and month that is scored."""
        cards = {}
        for period in self.platform.months:
            by_dept: dict[str, dict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
            for answer in self.answers:
                if answer.period == period:
                    dept = held_by(self.platform, answer)
                    if dept is not None:
                        by_dept[dept][answer.metric].add(answer)
            for dept, sums in by_dept.items():
                card = self._card(dept, period, sums)
                if card is not None:
                    cards[dept, period.label] = card
        _rank(cards)
        return cards

    def _card(self, dept: str, period: Period, sums: Mapping[str, Sum]) -> dict | None:
        due = sums["on_time_disposal_rate"]
        if not due.base or not self._is_known(dept, period):
            return None
        register = self._register(period)
        rework, returns = sums["rework_rate"].share, sums["return_rate"].share
        points = {
            "case_points": _weigh(
                (20, due.share),
                (10, sums["closing_rate"].share),
                (10, None if rework is None else 1 - rework),
                (10, None if returns is None else max(1 - returns, Fraction(0))),
            ),
            "inspection_points": _weigh((25, register.inspection(dept))),
            "complaint_points": _weigh(
                (7, sums["complaint_closing_rate"].share),
                (8, sums["complaint_satisfaction_rate"].share),
            ),
            "supervision_points": _weigh((10, register.supervision(dept))),
        }
        full = {"case_points": 50, "inspection_points": 25}
        full |= {"complaint_points": 15, "supervision_points": 10}
        present = [name for name, got in points.items() if got is not None]
        base = sum(points[name] for name in present) / sum(full[n] for n in present)
        adjust = register.adjustment(dept)
        return points | {
            "adjust_points": adjust,
            "score": 100 * base + adjust,
            "due_cases": int(due.base),
            "group": self._group(dept, period),
        }

    def _is_known(self, dept: str, period: Period) -> bool:
        day = min(period.last, self.night.day)
        return dept in self.night.reference.at("departments", day)

    def _group(self, dept: str, period: Period) -> str | None:
        last = min(period.last, self.night.day)
        reference = self.night.reference
        return reference.says("departments", dept, "ranking_group", last)

    def _register(self, period: Period) -> "Registers":
        return Registers(self.night, period)

    def toilets(self) -> dict[tuple[str, str], tuple]:
        """Return score, stars and veto of every toilet and month."""
        found = {}
        for month_, rows in self.night.registers.get("toilets", {}).items():
            for row in rows:
                score = (
                    row["设施得分"] * 2 + row["保洁得分"] * 2 + row["服务得分"]
                ) / Fraction(5)
                bars = [(95, 5), (90, 4), (85, 3), (80, 2), (70, 1)]
                stars = next((s for bar, s in bars if score >= bar), 0)
                vetoed = row["一票否决"] is True
                label = f"{month_.year}-{month_.number:02d}"
                found[label, row["公厕编号"]] = (
                    score,
                    0 if vetoed else stars,
                    vetoed,
                )
        return found

    def repairs(self) -> dict[tuple[str, str], list]:
        """Return faults, due, on time and repair hours by month and grade."""
        found: dict[tuple[str, str], list] = defaultdict(lambda: [0, 0, 0, []])
        for fault in self.night.lighting_rows("lamp_fault"):
            grade, due, fixed = fault["grade"], fault["due_at"], fault["fixed_at"]
            month_ = self._lighting_month(fault["found_at"])
            if month_ is not None:
                found[month_.label, grade][0] += 1
            if due is None:
                continue
            month_ = self._lighting_month(due if fixed is None else min(due, fixed))
            if month_ is None:
                continue
            row = found[month_.label, grade]
            row[1] += 1
            row[2] += fixed is not None and fixed <= due
            if fixed is not None and fixed <= self.night.cut(month_):
                row[3].append(_hours(fixed - fault["found_at"]))
        return found

    def _lighting_month(self, at: datetime) -> Period | None:
        begun = [month(each) for each in self.night.months("lighting")]
        known = at <= self.night.as_of
        return next((each for each in begun if known and each.holds(at)), None)

    def balances(self) -> dict[tuple[str, str], dict[str, Fraction]]:
        """Return what went in and out of each facility, and how sure it is."""
        found: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(
            lambda: defaultdict(Fraction)
        )
        for ticket in self.night.unreplaced_tickets:
            if ticket.status == "作废":
                continue
            when: datetime = ticket.gross_at
            row = found[f"{when:%Y-%m}", ticket.facility]
            row["in_kg" if ticket.direction == "进" else "out_kg"] += ticket.net
            row["tickets"] += 1
            row["manual_tickets"] += ticket.status == "补录"
            kind = self.night.reference.says(
                "facilities", ticket.facility, "kind", when.date()
            )
            if kind != "转运站":
                sign = 1 if ticket.direction == "进" else -1
                row["treated_kg"] += sign * ticket.net
        return found


class Registers:
    """What a month's registers say of the departments."""

    def __init__(self, night: Night, period: Period) -> None:
        self.night, self.period = night, period

    def _rows(self, name: str) -> list:
        return self.night.registers.get(name, {}).get(self.period.months[0], [])

    def inspection(self, dept: str) -> Fraction | None:
        """Return the inspection's score as a share of the whole."""
        for row in self._rows("department_inspections"):
            if row["单位编码"] == dept:
                return Fraction(row["得分"]) / 100
        return None

    def adjustment(self, dept: str) -> Fraction:
        """Return the points added or taken."""
        rows = self._rows("department_adjustments")
        return sum(
            (Fraction(r["加减分"]) for r in rows if r["单位编码"] == dept), Fraction()
        )

    def supervision(self, dept: str) -> Fraction | None:
        """Return X01 of the department."""
        due = done = 0
        columns = ("期限", "验收时间")
        register, of = "register:supervision_items", self.period.months[0]
        if any(is_absent(self.night, f"{register}.{name}", of) for name in columns):
            return None
        for item in self._rows("supervision_items"):
            verified, limit = item["验收时间"], item["期限"]
            if item["牵头单位"] != dept or item["状态"] == "已取消" or limit is None:
                continue
            at = limit if verified is None else min(limit, verified)
            if not self.period.holds(at) or at > self.night.as_of:
                continue
            due += 1
            done += verified is not None and verified <= self.night.cut(self.period)
        return Fraction(done, due) if due else None


def _hours(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 3_600_000_000)


def _weigh(*parts: tuple[int, Fraction | None]) -> Fraction | None:
    """Return a component's points; parts without data leave their weight to others."""
    known = [(weight, share) for weight, share in parts if share is not None]
    if not known:
        return None
    full = sum(weight for weight, _ in parts)
    got = sum(weight * share for weight, share in known)
    return Fraction(got * full) / sum(weight for weight, _ in known)


def _shown(metric: str, place: tuple, total: Sum) -> dict[MetricKey, tuple]:
    if metric.endswith("_hours"):
        middle = statistics.median(total.values) if total.values else None
        return {
            (f"{metric}_mean", *place): (total.hits, total.base or 0, total.share),
            (f"{metric}_median", *place): (None, total.base or 0, middle),
        }
    if metric.endswith("_cases"):
        return {(metric, *place): (total.hits, None, total.hits)}
    share = None if total.share is None else total.share * 100
    return {(metric, *place): (total.hits, total.base or 0, share)}


def two_decimals(value: Fraction) -> Decimal:
    """Round half up, as scores are read out."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rank(cards: Mapping[tuple[str, str], dict]) -> None:
    for (_, label), card in cards.items():
        group = [
            two_decimals(other["score"])
            for (_, when), other in cards.items()
            if when == label and _is_ranked(other) and other["group"] == card["group"]
        ]
        mine = two_decimals(card["score"])
        higher = {score for score in group if score > mine}
        card["rank"] = len(higher) + 1 if _is_ranked(card) else None


def _is_ranked(card: Mapping) -> bool:
    return card["due_cases"] >= 10 and card["group"] is not None
