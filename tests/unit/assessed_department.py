"""Assessed department: from a handful of cases to a score, by the project's own SQL."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from rendered_models import Models, Row

AS_OF = datetime(2025, 6, 16)  # noqa: DTZ001 - county time
MAY = datetime(2025, 5, 1)  # noqa: DTZ001 - county time
_TIMES = (
    "reported_at",
    "accepted_at",
    "registered_at",
    "dispatched_at",
    "due_at_original",
    "due_at",
    "stop_due_at",
    "stopped_at",
    "disposed_at",
    "checked_at",
    "closed_at",
    "suspended_at",
    "resumed_at",
    "updated_at",
)
_TABLES = {
    "stg_cases__cases": (
        "case_id varchar, category_code varchar, town_code varchar, "
        "community_code varchar, dept_code varchar, contractor_code varchar, "
        "master_case_id varchar, kind varchar, channel varchar, "
        "is_urban_management boolean, status varchar, resolution_means varchar, "
        "rework_count bigint, " + ", ".join(f"{name} timestamp" for name in _TIMES)
    ),
    "stg_cases__case_versions": (
        "case_id varchar, dept_code varchar, updated_at timestamp"
    ),
    "stg_cases__case_events": (
        "event_id varchar, case_id varchar, dept_code varchar, to_dept_code varchar, "
        "event_type varchar, actor_role varchar, event_at timestamp"
    ),
    "stg_cases__callbacks": (
        "callback_id varchar, case_id varchar, attempt_no bigint, is_reached boolean, "
        "rating varchar, called_at timestamp"
    ),
    "stg_reference__case_categories": (
        "kind varchar, category_code varchar, class_name varchar, "
        "indicator_group varchar, valid_from date, valid_to date"
    ),
    "stg_reference__communities": (
        "community_code varchar, in_urban_area boolean, valid_from date, valid_to date"
    ),
    "stg_reference__departments": (
        "dept_code varchar, name varchar, ranking_group varchar, valid_from date, "
        "valid_to date"
    ),
    "stg_registers__department_inspections": (
        "register_month date, dept_code varchar, score double, inspection_count bigint"
    ),
    "stg_registers__department_adjustments": (
        "register_month date, dept_code varchar, points double, basis varchar"
    ),
    "stg_registers__supervision_items": (
        "register_month date, item_no varchar, dept_code varchar, item_status varchar, "
        "due_at timestamp, verified_at timestamp"
    ),
    "int_periods": (
        "period_type varchar, period varchar, period_start date, period_end date, "
        "cutoff_at timestamp, stage varchar, has_ended boolean, as_of_date date, "
        "as_of timestamp"
    ),
    "int_feed_periods": (
        "feed varchar, period_type varchar, period varchar, period_start date, "
        "period_end date, stage varchar, as_of_date date, as_of timestamp"
    ),
    "stg_registers__ad_facilities": (
        "register_month date, permit_from date, permit_to date, "
        "last_inspected_date date, last_inspection_result varchar"
    ),
    "stg_registers__frontage_units": (
        "register_month date, pledge_signed_date date, last_inspected_date date, "
        "last_inspection_result varchar"
    ),
    "stg_registers__institutions": "register_month date, inspection_result varchar",
    "int_areas": "area_code varchar, town_code varchar, area_name varchar",
    "ops_calendar": "day date, is_workday boolean",
}
_MODELS = (
    "int_absent_fields",
    "int_absent_metrics",
    "int_cases_due_for_disposal",
    "int_cases_due_for_closing",
    "int_cases_closed",
    "int_cases_registered",
    "int_supervision_items_due",
    "case_department_terms",
    "case_disposal_measures",
    "case_closing_measures",
    "case_handling_measures",
    "case_rating_measures",
    "case_stage_hours",
    "case_metric_events",
    "case_metrics",
    "department_measures",
    "department_records",
    "department_parts",
    "department_scores",
)
_SETTLED = (
    "int_absent_fields",
    "int_absent_metrics",
    "int_cases_due_for_disposal",
    "int_cases_due_for_closing",
    "int_cases_closed",
    "case_metric_events",
    "department_records",
    "department_parts",
)
_ALWAYS = {"valid_from": "1900-01-01", "valid_to": "9999-12-31"}


@lru_cache
def county() -> Models:
    """Return a county of three months and no cases; it is emptied by each use."""
    models = Models(_TABLES, _MODELS, _SETTLED)
    months = ("2025-04-01", "2025-05-01", "2025-06-01", "2025-07-01")
    periods = [
        {
            "period_type": "M",
            "period": start[:7],
            "period_start": start,
            "period_end": end,
            "stage": "初报",
            "as_of_date": "2025-06-15",
            "as_of": f"{AS_OF}",
        }
        for start, end in pairwise(months)
    ]
    models.fill("int_feed_periods", [each | {"feed": "cases"} for each in periods])
    models.fill(
        "int_periods",
        [
            each
            | {
                "cutoff_at": min(f"{each['period_end'][:8]}10 00:00:00", f"{AS_OF}"),
                "has_ended": each["period_end"] <= f"{AS_OF:%Y-%m-%d}",
            }
            for each in periods
        ],
    )
    models.fill(
        "stg_reference__communities",
        [{"community_code": "urban", "in_urban_area": True} | _ALWAYS],
    )
    models.fill("int_areas", [{"area_code": "420323000000", "area_name": "全县"}])
    return models


@dataclass(frozen=True)
class Case:
    """What a case needs to be judged; times in hours since the first of May."""

    due: int
    done: int | None = None
    closed: int | None = None
    reworks: int = 0
    is_complaint: bool = False
    is_returned: bool = False
    rating: str | None = None

    def moment(self, hour: int | None) -> str | None:
        """Return an hour of May as the county's clock shows it."""
        return None if hour is None else f"{MAY + timedelta(hours=hour)}"

    def row(self, case_id: str, dept: str) -> Row:
        """Return the case as its record."""
        sent = min(h for h in (self.due, self.done, self.closed) if h is not None) - 1
        return {
            "case_id": case_id,
            "dept_code": dept,
            "kind": "事件",
            "category_code": "0101",
            "community_code": "urban",
            "channel": "12345" if self.is_complaint else "监督员",
            "is_urban_management": True,
            "status": "处置中" if self.closed is None else "已结案",
            "rework_count": self.reworks,
            "dispatched_at": self.moment(sent),
            "due_at": self.moment(self.due),
            "due_at_original": self.moment(self.due),
            "disposed_at": self.moment(self.done),
            "closed_at": self.moment(self.closed),
            "updated_at": f"{AS_OF}",
        }

    def events(self, case_id: str, dept: str) -> list[Row]:
        """Return its dispatch, and the return that was approved."""
        sent = min(h for h in (self.due, self.done, self.closed) if h is not None) - 1
        kinds = ["dispatched", *["return_approved"] * self.is_returned]
        return [
            {
                "event_id": f"{case_id}-{number}",
                "case_id": case_id,
                "dept_code": dept,
                "to_dept_code": dept if kind == "dispatched" else None,
                "event_type": kind,
                "event_at": self.moment(sent),
            }
            for number, kind in enumerate(kinds)
        ]

    def callback(self, case_id: str) -> list[Row]:
        """Return what the citizen said once the case was closed."""
        if self.rating is None or self.closed is None:
            return []
        return [
            {
                "callback_id": case_id,
                "case_id": case_id,
                "attempt_no": 1,
                "is_reached": True,
                "rating": self.rating,
                "called_at": self.moment(self.closed),
            }
        ]


