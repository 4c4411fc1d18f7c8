"""Assessed contractor: from a handful of sheets to money, by the project's own SQL."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import duckdb
from rendered_models import Models, Row

from cityledger import scheme, scheme_tables
from cityledger.scheme import Scheme
from cityledger.settings import DataDir

MAY = datetime(2025, 5, 1)  # noqa: DTZ001 - county time
AS_OF = "2025-06-10 00:00:00"
MODULES = ("QS", "JX", "SY", "GC", "SB", "TS", "AQ")
DEFAULT = scheme.read(scheme.DEFAULTS / "ZS-HW-DEFAULT-1.yaml")
ITEMS = tuple(item.id for item in DEFAULT.items)
_TABLES = {
    "int_feed_periods": (
        "feed varchar, period_type varchar, period varchar, period_start date, "
        "period_end date, cutoff_at timestamp, as_of_date date, as_of timestamp"
    ),
    "int_absent_metrics": "metric_id varchar, month_start date",
    "stg_reference__contractors": (
        "contractor_code varchar, name varchar, monthly_fee_yuan double, "
        "contract_from date, contract_to date, valid_from date, valid_to date"
    ),
    "stg_inspections__sheets": (
        "sheet_id varchar, contractor_code varchar, sheet_type varchar, "
        "sheet_status varchar, modules varchar[], place varchar, "
        "inspected_at timestamp, report_month date"
    ),
    "stg_inspections__deductions": (
        "deduction_id varchar, sheet_id varchar, item_id varchar, fact_id varchar, "
        "quantity double, found_at timestamp, rectify_due_at timestamp, "
        "rectified_at timestamp, report_month date"
    ),
    "i01_mechanised_sweeping": (
        "contractor_code varchar, period_start date, record_type varchar, "
        "record_key varchar, numerator double, denominator double, "
        "excluded_reason varchar, note varchar"
    ),
    "int_cases_due_for_disposal": (
        "case_id varchar, contractor_code varchar, is_urban_management boolean, "
        "is_on_time boolean, excluded_reason varchar, month_start date"
    ),
    "int_cases_closed": (
        "case_id varchar, contractor_code varchar, is_urban_management boolean, "
        "rating varchar, excluded_reason varchar, month_start date"
    ),
    "checked_tickets": (
        "line bigint, load_id varchar, file varchar, facility_id varchar, "
        "ticket_id varchar, haulier_code varchar, ticket_status varchar, "
        "verdict varchar, rule varchar, gross_at timestamp, file_date date"
    ),
    "checked_files": "load_id varchar, file varchar, verdict varchar",
    "stg_registers__contract_events": (
        "register_month date, event_no varchar, contractor_code varchar, "
        "event_type varchar, basis varchar, occurred_date date"
    ),
    "ops_parameters": "as_of_date date, as_of timestamp",
    "ops_calendar": "day date, is_workday boolean",
}
_MODELS = (
    "contractor_months",
    "contractor_deductions",
    "contractor_sheets",
    "contractor_measured_records",
    "contractor_contract_events",
    "contractor_parts",
    "contractor_results",
    "contractor_adjustments",
    "contractor_scores",
)
_SETTLED = (
    "contractor_months",
    "contractor_deductions",
    "contractor_sheets",
    "contractor_parts",
    "contractor_results",
)


@dataclass(frozen=True)
class Found:
    """A deduction; hours count from its sheet, `fact` ties deductions together."""

    item: str
    quantity: float = 1
    rectified_after: int | None = 1
    fact: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet of May, some hours after its beginning."""

    hour: int
    modules: tuple[str, ...]
    found: tuple[Found, ...] = ()
    kind: str = "DAILY"
    place: str = "人民路"
    status: str = "已确认"


@dataclass(frozen=True)
class Contractor:
    """What is known of a contractor's May."""

    sheets: tuple[Sheet, ...] = ()
    cases: tuple[bool, ...] = ()
    ratings: tuple[bool, ...] = ()
    events: tuple[str, ...] = ()


