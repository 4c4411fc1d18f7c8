"""Files that readers take away: the same numbers, and nothing that runs."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook

from cityledger.spreadsheet import inert
from dashboards.leaders import bulletin, exports
from dashboards.leaders.bulletin import (
    Bulletin,
    ContractorRow,
    DepartmentRow,
    IndicatorRow,
)

HEADINGS = ["编号", "数量", "说明"]
ROWS = [["=1+1", 12.5, "重复"], ["ZS1", None, "-cmd"]]
WORDS = Bulletin(
    county="竹山县",
    period="2025年6月",
    as_of_line="数据截至 2025年7月16日 24:00 · 终报 · 版本 20250716",
    summary="规划表1共21项指标：达标8项。",
    binding="约束性指标没有未达标。",
    indicators=[IndicatorRow("亮灯率<&", "99.99%", "≥100", "差 0.01", "未达标", "3")],
    contractors=[ContractorRow("洁城", "90.90", "良好", "1,020,000.00", "终报")],
    departments=[DepartmentRow("乡镇 1", "市容中队", "95.40", "19", "稳定")],
    contractor_note="",
    department_note="件数不足的部门不排名。",
    health="数据源全部正常。",
    note="数值与领导页同一版本。",
)
SAID = ["亮灯率<&", "99.99%", "1,020,000.00", "95.40", "2025年7月16日"]


def test_a_csv_holds_no_cell_that_a_spreadsheet_would_run() -> None:
    written = exports.as_csv(HEADINGS, ROWS).decode("utf-8-sig").splitlines()

    assert written == ["编号,数量,说明", "'=1+1,12.5,重复", "ZS1,,'-cmd"]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+1", "-cmd", "@sum(1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1",
        "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "\x00=1", "＝1", "＋1", "－1",
        "＠1", " ＝1", "﹢1", "﹣1", "﹫1", "\t说明",
    ],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_compute_gets_an_apostrophe(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
    assert f"'{cell}".encode() in exports.as_csv(["a"], [[cell]])


def test_other_text_is_written_as_it_is() -> None:
    for cell in ("宝丰镇", "A=1", "(-3)", " 宝丰镇", "", "—", "·", "12-3"):
        assert inert(cell) == cell


def test_a_workbook_is_made_of_whatever_the_data_say() -> None:
    long = "长" * 40_000
    told = [
        [long, float("nan"), "\x00\x0b\x1b[31m"],
        ["\ud800坏\uffff", float("inf"), Decimal("12.50")],
        ["=HYPERLINK(1)", -(10**18), None],
    ]
    title = "a/b:c?[d]*\\'堵河清 2025-06 当月应付推导" + "长" * 40

    written = exports.as_xlsx(title, ["说明" + long], HEADINGS, told)

    rows = CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_index(0)
    first, second, third = rows.to_python()[-3:]
    assert first[0] == "长" * (32_767 - len("……（太长，截断）")) + "……（太长，截断）"
    assert first[1] == "nan"
    assert first[2] == "\ufffd\ufffd\ufffd[31m"
    assert second == ["\ufffd坏\ufffd", "inf", 12.5]
    assert third[:2] == ["=HYPERLINK(1)", -(10**18)]
    assert exports.as_csv(HEADINGS, told).startswith(b"\xef\xbb\xbf")


def test_rows_that_do_not_fit_on_a_sheet_stand_on_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 3)

    written = exports.as_xlsx("I05", [], ["n"], [[n] for n in range(7)])

    book = CalamineWorkbook.from_filelike(io.BytesIO(written))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [[row[0] for row in rows[3:]] for rows in sheets] == [
        [0, 1, 2],
        [3, 4, 5],
        [6],
    ]


def test_a_workbook_keeps_text_text_and_numbers_numbers() -> None:
    written = exports.as_xlsx("I05 记录", ["数据截至 2025-07-16"], HEADINGS, ROWS)

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_index(0)

    rows = sheet.to_python()
    assert rows[0][0] == "I05 记录"
    assert rows[-2] == ["=1+1", 12.5, "重复"]


def test_an_empty_export_still_has_its_headings() -> None:
    written = exports.as_xlsx("空", [], HEADINGS, [])

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_index(0)

    assert sheet.to_python()[-1] == HEADINGS


def test_word_pdf_and_workbook_say_the_same() -> None:
    document = docx.Document(io.BytesIO(bulletin.as_docx(WORDS)))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    in_word = "\n".join([p.text for p in document.paragraphs] + cells)
    book = CalamineWorkbook.from_filelike(io.BytesIO(bulletin.as_xlsx(WORDS)))
    in_book = [
        row
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
    ]

    for said in SAID:
        assert said in in_word
    assert ["亮灯率<&", 0.9999, "≥100", "差 0.01", "未达标", 3] in in_book
    assert ["洁城", 90.9, "良好", 1_020_000, "终报"] in in_book
    assert ["乡镇 1", "市容中队", 95.4, 19, "稳定"] in in_book
    assert "{{" not in in_word
    assert "{%" not in in_word
    assert bulletin.as_pdf(WORDS).startswith(b"%PDF")


def test_a_bulletin_is_made_whatever_a_name_holds() -> None:
    odd = "洁\x0b城\ud800\uffff\x00<b>&{{ 7 * 7 }}{% for %}"
    words = replace(
        WORDS, contractors=[replace(WORDS.contractors[0], name=odd)], health=odd
    )
    long = replace(words, health="长" * 40_000)

    document = docx.Document(io.BytesIO(bulletin.as_docx(words)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(bulletin.as_xlsx(long)))

    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    assert any(cell.startswith("洁\ufffd城\ufffd\ufffd\ufffd<b>&{{") for cell in cells)
    assert any("太长，截断" in row[0] for row in book.get_sheet_by_index(0).to_python())
    assert bulletin.as_pdf(words).startswith(b"%PDF")


def test_a_county_may_edit_its_own_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = docx.Document()
    own.add_paragraph("红头文件 {{ period }} {{ indicators[0].value }}")
    own.save(str(tmp_path / "own.docx"))
    monkeypatch.setenv(bulletin.OWN_TEMPLATE, str(tmp_path / "own.docx"))

    written = docx.Document(io.BytesIO(bulletin.as_docx(WORDS)))

    assert written.paragraphs[0].text == "红头文件 2025年6月 99.99%"


def test_a_date_is_written_as_text_that_nobody_reads_as_a_number() -> None:
    written = exports.as_csv(["日期"], [[date(2025, 7, 16)]]).decode("utf-8-sig")

    assert written.splitlines()[1] == "2025-07-16"
