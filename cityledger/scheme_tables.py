"""Scheme tables: every version of the scheme as rows that SQL can join.

Beside the versions in force stand those by which months were frozen: what a month was
scored by is never lost, even when the county changes or removes the file.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import duckdb
import pyarrow as pa

from cityledger import scheme, score_ledger
from cityledger.scheme import Scheme
from cityledger.settings import DataDir

Row = dict[str, Any]

_NUMBER: Final = "decimal(12, 4)"
_TABLES: Final = {
    "scheme_versions": {
        "scheme_version": "varchar",
        "title": "varchar",
        "valid_from": "date",
        "is_current": "boolean",
        "content": "varchar",
        "repeat_window_days": "integer",
        "repeat_multiplier": _NUMBER,
        "rectify_hours": "integer",
        "overdue_multiplier": _NUMBER,
        "no_double_penalty": "boolean",
        "module_floor": _NUMBER,
        "appeal_workdays": "integer",
        "min_ratings": "integer",
        "bonus_max": _NUMBER,
        "total_cap_pct": _NUMBER,
    },
    "scheme_components": {
        "component_id": "varchar",
        "component_name": "varchar",
        "weight": _NUMBER,
        "position": "integer",
    },
    "scheme_modules": {
        "module_id": "varchar",
        "module_name": "varchar",
        "weight": _NUMBER,
        "min_sheets": "integer",
        "position": "integer",
    },
    "scheme_items": {
        "item_id": "varchar",
        "module_id": "varchar",
        "item_text": "varchar",
        "unit": "varchar",
        "points": _NUMBER,
        "cap": _NUMBER,
    },
    "scheme_metrics": {
        "metric_id": "varchar",
        "metric_name": "varchar",
        "weight": _NUMBER,
        "zero_at": _NUMBER,
        "full_at": _NUMBER,
        "position": "integer",
    },
    "scheme_events": {
        "event_type": "varchar",
        "event_text": "varchar",
        "points": _NUMBER,
        "fee_pct": _NUMBER,
        "forced_grade": "varchar",
    },
    "scheme_grades": {"grade": "varchar", "min_score": _NUMBER},
    "scheme_bands": {
        "from_score": _NUMBER,
        "to_score": _NUMBER,
        "base_pct": _NUMBER,
        "pct_per_point": _NUMBER,
        "ref_score": _NUMBER,
    },
    "scheme_escalations": {
        "rule_number": "integer",
        "rule_text": "varchar",
        "action": "varchar",
        "kind": "varchar",
        "months": "integer",
        "below_score": _NUMBER,
    },
}


def write(connection: duckdb.DuckDBPyConnection, folders: DataDir) -> None:
    """Replace the scheme tables of schema `ops`, and the frozen months beside them."""
    score_ledger.write(connection, folders)
    in_force = scheme.known(folders)
    frozen = _frozen(connection)
    names = _names(in_force, frozen)
    archived = [Scheme.model_validate_json(content) for content in frozen.values()]
    every = {one.key: one for one in [*archived, *in_force]}
    for table, columns in _TABLES.items():
        typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(
            f"create or replace table ops.{table} (scheme_key varchar, {typed})"
        )
    for key, one in every.items():
        for table, rows in _rows(one, names.get(key)).items():
            _fill(connection, table, [{"scheme_key": key} | row for row in rows])


def _frozen(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Return the schemes by which months were frozen, by version and fingerprint."""
    found = connection.execute(
        "select scheme_version, scheme_key, any_value(scheme) from ops.score_ledger "
        "group by scheme_version, scheme_key"
    )
    return {(version, key): content for version, key, content in found.fetchall()}


def _names(
    in_force: list[Scheme], frozen: dict[tuple[str, str], str]
) -> dict[str, str]:
    """Return what each version is called; one rewritten since it was used says so."""
    taken = dict(frozen.keys())
    return {
        key: name if taken.get(name, key) == key else f"{name}#{key[:4]}"
        for key, name in scheme.versions(in_force).items()
    }


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    if not rows:
        return
    connection.register("new_rows", pa.Table.from_pylist([_plain(row) for row in rows]))
    connection.execute(f"insert into ops.{table} by name from new_rows")
    connection.unregister("new_rows")


def _plain(row: Row) -> Row:
    """Write numbers as text: Arrow would give each its own precision."""
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def _rows(one: Scheme, name: str | None) -> dict[str, list[Row]]:
    return {
        "scheme_versions": [_version(one, name)],
        "scheme_components": [
            {
                "component_id": component.id,
                "component_name": component.name,
                "weight": component.weight,
                "position": position,
            }
            for position, component in enumerate(one.components, start=1)
        ],
        "scheme_modules": [
            {
                "module_id": module.id,
                "module_name": module.name,
                "weight": module.weight,
                "min_sheets": module.min_sheets_per_month,
                "position": position,
            }
            for position, module in enumerate(one.modules, start=1)
        ],
        "scheme_items": [
            {
                "item_id": item.id,
                "module_id": item.module,
                "item_text": item.text,
                "unit": item.unit,
                "points": item.points,
                "cap": item.cap,
            }
            for item in one.items
        ],
        "scheme_metrics": [
            {
                "metric_id": metric.id,
                "metric_name": metric.metric,
                "weight": metric.weight,
                "zero_at": metric.zero_at,
                "full_at": metric.full_at,
                "position": position,
            }
            for position, metric in enumerate(one.data_component, start=1)
        ],
        "scheme_events": list(_events(one)),
        "scheme_grades": [
            {"grade": grade.name, "min_score": grade.min} for grade in one.grades
        ],
        "scheme_bands": [
            {
                "from_score": band.low,
                "to_score": band.high,
                "base_pct": band.base_pct,
                "pct_per_point": band.per_point,
                "ref_score": band.ref,
            }
            for band in one.payment.bands
        ],
        "scheme_escalations": [
            {
                "rule_number": number,
                "rule_text": rule.when,
                "action": rule.action,
                "kind": condition.kind,
                "months": condition.months,
                "below_score": condition.below,
            }
            for number, rule in enumerate(one.payment.escalation, start=1)
            for condition in rule.conditions
        ],
    }


def _version(one: Scheme, name: str | None) -> Row:
    rules = one.rules
    appeal = rules.appeal
    return {
        "scheme_version": name,
        "title": one.title,
        "valid_from": one.valid_from,
        "is_current": name is not None,
        "content": one.model_dump_json(),
        "repeat_window_days": rules.repeat_multiplier.window_days,
        "repeat_multiplier": rules.repeat_multiplier.same_item_same_place,
        "rectify_hours": rules.rectification.default_hours,
        "overdue_multiplier": rules.rectification.unrectified_multiplier,
        "no_double_penalty": rules.no_double_penalty,
        "module_floor": rules.per_sheet_module_floor,
        "appeal_workdays": appeal.file_within_workdays + appeal.decide_within_workdays,
        "min_ratings": one.public_component.min_valid_ratings,
        "bonus_max": one.bonus_points.max,
        "total_cap_pct": one.payment.total_cap_pct,
    }


def _events(one: Scheme) -> Iterable[Row]:
    for penalty in one.direct_penalties_pct_of_month_fee:
        yield {
            "event_type": penalty.id,
            "event_text": penalty.text,
            "points": Decimal(),
            "fee_pct": penalty.pct,
            "forced_grade": penalty.force_grade,
        }
    for item in one.bonuses:
        yield {
            "event_type": item.id,
            "event_text": item.text,
            "points": item.points,
            "fee_pct": Decimal(),
            "forced_grade": None,
        }
