"""Snapshot: the marts of one night in a file that stands alone."""

import re
import shutil
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from cityledger import audit, free_text
from cityledger.errors import REFUSED, OperatorError
from cityledger.release.personal import Scanner
from cityledger.release.personal import names as personal_names
from cityledger.runs import Run
from cityledger.settings import DataDir

MARTS: Final = (
    "indicators",
    "targets",
    "indicator_values",
    "indicator_ledger",
    "indicator_records",
    "indicator_events",
    "indicator_totals",
    "contractor_scores",
    "contractor_score_lines",
    "contractor_adjustments",
    "contractor_records",
    "department_scores",
    "department_parts",
    "department_records",
    "case_metrics",
    "case_metric_events",
    "case_counts",
    "advert_counts",
    "construction_waste_months",
    "parking_spaces",
    "waste_daily",
    "waste_balance",
    "lamp_nights",
    "lamp_repairs",
    "toilet_stars",
    "facility_use",
    "reconciliation",
    "reconciliation_records",
    "plan_projects",
    "projections",
    "attention",
    "indicator_changes",
    "case_heat",
    "case_hot_spots",
    "case_funnel",
    "overdue_list",
    "waste_flows",
    "lamp_months",
    "lamp_timeline",
    "lamps_out",
    "lamp_outages",
    "segment_misses",
    "indicator_by_owner",
    "indicator_exclusions",
    "source_health",
    "quarantine_summary",
    "quarantine_owners",
    "quarantine_faults",
    "source_summary",
    "unread_files",
    "runs",
    "gate_findings",
)

PERSONAL_SUITE: Final = "personal_texts"


class ForeignTableError(OperatorError):
    """The marts hold a table that no contract names: may readers see it?"""

    exit_code = REFUSED


def write(
    folders: DataDir, path: Path, run: Run, judged: dict[str, Any] | None
) -> None:
    """Copy the file that the gate has judged.

    How the run ended and what the gate said of it were not known when dbt built the
    marts of the nights: they are written in here.

    Raises:
        ForeignTableError: the marts hold a table that the contract does not name.
    """
    shutil.copyfile(folders.marts, path)
    with duckdb.connect(str(path)) as leaders:
        _refuse_foreign_tables(leaders)
        _let_views_stand_alone(leaders)
        if judged is None or _tells_of_people(judged):
            _hide_people(leaders, folders)
        leaders.execute(
            "update runs set finished_at = ?, outcome = ? where run_id = ?",
            [run.finished_at, run.outcome, run.run_id],
        )
        if judged:
            _write_judgement(leaders, judged)


def _refuse_foreign_tables(leaders: duckdb.DuckDBPyConnection) -> None:
    listed = leaders.execute("select name from (show tables)").fetchall()
    if foreign := sorted({name for (name,) in listed} - set(MARTS)):
        raise ForeignTableError(
            f"集市文件里有约定之外的表，不能发布：{'、'.join(foreign)}"
        )


def _let_views_stand_alone(leaders: duckdb.DuckDBPyConnection) -> None:
    """Take from each view the name its file had while it was built."""
    views = leaders.execute(
        "select view_name, sql from duckdb_views() where not internal"
    ).fetchall()
    for name, definition in views:
        query = re.sub(r"^create view .*? as ", "", definition, flags=re.I | re.S)
        alone = re.sub(r'"?marts"?\."?main"?\.', "", query)
        leaders.execute(f"create or replace view {name} as {alone}")


def _tells_of_people(judged: dict[str, Any]) -> bool:
    return any(found["suite"] == PERSONAL_SUITE for found in judged["warnings"])


def _hide_people(leaders: duckdb.DuckDBPyConnection, folders: DataDir) -> None:
    """Put a mark in the place of texts that the gate has told of."""
    (database,) = leaders.execute("select current_database()").fetchall()[0]
    found = free_text.find(leaders, database, Scanner(personal_names(folders)))
    free_text.hide(leaders, database, list(found))


def _write_judgement(
    leaders: duckdb.DuckDBPyConnection, judged: dict[str, Any]
) -> None:
    total = audit.totals(judged)
    leaders.execute(
        "update runs set checks = ?, failures = ?, warnings = ? where run_id = ?",
        [total["checks"], total["failures"], total["warnings"], total["run_id"]],
    )
    if found := audit.findings(judged):
        leaders.register("found", pa.Table.from_pylist(found))
        leaders.execute(
            "insert into gate_findings by name select * exclude (run_id) from found"
        )
        leaders.unregister("found")