@dataclass(frozen=True)
class Department:
    """A department's cases, and what the registers of May say of it."""

    cases: tuple[Case, ...] = ()
    inspection: float | None = None
    adjustment: float | None = None
    settled: tuple[bool, ...] = ()


def assess(
    departments: dict[str, Department], without: str | None = None
) -> dict[tuple[str, str], Row]:
    """Return the score card of each department and month.

    `without` names a field of cases that the platform never fills.
    """
    models = county()
    named = [
        (f"{dept}-{number}", dept, case)
        for dept, department in departments.items()
        for number, case in enumerate(department.cases)
    ]
    blank = {without: None} if without else {}
    cases = [case.row(case_id, dept) | blank for case_id, dept, case in named]
    models.fill("stg_cases__cases", cases)
    models.fill(
        "stg_cases__case_versions",
        [
            {name: row[name] for name in ("case_id", "dept_code", "updated_at")}
            for row in cases
        ],
    )
    models.fill(
        "stg_cases__case_events",
        [row for case_id, dept, case in named for row in case.events(case_id, dept)],
    )
    models.fill(
        "stg_cases__callbacks",
        [row for case_id, _, case in named for row in case.callback(case_id)],
    )
    _fill_registers(models, departments)
    models.settle()
    names = [row[0] for row in models.ask("describe department_scores")]
    return {
        (row[names.index("dept_code")], row[names.index("month")]): dict(
            zip(names, row, strict=True)
        )
        for row in models.ask("from department_scores")
    }


def _fill_registers(models: Models, departments: dict[str, Department]) -> None:
    models.fill(
        "stg_reference__departments",
        [
            {"dept_code": dept, "name": dept, "ranking_group": "职能部门"} | _ALWAYS
            for dept in departments
        ],
    )
    may = {"register_month": "2025-05-01"}
    models.fill(
        "stg_registers__department_inspections",
        [
            may | {"dept_code": dept, "score": each.inspection, "inspection_count": 1}
            for dept, each in departments.items()
            if each.inspection is not None
        ],
    )
    models.fill(
        "stg_registers__department_adjustments",
        [
            may | {"dept_code": dept, "points": each.adjustment}
            for dept, each in departments.items()
            if each.adjustment is not None
        ],
    )
    models.fill(
        "stg_registers__supervision_items",
        [
            may
            | {
                "item_no": f"{dept}-{number}",
                "dept_code": dept,
                "item_status": "办理中",
                "due_at": "2025-05-20",
                "verified_at": "2025-05-19" if is_settled else None,
            }
            for dept, each in departments.items()
            for number, is_settled in enumerate(each.settled)
        ],
    )
