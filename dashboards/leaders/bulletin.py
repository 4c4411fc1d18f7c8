"""Bulletin: the month's report (通报) with the numbers the pages show, as files.

One set of words fills all three files, so they cannot differ. The Word template is the
county's to edit: it is an ordinary document with names in double braces.
"""

import io
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from docxtpl import DocxTemplate
from jinja2 import Environment, FileSystemLoader
from xlsxwriter.worksheet import Worksheet

from cityledger.spreadsheet import whole
from cityledger.text import printable
from dashboards import wording
from dashboards.leaders.case_queries import Department
from dashboards.leaders.contractor_queries import Score
from dashboards.leaders.readings import Reading

TEMPLATES = Path(__file__).parent / "templates"
OWN_TEMPLATE, COUNTY_NAME = "CITYLEDGER_BULLETIN_TEMPLATE", "CITYLEDGER_COUNTY_NAME"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator as the bulletin says it."""

    name: str
    value: str
    target: str
    distance: str
    status: str
    n: str


@dataclass(frozen=True)
class ContractorRow:
    """One contractor's month as the bulletin says it."""

    name: str
    score: str
    grade: str
    payable: str
    stage: str


@dataclass(frozen=True)
class DepartmentRow:
    """One department's month as the bulletin says it."""

    rank: str
    name: str
    score: str
    due: str
    stability: str


@dataclass(frozen=True)
class Bulletin:
    """Every word and number of one month's report."""

    county: str
    period: str
    as_of_line: str
    summary: str
    binding: str
    indicators: list[IndicatorRow]
    contractors: list[ContractorRow]
    departments: list[DepartmentRow]
    contractor_note: str
    department_note: str
    health: str
    note: str

    @property
    def sheets(self) -> list[dict[str, Any]]:
        """The tables with their headings, for files that are drawn row by row."""
        return [
            _sheet("二、规划表1指标", "", _INDICATOR, self.indicators),
            _sheet(
                "三、环卫承包商", self.contractor_note, _CONTRACTOR, self.contractors
            ),
            _sheet(
                "四、部门与乡镇", self.department_note, _DEPARTMENT, self.departments
            ),
        ]


# A leading ">" sets a column of numbers to the right, as in `markup.table`.
_INDICATOR = ["指标", ">数值", "目标", ">距目标", "状态", ">记录数"]
_CONTRACTOR = ["承包商", ">得分", "等级", ">应付（元）", "阶段"]
_DEPARTMENT = ["名次", "部门", ">得分", ">应处置（件）", "名次稳定性"]
_NUMBER = re.compile(r"(-?[\d,]+)(\.\d+)?(%?)")


def indicator_row(reading: Reading) -> IndicatorRow:
    """Say one indicator."""
    value, unit = reading.value, reading.indicator.unit
    shown = wording.figure(value.value, reading.target, unit)
    return IndicatorRow(
        reading.indicator.name_zh,
        wording.why_missing(value.null_reason)
        if value.value is None
        else f"{shown}{unit}",
        reading.target.words if reading.target else "无",
        wording.distance(value.value, reading.target) or wording.NOTHING,
        value.status,
        wording.count(value.n),
    )


def contractor_row(score: Score) -> ContractorRow:
    """Say one contractor's month."""
    payable = score.payable_yuan
    return ContractorRow(
        score.contractor_name,
        wording.figure(score.score, unit="分"),
        score.grade or "未评",
        wording.NOTHING if payable is None else f"{payable:,.2f}",
        score.stage,
    )


def department_row(one: Department) -> DepartmentRow:
    """Say one department's month."""
    stability = "件数少，不排名"
    if one.ranked:
        stability = (
            f"可能在第{one.rank_best}–{one.rank_worst}名"
            if one.rank_may_change
            else "稳定"
        )
    rank = str(one.rank) if one.ranked and one.rank else wording.NOTHING
    return DepartmentRow(
        f"{one.ranking_group or ''} {rank}".strip(),
        one.dept_name,
        wording.figure(one.score, unit="分"),
        wording.provided(one.due_cases),
        stability,
    )


def as_docx(bulletin: Bulletin) -> bytes:
    """Fill the county's own template, or ours."""
    named = os.environ.get(OWN_TEMPLATE)
    template = DocxTemplate(named or str(TEMPLATES / "bulletin.docx"))
    template.render(_words(bulletin), autoescape=True)
    written = io.BytesIO()
    template.save(written)
    return written.getvalue()


def as_pdf(bulletin: Bulletin) -> bytes:
    """Draw the same words on paper; nothing is fetched."""
    from weasyprint import HTML  # noqa: PLC0415 - heavy

    written = as_html(bulletin)
    return bytes(HTML(string=written, url_fetcher=_refuse).write_pdf() or b"")


def as_html(bulletin: Bulletin) -> str:
    """Write the words as the page that the PDF is drawn from."""
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return pages.get_template("bulletin.html").render(_words(bulletin))


def as_xlsx(bulletin: Bulletin) -> bytes:
    """Write the tables as sheets."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        cover = book.add_worksheet("说明")
        lines = [
            f"{bulletin.county}城市管理工作通报（{bulletin.period}）",
            bulletin.as_of_line, bulletin.summary, bulletin.binding, bulletin.health,
            bulletin.note,
        ]  # fmt: skip
        for down, line in enumerate(lines):
            cover.write_string(down, 0, whole(line))
        for sheet in bulletin.sheets:
            drawn = book.add_worksheet(sheet["heading"].split("、")[1])
            drawn.write_row(0, 0, [one.lstrip(">") for one in sheet["columns"]], bold)
            for down, row in enumerate(sheet["rows"], start=1):
                for across, cell in enumerate(row):
                    _write_cell(book, drawn, down, across, cell)
            drawn.set_column(0, 5, 18)
            drawn.freeze_panes(1, 0)
    return written.getvalue()


def _write_cell(
    book: xlsxwriter.Workbook, drawn: Worksheet, down: int, across: int, cell: str
) -> None:
    """Write a figure as a number that looks the same, anything else as text."""
    found = _NUMBER.fullmatch(cell)
    if not found:
        drawn.write_string(down, across, whole(cell))
        return
    units, cents, percent = found[1].replace(",", ""), found[2] or "", found[3]
    looks = "#,##0" + (f".{'0' * (len(cents) - 1)}" if cents else "") + percent
    number = Decimal(units + cents) / (100 if percent else 1)
    drawn.write_number(
        down, across, float(number), book.add_format({"num_format": looks})
    )


def county_name() -> str:
    """Name the county as its letterhead does."""
    return os.environ.get(COUNTY_NAME, "")


def _words(bulletin: Bulletin) -> dict[str, Any]:
    return dict(_printable(asdict(bulletin) | {"sheets": bulletin.sheets}))


def _printable(words: Any) -> Any:  # noqa: ANN401 - words, and lists and tables of them
    """Leave out what a name may hold and an office file may not."""
    if isinstance(words, str):
        return printable(words)
    if isinstance(words, dict):
        return {name: _printable(said) for name, said in words.items()}
    return [_printable(one) for one in words]


def _sheet(
    heading: str, note: str, columns: Sequence[str], rows: Sequence[Any]
) -> dict[str, Any]:
    return {
        "heading": heading,
        "note": note,
        "columns": columns,
        "rows": [list(asdict(row).values()) for row in rows],
    }


def _refuse(url: str, *_given: object, **_more: object) -> dict[str, Any]:
    message = f"a bulletin fetches nothing: {url}"
    raise ValueError(message)
