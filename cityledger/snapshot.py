"""Snapshot: the marts of one night in a file that stands alone."""

import json
import re
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from cityledger import audit
from cityledger.runs import Run

MARTS: Final = (
    "indicators",
    "targets",
    "indicator_values",
    "indicator_ledger",
    "indicator_records",
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
    "runs",
    "gate_findings",
)


def write(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    run: Run,
    judged: dict[str, Any] | None,
) -> None:
    """Copy the marts of the contract, and nothing else, into a new file.

    How the run ended and what the gate said of it were not known when dbt built the
    marts of the nights: they are written in here.
    """
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"attach '{_quoted(path)}' as leaders")
    tables = _names(connection, "duckdb_tables()", "table_name")
    views = _names(connection, "duckdb_views()", "view_name")
    for mart in MARTS:
        if mart in tables:
            _copy(connection, mart)
        elif mart in views:
            _copy_view(connection, mart, tables)
    connection.execute(
        "update leaders.runs set finished_at = ?, outcome = ? where run_id = ?",
        [run.finished_at, run.outcome, run.run_id],
    )
    if judged:
        _write_judgement(connection, judged)
    connection.execute("detach leaders")


def _write_judgement(
    connection: duckdb.DuckDBPyConnection, judged: dict[str, Any]
) -> None:
    total = audit.totals(judged)
    connection.execute(
        "update leaders.runs set checks = ?, failures = ?, warnings = ? "
        "where run_id = ?",
        [total["checks"], total["failures"], total["warnings"], total["run_id"]],
    )
    if found := audit.findings(judged):
        connection.register("found", pa.Table.from_pylist(found))
        connection.execute(
            "insert into leaders.gate_findings by name "
            "select * exclude (run_id) from found"
        )
        connection.unregister("found")


def _copy(connection: duckdb.DuckDBPyConnection, mart: str) -> None:
    connection.execute(
        f"create table if not exists leaders.main.{mart} as from marts.{mart}"
    )


def _copy_view(
    connection: duckdb.DuckDBPyConnection, mart: str, tables: set[str]
) -> None:
    """Copy a view over marts as a view with its base tables; any other as a table."""
    definition = connection.execute(
        "select sql from duckdb_views() where schema_name = 'marts' and view_name = ?",
        [mart],
    ).fetchone()
    assert definition  # noqa: S101 - listed a moment ago
    body = re.sub(r"^create view .*? as ", "", definition[0], flags=re.I | re.S)
    bases = _base_tables(connection, body)
    if not bases or any(schema != "marts" for schema, _ in bases):
        _copy(connection, mart)
        return
    for _, table in sorted(bases):
        if table in tables:
            _copy(connection, table)
    alone = re.sub(r'("?warehouse"?\.)?"?marts"?\.', "", body)
    connection.execute("use leaders.main")
    connection.execute(f"create view {mart} as {alone}")
    connection.execute("use warehouse.main")


def _base_tables(
    connection: duckdb.DuckDBPyConnection, query: str
) -> set[tuple[str, str]]:
    """Return schema and name of each table that a query reads."""
    parsed = connection.execute(
        "select json_serialize_sql(?::varchar)", [query.rstrip().rstrip(";")]
    ).fetchone()
    tree = json.loads(parsed[0]) if parsed else {}
    names = set(_refs(tree))
    named_here = set(_cte_names(tree))
    return {(s, t) for s, t in names if not (s == "" and t in named_here)}


def _refs(node: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - a JSON tree
    if isinstance(node, list):
        return [ref for item in node for ref in _refs(item)]
    if not isinstance(node, dict):
        return []
    own = (
        [(node.get("schema_name", ""), node["table_name"])]
        if node.get("type") == "BASE_TABLE"
        else []
    )
    return own + [ref for item in node.values() for ref in _refs(item)]


def _cte_names(node: Any) -> list[str]:  # noqa: ANN401 - a JSON tree
    if isinstance(node, list):
        return [name for item in node for name in _cte_names(item)]
    if not isinstance(node, dict):
        return []
    own = [item["key"] for item in node.get("cte_map", {}).get("map", [])]
    return own + [name for item in node.values() for name in _cte_names(item)]


def _names(
    connection: duckdb.DuckDBPyConnection, function: str, column: str
) -> set[str]:
    found = connection.execute(
        f"select {column} from {function} "  # noqa: S608 - our own words
        "where database_name = 'warehouse' and schema_name = 'marts'"
    ).fetchall()
    return {name for (name,) in found}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