def scheme_rows(versions: Sequence[Scheme]) -> dict[str, tuple[str, list[Row]]]:
    """Return the scheme tables as the build writes them: columns, then rows."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        folders = DataDir(Path(folder))
        folders.schemes.mkdir()
        for one in versions:
            path = folders.schemes / f"{one.key}.yaml"
            path.write_text(one.model_dump_json(by_alias=True), encoding="utf-8")
        database.execute("create schema ops")
        scheme_tables.write(database, folders)
        tables = database.execute(
            "select table_name from duckdb_tables() where schema_name = 'ops'"
        ).fetchall()
        return {f"ops_{name}": _table(database, name) for (name,) in tables}


def _table(database: duckdb.DuckDBPyConnection, name: str) -> tuple[str, list[Row]]:
    columns = database.execute(f"describe ops.{name}").fetchall()
    names = [column[0] for column in columns]
    rows = database.execute(f"from ops.{name}").fetchall()
    return (
        ", ".join(f'"{column[0]}" {column[1]}' for column in columns),
        [dict(zip(names, row, strict=True)) for row in rows],
    )


@lru_cache
def county() -> Models:
    """Return a county of one month and no contractors, scored by the default."""
    own = scheme_rows([])
    tables = _TABLES | {name: columns for name, (columns, _) in own.items()}
    models = Models(tables, _MODELS, _SETTLED)
    for name, (_, rows) in own.items():
        models.fill(name, rows)
    models.fill("ops_parameters", [{"as_of_date": "2025-06-09", "as_of": AS_OF}])
    models.fill(
        "ops_calendar",
        [{"day": f"2025-06-0{day}", "is_workday": True} for day in range(1, 10)],
    )
    models.fill(
        "int_feed_periods",
        [
            {
                "feed": "inspections",
                "period_type": "M",
                "period": "2025-05",
                "period_start": "2025-05-01",
                "period_end": "2025-06-01",
                "cutoff_at": AS_OF,
                "as_of_date": "2025-06-09",
                "as_of": AS_OF,
            }
        ],
    )
    return models


def assess(
    contractors: Mapping[str, Contractor],
    mart: str = "contractor_results",
    is_turned: bool = False,
) -> dict[str, dict]:
    """Return each contractor's row of a mart, all rows landed backwards if turned."""
    models = county()
    tables = _rows(contractors)
    for name, rows in tables.items():
        models.fill(name, rows[::-1] if is_turned else rows)
    models.settle()
    cursor = models.database.execute(f"from {mart}")
    names = [column[0] for column in cursor.description or []]
    cards = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {card["contractor_code"]: card for card in cards}


def _rows(contractors: Mapping[str, Contractor]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {
        "stg_reference__contractors": [
            {
                "contractor_code": code,
                "name": code,
                "monthly_fee_yuan": 1_000_000,
                "valid_from": "1900-01-01",
                "valid_to": "9999-12-31",
            }
            for code in contractors
        ],
        "stg_inspections__sheets": [],
        "stg_inspections__deductions": [],
        "int_cases_due_for_disposal": [],
        "int_cases_closed": [],
        "stg_registers__contract_events": [],
    }
    for code, contractor in contractors.items():
        for number, sheet in enumerate(contractor.sheets):
            _add_sheet(tables, code, f"{code}-{number}", sheet)
        _add_records(tables, code, contractor)
    return tables


def _add_sheet(
    tables: dict[str, list[Row]], code: str, sheet_id: str, sheet: Sheet
) -> None:
    at = MAY + timedelta(hours=sheet.hour)
    tables["stg_inspections__sheets"].append(
        {
            "sheet_id": sheet_id,
            "contractor_code": code,
            "sheet_type": sheet.kind,
            "sheet_status": sheet.status,
            "modules": list(sheet.modules),
            "place": sheet.place,
            "inspected_at": f"{at}",
            "report_month": "2025-05-01",
        }
    )
    tables["stg_inspections__deductions"] += [
        {
            "deduction_id": f"{sheet_id}-{number}",
            "sheet_id": sheet_id,
            "item_id": found.item,
            "fact_id": found.fact and f"{code}-{found.fact}",
            "quantity": found.quantity,
            "found_at": f"{at}",
            "rectified_at": None
            if found.rectified_after is None
            else f"{at + timedelta(hours=found.rectified_after)}",
            "report_month": "2025-05-01",
        }
        for number, found in enumerate(sheet.found)
    ]


def _add_records(
    tables: dict[str, list[Row]], code: str, contractor: Contractor
) -> None:
    case = {
        "contractor_code": code,
        "is_urban_management": True,
        "month_start": "2025-05-01",
    }
    tables["int_cases_due_for_disposal"] += [
        case | {"case_id": f"{code}-{number}", "is_on_time": is_on_time}
        for number, is_on_time in enumerate(contractor.cases)
    ]
    tables["int_cases_closed"] += [
        case
        | {"case_id": f"{code}-{number}", "rating": "满意" if is_good else "不满意"}
        for number, is_good in enumerate(contractor.ratings)
    ]
    tables["stg_registers__contract_events"] += [
        {
            "register_month": "2025-05-01",
            "event_no": f"{code}-{number}",
            "contractor_code": code,
            "event_type": kind,
            "occurred_date": "2025-05-20",
        }
        for number, kind in enumerate(contractor.events)
    ]
