"""What a role is not shown is said to be hidden, never to be missing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboards import guard
from dashboards.leaders import access
from dashboards.leaders.access import Reader
from tests.browser.published_fixture import County, publish_leaders

Seen = Callable[..., str]
LEADERS = Path(__file__).parents[2] / "dashboards" / "leaders"
BAOFENG = Reader("宝丰镇", access.DEPARTMENT, "0203")
HW02 = Reader("堵河清", access.CONTRACTOR, "HW02")
LEADER = Reader("县长", access.LEADER)
OPERATOR = Reader("操作员", access.OPERATOR)


@pytest.fixture(autouse=True)
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A published night, on a server that only this machine reaches."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv(guard.SIGN_ON, guard.LOOPBACK_ONLY)
    config.set_option("server.address", "127.0.0.1")
    publish_leaders(tmp_path, County())


@pytest.fixture
def seen_by(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Say what a reader sees on a page."""

    def said(reader: Reader, page: str, **parameters: str) -> str:
        monkeypatch.setattr(access, "reader", lambda: reader)
        app = AppTest.from_file(LEADERS / "app.py", default_timeout=60).run()
        if page != "contractors" or reader.role != access.CONTRACTOR:
            app.query_params.update(parameters)
            app.switch_page(f"app_pages/{page}.py").run()
        assert not app.exception
        return "\n".join(one.value for one in app.html)

    return said


def test_a_departments_bulletin_says_that_scores_are_hidden(seen_by: Seen) -> None:
    drawn = seen_by(BAOFENG, "report")

    assert "没有承包商考核结果" not in drawn
    assert "承包商的考核结果不向部门账号显示" in drawn
    assert "竹山洁城" not in drawn


@pytest.mark.parametrize("reader", [LEADER, OPERATOR], ids=["领导", "操作员"])
def test_a_leaders_bulletin_hides_nothing(seen_by: Seen, reader: Reader) -> None:
    drawn = seen_by(reader, "report")

    assert "竹山洁城" in drawn
    assert "不向" not in drawn


def test_a_department_is_told_whose_detail_it_sees(seen_by: Seen) -> None:
    drawn = seen_by(BAOFENG, "departments")

    assert "其他部门的不向部门账号显示" in drawn
    assert "宝丰镇人民政府超期未处置案件 1 件" in drawn
    assert "departments?period=" in drawn
    assert "dept=0203" in drawn
    assert "dept=0204" not in drawn
    assert "擂鼓镇人民政府" in drawn


def test_a_department_is_told_which_sources_do_not_come(seen_by: Seen) -> None:
    drawn = seen_by(BAOFENG, "overview")

    assert "没有数据源记录" not in drawn
    assert "多数不合格" in drawn


def test_a_department_without_a_score_is_not_told_that_there_are_none(
    seen_by: Seen,
) -> None:
    drawn = seen_by(Reader("新单位", access.DEPARTMENT, "0999"), "departments")

    assert "本部门（0999）" in drawn
    assert "没有部门" not in drawn


def test_a_department_is_told_of_shares_and_records_that_are_hidden(
    seen_by: Seen,
) -> None:
    drawn = seen_by(BAOFENG, "indicator", indicator="I05")

    assert "其他单位的数不向部门账号显示" in drawn
    assert "逐条记录只对领导和操作员开放：计入分母 1,204 条" in drawn
    assert "没有逐条记录" not in drawn
    assert "市容中队" not in drawn


def test_nobody_is_sent_to_a_page_that_is_not_theirs(seen_by: Seen) -> None:
    assert 'href="health"' in seen_by(LEADER, "overview")
    assert 'href="health"' not in seen_by(BAOFENG, "overview")


def test_a_contractor_is_told_that_others_are_hidden(seen_by: Seen) -> None:
    drawn = seen_by(HW02, "contractors")

    assert "其他承包商的结果不向承包商账号显示" in drawn
    assert "竹山洁城" not in drawn


def test_a_contractor_without_a_result_is_told_so_and_whom_to_ask(
    seen_by: Seen,
) -> None:
    drawn = seen_by(Reader("新企业", access.CONTRACTOR, "HW09"), "contractors")

    assert "承包商 HW09 还没有考核结果" in drawn
    assert "本县没有这项业务" not in drawn


def test_a_leader_is_told_who_makes_the_workbooks(seen_by: Seen) -> None:
    assert "由操作员生成" in seen_by(LEADER, "health")


@pytest.mark.parametrize(
    ("reader", "page"),
    [(BAOFENG, "contractors"), (BAOFENG, "health"), (HW02, "overview")],
)
def test_a_page_of_another_role_says_that_it_is_not_open(
    reader: Reader, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(access.shell, "show", drawn.append)
    monkeypatch.setattr(access, "current", lambda: reader)

    access.refuse(page)

    assert f"不向{reader.role}账号开放" in drawn[0]
    assert not reader.may_open(page)
