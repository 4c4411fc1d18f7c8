"""Data flows one way, and each rule of the house stands in one place."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "dbt_project" / "models"
LAYERS = [
    "parsed",
    "checked",
    "quarantine",
    "staging",
    "intermediate",
    "indicators",
    "assessment",
    "marts",
]


def registry() -> list[dict[str, object]]:
    text = (MODELS / "indicators" / "registry" / "plan_indicators.sql").read_text(
        encoding="utf-8"
    )
    rows = text.split("{% set rows %}")[1].split("{% endset %}")[0]
    return list(yaml.safe_load(rows))


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    target = tmp_path_factory.mktemp("dbt")
    subprocess.run(
        [
            Path(sys.executable).parent / "dbt",
            "parse",
            "--project-dir",
            ROOT / "dbt_project",
            "--profiles-dir",
            ROOT / "dbt_project",
            "--target-path",
            target,
            "--log-path",
            target,
        ],
        check=True,
        env={
            **os.environ,
            "DATA_DIR": str(target),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
    )
    return dict(json.loads((target / "manifest.json").read_text(encoding="utf-8")))


def models(manifest: dict[str, dict]) -> dict[str, dict]:
    return {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }


def layer(node: dict) -> str:
    return str(node["path"]).split("/")[0]


def test_no_model_reads_a_later_layer(manifest: dict[str, dict]) -> None:
    nodes = models(manifest)

    backwards = [
        f"{node['name']} reads {nodes[parent]['name']}"
        for node in nodes.values()
        for parent in node["depends_on"]["nodes"]
        if parent in nodes
        and LAYERS.index(layer(nodes[parent])) > LAYERS.index(layer(node))
    ]

    assert backwards == []


def test_every_formula_is_one_registry_row_and_every_row_one_formula() -> None:
    formulas = {path.stem for path in (MODELS / "indicators").glob("*.sql")}

    assert sorted(str(row["formula"]) for row in registry()) == sorted(formulas)


def test_every_formula_has_its_definition_and_a_worked_example() -> None:
    without = []
    for path in (MODELS / "indicators").glob("*.sql"):
        beside = path.with_suffix(".yml")
        document = (
            yaml.safe_load(beside.read_text(encoding="utf-8"))
            if beside.exists()
            else {}
        )
        described = any(
            model["name"] == path.stem and model.get("description")
            for model in document.get("models", [])
        )
        example = any(
            test["model"] == path.stem for test in document.get("unit_tests", [])
        )
        if not (described and example):
            without.append(path.stem)

    assert without == []


def test_a_formula_never_groups_divides_by_a_sum_or_rounds() -> None:
    offenders = [
        path.name
        for path in (MODELS / "indicators").glob("*.sql")
        if any(
            word in path.read_text(encoding="utf-8").lower()
            for word in ("group by", "sum(", "round(", "avg(", "distinct")
        )
    ]

    assert offenders == []


def test_every_mart_and_each_of_its_columns_is_described(
    manifest: dict[str, dict],
) -> None:
    undescribed = [
        f"{node['name']}.{name}"
        for node in models(manifest).values()
        if layer(node) == "marts"
        for name, column in [("", node), *node["columns"].items()]
        if not column["description"]
    ]

    assert undescribed == []


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("cityledger", {"airflow", "streamlit", "simulator", "dashboards"}),
        ("dashboards", {"airflow", "dbt", "simulator", "great_expectations"}),
        ("dags", {"cityledger", "duckdb", "dbt", "pandas", "streamlit", "simulator"}),
        ("simulator", {"cityledger", "dbt", "streamlit"}),
    ],
)
def test_a_folder_imports_nothing_it_must_not_know(
    folder: str, forbidden: set[str]
) -> None:
    # The CLI verb `simulate` hands over to the simulator; `airflow_local` and the demo
    # start other programs by their commands.
    exceptions = {"cityledger/cli.py", "simulator/demo.py"}

    offenders = {
        str(path.relative_to(ROOT)): sorted(imports(path) & forbidden)
        for path in (ROOT / folder).rglob("*.py")
        if imports(path) & forbidden
    }

    assert {k: v for k, v in offenders.items() if k not in exceptions} == {}
