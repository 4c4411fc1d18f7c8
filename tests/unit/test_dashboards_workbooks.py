"""Rows that go back to their sender: made for an operator, by its own verb."""

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest
from marts_by_hand import built_night, settings_in
from python_calamine import CalamineWorkbook
from streamlit import config
from streamlit.testing.v1 import AppTest
from test_quarantine import RAW, TABLES

from cityledger import quarantine
from dashboards import guard, markup
from dashboards.leaders import access, workbooks
from tests.browser.published_fixture import County, publish_leaders

LEADERS = Path(__file__).parents[2] / "dashboards" / "leaders"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A night with broken rows of FS01 in the warehouse."""
    settings = settings_in(tmp_path)
    built_night(settings, date(2025, 6, 30))
    with duckdb.connect(str(settings.folders.warehouse)) as connection:
        connection.execute(TABLES.replace("$raw", f"'{RAW}'"))
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv(guard.SIGN_ON, guard.LOOPBACK_ONLY)
    publish_leaders(settings.data_dir, County())
    config.set_option("server.address", "127.0.0.1")
    return settings.data_dir


def health(**parameters: str) -> AppTest:
    app = AppTest.from_file(LEADERS / "app.py", default_timeout=60)
    app.run()
    app.query_params.update(parameters)
    app.switch_page("app_pages/health.py").run()
    assert not app.exception
    return app


def test_an_operator_has_one_senders_workbook_made_and_takes_it(
    data_dir: Path,
) -> None:
    app = health(owner="FS01")
    app.button("make_workbook").click().run()

    (path,) = workbooks.made("FS01")
    assert path.name == "2025-06-30-FS01.xlsx"
    assert path.parent == data_dir / "quarantine"
    assert path.stat().st_mode & 0o077 == 0
    cover = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("说明").to_python()
    assert ["数据提供单位：FS01"] in cover
    assert next(b.label for b in app.get("download_button")) == markup.label(path.name)
    noted = (data_dir / "access_log").iterdir().__next__().read_text(encoding="utf-8")
    assert "生成隔离清单" in noted


def test_a_sender_with_nothing_to_mend_is_told_so(data_dir: Path) -> None:
    app = health(owner="HW02")
    app.button("make_workbook").click().run()

    assert "这家单位现在没有待改正的记录" in "".join(one.value for one in app.html)
    assert not (data_dir / "quarantine").exists() or workbooks.made("HW02") == []


def test_what_the_verb_says_against_it_is_what_the_page_says(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nothing"))

    assert "仓库还没有建立" in workbooks.make("FS01")


@pytest.mark.parametrize("role", [access.LEADER, access.DEPARTMENT, access.CONTRACTOR])
def test_nobody_else_is_offered_a_workbook(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    (data_dir / "quarantine").mkdir(exist_ok=True)
    (data_dir / "quarantine" / "2025-06-30-FS01.xlsx").write_bytes(b"x")
    scope = "0203" if role in access.SCOPED else None
    monkeypatch.setattr(access, "reader", lambda: access.Reader("a", role, scope))
    app = AppTest.from_file(LEADERS / "app.py", default_timeout=60).run()
    if role == access.LEADER:
        app.query_params["owner"] = "FS01"
        app.switch_page("app_pages/health.py").run()

    assert not app.exception
    assert all("xlsx" not in str(b.label) for b in app.get("download_button"))
    assert all(b.key != "make_workbook" for b in app.button)


def test_an_owner_is_named_as_the_verb_names_it() -> None:
    seed = LEADERS.parents[1] / "dbt_project" / "seeds" / "source_owners.csv"
    rows = [line.split(",") for line in seed.read_text(encoding="utf-8").split()]

    assert {row[0]: row[3] for row in rows[1:]} == quarantine.SOURCES


def test_a_hyphen_in_a_code_finds_its_own_workbook_only(data_dir: Path) -> None:
    folder = data_dir / "quarantine"
    folder.mkdir()
    for name in ("2025-06-30-A-1.xlsx", "2025-06-30-1.xlsx", "2025-06-30-A_1.xlsx"):
        (folder / name).write_bytes(b"x")

    assert [path.name for path in workbooks.made("1")] == ["2025-06-30-1.xlsx"]
    assert [path.name for path in workbooks.made("A-1")] == ["2025-06-30-A-1.xlsx"]
    assert os.environ["DATA_DIR"] == str(data_dir)
