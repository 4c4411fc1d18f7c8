"""A page asks one mart at a time, and only for what that mart has."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from cityledger.release import public_file
from cityledger.snapshot import MARTS as MARTS_PUBLISHED
from dashboards.leaders import access, rows
from dashboards.published import Edition, ask
from tests.browser.published_fixture import County, build_leaders, publish_leaders

ROOT = Path(__file__).parents[2]
DASHBOARDS = ROOT / "dashboards"
MARTS = ROOT / "dbt_project" / "models" / "marts"


def queries(site: str) -> list[str]:
    asked = sorted((DASHBOARDS / site).glob("*queries.py"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in asked]
    return [
        argument.value
        for tree in trees
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ask"
        for argument in call.args[1:2]
        if isinstance(argument, ast.Constant)
    ]


def parsed(sql: str) -> dict:
    said = duckdb.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone()
    (statement,) = json.loads(said[0])["statements"]
    return statement["node"]


def nodes(tree: object) -> Iterator[dict]:
    if isinstance(tree, dict):
        yield tree
        for part in tree.values():
            yield from nodes(part)
    if isinstance(tree, list):
        for part in tree:
            yield from nodes(part)


def columns_of_marts() -> dict[str, set[str]]:
    return {
        model["name"]: {column["name"] for column in model.get("columns", [])}
        for path in MARTS.glob("*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }


@pytest.mark.parametrize("sql", queries("leaders") + queries("public"))
def test_a_page_only_selects_from_one_mart(sql: str) -> None:
    query = parsed(sql)
    kinds = [node.get("type") for node in nodes(query)]
    aggregates = {"sum", "avg", "count", "count_star", "min", "max", "median"}

    assert query["from_table"]["type"] == "BASE_TABLE", "a page joins nothing"
    assert query["from_table"]["schema_name"] == "", "nothing goes round the limits"
    assert kinds.count("BASE_TABLE") == 1
    assert "SUBQUERY" not in kinds
    assert query["group_expressions"] == [], "a page aggregates nothing"
    assert "DISTINCT_MODIFIER" not in kinds
    assert aggregates.isdisjoint(
        node.get("function_name") for node in nodes(query["select_list"])
    )


@pytest.mark.parametrize("sql", queries("leaders"))
def test_a_leaders_query_reads_a_mart_of_the_contract(sql: str) -> None:
    query = parsed(sql)
    mart = query["from_table"]["table_name"]
    described = columns_of_marts().get(mart)
    asked = {
        node["column_names"][-1]
        for node in nodes(query)
        if node.get("class") == "COLUMN_REF"
    }

    assert mart in MARTS_PUBLISHED
    if described:
        assert asked <= described


@pytest.mark.parametrize("sql", queries("public"))
def test_a_public_query_can_be_asked_of_the_public_file(
    sql: str, tmp_path: Path
) -> None:
    public_file.write_empty(tmp_path / "public.duckdb")

    with duckdb.connect(str(tmp_path / "public.duckdb"), read_only=True) as released:
        blanks = [None] * sql.count("?")
        assert released.execute(sql, blanks).fetchall() == []


@pytest.mark.parametrize("sql", queries("leaders"))
def test_a_leaders_query_can_be_asked_of_the_leaders_file(
    sql: str, tmp_path: Path
) -> None:
    build_leaders(tmp_path / "leaders.duckdb", None)

    with duckdb.connect(str(tmp_path / "leaders.duckdb"), read_only=True) as marts:
        assert marts.execute(sql, [None] * sql.count("?")).fetchall() == []


def test_sql_lives_in_queries_alone() -> None:
    asking = {
        path.relative_to(DASHBOARDS).as_posix()
        for path in DASHBOARDS.rglob("*.py")
        if "select " in path.read_text(encoding="utf-8").lower()
        or "import duckdb" in path.read_text(encoding="utf-8")
    }

    assert {name for name in asking if not name.endswith("queries.py")} == {
        "published.py"
    }


def test_the_public_page_cannot_see_the_leaders_file() -> None:
    public_code = "".join(
        path.read_text(encoding="utf-8")
        for path in (DASHBOARDS / "public").rglob("*.py")
    )

    assert "leaders" not in public_code


def test_pages_know_nothing_of_the_pipeline() -> None:
    known = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for path in DASHBOARDS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert {name for name in known if name and name.startswith("cityledger")} == {
        "cityledger.files",
        "cityledger.spreadsheet",
        "cityledger.text",
    }


@pytest.mark.parametrize("role", rows.ROWS)
def test_a_role_is_shown_whole_marts_only_where_no_row_is_anybodys(role: str) -> None:
    whole = {mart for mart, shown in rows.ROWS[role].items() if shown == rows.ALL}
    of_somebody = {
        mart
        for mart, columns in columns_of_marts().items()
        if columns & {"dept_code", "contractor_code", "owner_code", "subject_code"}
    }

    assert set(rows.ROWS[role]) <= set(MARTS_PUBLISHED)
    # Who scored what is announced to all departments.
    assert whole & of_somebody <= {"department_scores"}
    assert role == access.DEPARTMENT or not whole & of_somebody


def test_a_mart_without_a_condition_shows_no_row(tmp_path: Path) -> None:
    path = publish_leaders(tmp_path, County())
    everybody, nobody = (
        Edition(path, "v"),
        Edition(path, "v", rows.shown_to(access.NOBODY)),
    )
    asked = {mart: f"select * from {mart}" for mart in MARTS_PUBLISHED}  # noqa: S608

    filled = [mart for mart, sql in asked.items() if ask(everybody, sql, _row=dict)]

    assert len(filled) > 30
    assert [mart for mart in filled if ask(nobody, asked[mart], _row=dict)] == []
