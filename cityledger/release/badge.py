"""Badge: how far a published figure can be relied on, and when it must be held back."""

from dataclasses import dataclass
from typing import Final

import duckdb

from cityledger.release.opened import Row, rows
from cityledger.release.periods import months

Grade = str


@dataclass(frozen=True)
class Rule:
    """One component: the limits of A, B and C; beyond C it is D."""

    component: str
    name_zh: str
    name_en: str
    limits: tuple[float, float, float]
    more_is_better: bool
    withholds: bool

    def grade(self, value: float | None) -> Grade | None:
        """Return the grade of a reading; without one, none."""
        if value is None:
            return None
        for grade, limit in zip("ABC", self.limits, strict=True):
            if (value >= limit) if self.more_is_better else (value <= limit):
                return grade
        return "D"


RULES: Final = (
    Rule("completeness", "完整率", "completeness", (0.98, 0.95, 0.80), True, True),
    Rule("timeliness", "及时率", "timeliness", (0.95, 0.85, 0.60), True, False),
    Rule("quarantine_rate", "隔离率", "quarantine", (0.02, 0.05, 0.20), False, True),
    Rule("reconciled", "对账相符率", "reconciliation", (0.95, 0.85, 0.60), True, False),
)

# What each kind of record is loaded from, and which comparison speaks of it.
_SOURCES: Final = {
    "case": ("cases", "case_events"),
    "case_event": ("cases", "case_events"),
    "weigh_ticket": ("weighbridge",),
    "segment_day": ("sanitation",),
    "lamp_night": ("lighting",),
    "lit_lamps": ("lighting",),
}
_CHECKS: Final = {
    "case": "case_in_report",
    "weigh_ticket": "load_at_both_ends",
    "lamp_night": "lamp_reported_dark",
}
_HEALTH: Final = """
select
    source, strftime(business_date, '%Y-%m') as month, count(*) as days,
    count(*) filter (where status in ('正常', '部分')) as days_in_time,
    sum(received) as received, sum(quarantined) as quarantined
from inside.source_health group by all
"""
_AGREEMENT: Final = """
select check_id, month, sum(compared) as compared, sum(agreeing) as agreeing
from inside.reconciliation group by all
"""
_RECORD_TYPES: Final = """
select distinct indicator_id, record_type from inside.indicator_events order by all
"""


@dataclass(frozen=True)
class Badge:
    """One figure's grade with the readings behind it."""

    grade: Grade
    readings: dict[str, float | None]
    is_withheld: bool

    @property
    def note(self) -> str:
        """Say what the grade rests on."""
        said = [
            f"{rule.name_zh} {value:.1%}"
            for rule in RULES
            if (value := self.readings[rule.component]) is not None
        ]
        return "，".join(said)


class Badges:
    """Grades every indicator and period of the leaders' file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._health = {(r["source"], r["month"]): r for r in rows(connection, _HEALTH)}
        self._agreement = {
            (r["check_id"], r["month"]): r for r in rows(connection, _AGREEMENT)
        }
        self._types: dict[str, list[str]] = {}
        for row in rows(connection, _RECORD_TYPES):
            self._types.setdefault(row["indicator_id"], []).append(row["record_type"])

    def counts_cases(self, indicator_id: str) -> bool:
        """Say whether an indicator counts cases, which people stand behind."""
        return any(
            t in ("case", "case_event") for t in self._types.get(indicator_id, ())
        )

    def badge(
        self, indicator_id: str, period: str, completeness: float | None
    ) -> Badge:
        """Grade one figure: the worst component decides."""
        types = self._types.get(indicator_id, ["register"])
        sources = sorted({s for t in types for s in _SOURCES.get(t, ("registers",))})
        health = [
            self._health[source, month]
            for source in sources
            for month in months(period)
            if (source, month) in self._health
        ]
        agreement = [
            self._agreement[_CHECKS[t], month]
            for t in types
            for month in months(period)
            if t in _CHECKS and (_CHECKS[t], month) in self._agreement
        ]
        readings = {
            "completeness": completeness,
            "timeliness": _share(health, "days_in_time", "days"),
            "quarantine_rate": _share(health, "quarantined", "received"),
            "reconciled": _share(agreement, "agreeing", "compared"),
        }
        return judge(readings)


def judge(readings: dict[str, float | None]) -> Badge:
    """Return the worst grade of the readings, and whether it withholds the number.

    Completeness and quarantine say how much of the truth was counted: there D hides
    the number. Timeliness and reconciliation can lower a grade to C, not hide.
    """
    grades = []
    is_withheld = False
    for rule in RULES:
        grade = rule.grade(readings.get(rule.component))
        if grade == "D" and rule.withholds:
            is_withheld = True
        grades.append("C" if grade == "D" and not rule.withholds else grade)
    known = [grade for grade in grades if grade]
    return Badge(max(known, default="C"), readings, is_withheld)


def _share(found: list[Row], part: str, whole: str) -> float | None:
    total = sum(row[whole] or 0 for row in found)
    return sum(row[part] or 0 for row in found) / total if total else None
