"""No department and no contractor reads what is another's, on whatever page it stands.

Each one's names, codes, case numbers and figures are unlike anybody else's. Every page
is opened as every reader, under every address that could ask for somebody else's rows,
and everything it sends is searched: tables, attention, cards, charts with their data,
choices, addresses, tooltips and the files it offers.
"""

import io
import zipfile
from pathlib import Path

import duckdb
import pytest
from streamlit import config

from dashboards import guard
from dashboards.leaders import access
from dashboards.leaders.access import Reader
from tests.browser.published_fixture import County, publish_leaders
from tests.drawn_pages import Drawn, draw

DEPARTMENTS = {"0101": "甲部门", "0203": "乙部门", "0204": "丙部门"}
CONTRACTORS = {"HW01": "丁承包", "HW02": "戊承包"}
LEADER = Reader("县长", access.LEADER)
READERS = [
    *(Reader(name, access.DEPARTMENT, code) for code, name in DEPARTMENTS.items()),
    *(Reader(name, access.CONTRACTOR, code) for code, name in CONTRACTORS.items()),
]


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A night whose rows say whose they are; returns the marks of each owner."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv(guard.SIGN_ON, guard.LOOPBACK_ONLY)
    config.set_option("server.address", "127.0.0.1")
    built = publish_leaders(tmp_path, County())
    with duckdb.connect(str(built)) as marts:
        return _mark(marts)


_NAMES = {"contractor_name", "dept_name", "owner_name", "subject_name"}
_TEXTS = {
    "case_id", "detail", "label", "note", "segment_id", "road_name", "part_name",
    "record_key", "item_id", "metric_name", "community_name",
}  # fmt: skip
_FIGURES = {"days_over", "quantity", "excluded", "numerator", "done_passes", "score"}
_OF_DEPARTMENTS = {
    "attention": "subject_code", "overdue_list": "dept_code", "case_metrics": "member",
    "department_parts": "dept_code", "indicator_by_owner": "owner_code",
}  # fmt: skip
_OF_CONTRACTORS = dict.fromkeys(
    ("contractor_scores", "contractor_score_lines", "segment_misses"), "contractor_code"
) | {"indicator_by_owner": "owner_code"}


def _mark(marts: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Give each owner rows of its own in every mart of owners; return their marks."""
    marks = {}
    for place, (code, name) in enumerate((DEPARTMENTS | CONTRACTORS).items()):
        text, figure = f"MARK{place}{place}{place}", 7_310_007 + 1_111 * place
        marks[code] = [text, f"{figure:,}", str(figure)]
        of = _OF_DEPARTMENTS if code in DEPARTMENTS else _OF_CONTRACTORS
        for table, owner in of.items():
            changed = {owner: code} | _OF_A_KIND.get(table, {})
            if table == "indicator_by_owner":
                changed["owner_kind"] = "部门" if code in DEPARTMENTS else "承包商"
            for column in _columns(marts, table):
                if column in _NAMES:
                    changed[column] = name
                if column in _TEXTS:
                    changed[column] = f"{text}-{table}-{column}"
                if column in _FIGURES:
                    changed[column] = str(figure)
            _copy(marts, table, owner, changed)
    return marks


_OF_A_KIND = {
    "attention": {"kind": "overdue_cases", "severity": "红"},
    "case_metrics": {"dimension": "department"},
}


def _columns(marts: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    described = marts.execute(f"describe {table}").fetchall()
    return [name for name, *_ in described]


def _copy(
    marts: duckdb.DuckDBPyConnection, table: str, owner: str, changed: dict[str, str]
) -> None:
    """Turn an owner's rows, or copies of the newest month's, into marked ones."""
    is_monthly = "month" in _columns(marts, table)
    newest = f"where month = (select max(month) from {table})" if is_monthly else ""  # noqa: S608
    marts.execute(
        f"create or replace temp table kept as from {table} {newest} "
        f"qualify {owner} = min({owner}) over ()"
    )
    marts.execute(f"delete from {table} where {owner} = ?", [changed[owner]])  # noqa: S608
    said = ", ".join(f"'{value}' as {column}" for column, value in changed.items())
    marts.execute(f"insert into {table} by name select * replace ({said}) from kept")  # noqa: S608


def everywhere(reader: Reader, patch: pytest.MonkeyPatch) -> dict[str, Drawn]:
    """Open every page as a reader, also under addresses that ask for others' rows."""
    drawn = {}
    others = [
        *({"dept": code, "contractor": ""} for code in DEPARTMENTS),
        *({"contractor": code, "dept": "0203"} for code in CONTRACTORS),
    ]
    for page in access.EVERY_PAGE:
        asked = others if page in ("departments", "contractors") else [{}]
        if page == "indicator":
            asked = [{"indicator": "I05"}]
        for parameters in asked:
            drawn[f"{page} {parameters}"] = draw(reader, page, patch, **parameters)
    return drawn


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.scope)
def test_a_reader_is_sent_its_own_and_nothing_that_is_anothers(
    marked: dict[str, list[str]], reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = {
        mark for code, marks in marked.items() if code != reader.scope for mark in marks
    }
    own, leaks = marked[reader.scope or ""][0], []
    seen = False
    for where, page in everywhere(reader, monkeypatch).items():
        said = page.texts + taken(page)
        seen = seen or own in said
        leaks += [
            (where, mark)
            for mark in foreign
            if mark in said or mark.encode() in page.sent
        ]

    assert leaks == []
    assert seen


def test_a_leader_is_sent_everybodys(
    marked: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = everywhere(LEADER, monkeypatch)
    said = "".join(page.texts + taken(page) for page in drawn.values())
    charted = b"".join(page.sent for page in drawn.values())

    assert [code for code, (mark, *_) in marked.items() if mark not in said] == []
    assert all(name.encode() in charted for name in CONTRACTORS.values())


def taken(page: Drawn) -> str:
    """Take every file a page offers and return what it says."""
    said = []
    for name, make in page.files.items():
        content = make()
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                said += [
                    parts.read(part).decode("utf-8", "ignore")
                    for part in parts.namelist()
                ]
        elif name.endswith(".csv"):
            said.append(content.decode("utf-8-sig"))
    return "\n".join(said)
