"""What people type into a place or a reason is not shown when it is about people."""

from pathlib import Path

import duckdb
import pytest
import yaml

from cityledger import free_text
from cityledger.free_text import COMPARED, IDS, SHOWN, UNSAID
from cityledger.release.personal import Scanner

MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
# Written by our own models, registries or plans, or of a form that a rule checks.
CODED = frozenset({
    "actor_role", "advert_type", "area_code", "carried_by_month", "case_class",
    "check_id", "check_name", "claim_id", "claims_text", "class_name", "code_version",
    "component", "dimension", "direction", "document", "earlier_period",
    "earlier_status", "excluded_reason", "facility_kind", "first_zh", "flags",
    "formula_version", "formula_zh", "grade", "group_zh", "indicator_id", "kind",
    "kind_name", "mended_by", "method", "method_note_zh", "metric_id", "metric_name",
    "month", "name_en", "name_zh", "nature", "note_zh", "null_reason", "op",
    "origin_type", "outcome", "owner_kind", "owner_zh", "period", "period_type",
    "period_types", "quarter", "quote", "ranking_group", "record_type", "road_class",
    "role", "rule", "run_id", "scheme_key", "scheme_version", "scope_zh", "second_zh",
    "severity", "source", "source_systems", "source_table", "stage", "status", "step",
    "target_claim_id", "target_source", "toilet_class", "town_code", "unit", "verdict",
    "waste_class",
})  # fmt: skip


def test_every_text_of_the_marts_is_known_for_what_it_is() -> None:
    texts = {
        column["name"]
        for path in MARTS.glob("_*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
        for column in model["columns"]
        if "varchar" in str(column.get("data_type", "")).lower()
    }

    # A new column is read by the scanner, or somebody says here why it need not be.
    assert texts - (SHOWN | COMPARED | IDS | CODED) == set()
    assert (SHOWN | COMPARED | IDS | CODED) - texts == set()
    assert not (SHOWN | COMPARED | IDS) & CODED


@pytest.fixture
def leaders(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "leaders.duckdb"))
    connection.execute(
        "create table contractor_score_lines as from (values "
        "('HW1', '2025-06', 1, '欧阳小明家门口', '联系 138 1234 5678', 'L1'), "
        "('HW1', '2025-06', 2, '人民路公厕', '依据检查表', '13812345678'), "
        "('HW2', '2025-06', 3, '南门广场', null, 'T-20250601-0001')) "
        "as t (contractor_code, month, line_number, label, note, record_key)"
    )
    connection.execute(
        "create table department_scores as "
        "select '0101' as dept_code, '欧阳小明' as dept_name, '2025-06' as month"
    )
    connection.execute("create view labels as select label from contractor_score_lines")
    return connection


def test_a_text_about_somebody_is_told_by_its_place_and_never_in_words(
    leaders: duckdb.DuckDBPyConnection,
) -> None:
    found = list(free_text.find(leaders, "leaders", Scanner({"欧阳小明"})))

    assert {(p.table, p.column, p.record, p.kind) for p in found} == {
        ("contractor_score_lines", "label", "HW1 2025-06 1", "受限数据中的姓名"),
        ("contractor_score_lines", "note", "HW1 2025-06 1", "电话号码"),
        ("contractor_score_lines", "record_key", "HW1 2025-06 2", "电话号码"),
        ("department_scores", "dept_name", "0101 … 2025-06", "受限数据中的姓名"),
    }


def test_what_is_only_shown_is_hidden_and_what_is_compared_stays(
    leaders: duckdb.DuckDBPyConnection,
) -> None:
    found = list(free_text.find(leaders, "leaders", Scanner({"欧阳小明"})))

    free_text.hide(leaders, "leaders", found)

    rows = leaders.execute(
        "select label, note, record_key from contractor_score_lines order by 3"
    ).fetchall()
    assert rows == [
        ("人民路公厕", "依据检查表", "13812345678"),
        (UNSAID, UNSAID, "L1"),
        ("南门广场", None, "T-20250601-0001"),
    ]
    assert (UNSAID,) in leaders.execute("from labels").fetchall()
    assert leaders.execute("select dept_name from department_scores").fetchall() == [
        ("欧阳小明",)
    ]
