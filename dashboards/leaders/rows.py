"""Rows: which rows of which marts a role is shown, wherever on a page they end up.

Asked of the file itself, for every query: a page that forgets whom it is drawn for
still gets nothing that is not its reader's. A mart that is not named here shows no rows
to a role that does not see all.
"""

from dashboards.leaders import access
from dashboards.leaders.access import Reader
from dashboards.published import Limits

ALL = "true"
# Who is told of which kind of thing: what names a case is for the department it is of.
_ATTENTION = (
    "kind in ('failing_indicator', 'missing_feed', 'dark_lamps',"
    " 'facility_over_capacity')"
    " or (kind in ('overdue_cases', 'overdue_supervision')"
    " and subject_code = getvariable('scope'))"
)
DEPARTMENT_ROWS = dict.fromkeys(
    (
        "indicators", "targets", "indicator_values", "indicator_ledger",
        "indicator_exclusions", "indicator_changes", "projections", "source_health",
        "source_summary", "runs", "case_funnel", "case_heat", "case_hot_spots",
        "waste_flows", "waste_balance", "facility_use", "lamp_months", "lamp_timeline",
        "lamps_out", "lamp_outages", "lamp_repairs", "toilet_stars", "plan_projects",
        # Scores and ranks are announced to all in the bulletin.
        "department_scores",
    ),
    ALL,
) | {
    "attention": _ATTENTION,
    "indicator_by_owner": "owner_kind = '部门' and owner_code = getvariable('scope')",
    "department_parts": "dept_code = getvariable('scope')",
    "overdue_list": "dept_code = getvariable('scope')",
    "case_metrics": (
        "dimension in ('county', 'town', 'role', 'class')"
        " or (dimension = 'department' and member = getvariable('scope'))"
    ),
}  # fmt: skip
CONTRACTOR_ROWS = {"runs": ALL} | dict.fromkeys(
    (
        "contractor_scores", "contractor_score_lines", "contractor_adjustments",
        "segment_misses",
    ),
    "contractor_code = getvariable('scope')",
)  # fmt: skip
ROWS = {access.DEPARTMENT: DEPARTMENT_ROWS, access.CONTRACTOR: CONTRACTOR_ROWS}


def shown_to(reader: Reader) -> Limits | None:
    """Return what a reader's queries are limited to; nothing limits who sees all."""
    if reader.sees_all:
        return None
    conditions = ROWS.get(reader.role, {}) if reader.scope else {}
    return Limits(tuple(sorted(conditions.items())), reader.scope or "")
