"""A workbook is read cell by cell into text, or refused whole."""

import contextlib
import io
import json
import random
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import raw_workbook as raw
import xlsxwriter

from cityledger.sources import xlsx_file
from cityledger.sources.contracts import FileTable
from cityledger.sources.file_content import ReadRow, RefusedFileError

DAILY = (FileTable("sweeping", ("日期", "覆盖率"), sheet="作业日报"),)
FIRST = (FileTable("rows", ("日期", "覆盖率")),)


def workbook(
    rows: Sequence[Sequence[object]],
    sheet: str = "作业日报",
    start: tuple[int, int] = (0, 0),
    before: str | None = None,
) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        if before is not None:
            book.add_worksheet(before)
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(rows, start=start[0]):
            for column, value in enumerate(row, start=start[1]):
                if isinstance(value, datetime):
                    page.write_datetime(number, column, value, moment)
                elif isinstance(value, date):
                    page.write_datetime(number, column, value, day)
                elif value is not None:
                    page.write(number, column, value)
    return buffer.getvalue()


def read_xlsx(content: bytes, tables: tuple[FileTable, ...]) -> list[ReadRow]:
    return list(xlsx_file.read_xlsx(io.BytesIO(content), tables))


def cells(row: ReadRow) -> dict[str, object]:
    return dict(json.loads(row.raw))


def test_cells_become_the_text_of_the_contract() -> None:
    values = [
        (date(2025, 6, 3), "2025-06-03"),
        (datetime.fromisoformat("2025-06-03 08:15"), "2025-06-03 08:15:00"),
        (datetime.fromisoformat("2025-06-03 08:15:59"), "2025-06-03 08:15:59"),
        ("2025-06-03", "2025-06-03"),
        (5, "5"),
        (420323001001.0, "420323001001"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (True, "是"),
        (False, "否"),
        (" 00１2 ", " 00１2 "),
        (None, None),
    ]

    rows = read_xlsx(
        workbook([("日期", "覆盖率"), *((v, 1) for v, _ in values)]), DAILY
    )

    assert [cells(row)["日期"] for row in rows] == [text for _, text in values]


def test_rows_have_the_numbers_that_excel_shows() -> None:
    content = workbook(
        [("日期 ", "覆盖率"), ("a", 1), (None, None), ("b", 2)], start=(3, 2)
    )

    rows = read_xlsx(content, DAILY)

    assert [(row.line, cells(row)["日期"]) for row in rows] == [(5, "a"), (7, "b")]
    assert {row.sheet for row in rows} == {"作业日报"}


def test_the_first_sheet_counts_where_the_contract_names_none() -> None:
    content = workbook([("日期", "覆盖率"), ("a", 1)], sheet="随便")

    (row,) = read_xlsx(content, FIRST)

    assert (row.table, row.sheet) == ("rows", "随便")


def test_a_workbook_with_two_tables_gives_the_rows_of_both() -> None:
    both = (
        FileTable("sheets", ("检查表编号",), sheet="检查表"),
        FileTable("deductions", ("扣分编号",), sheet="扣分明细"),
    )
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("扣分明细").write_column(0, 0, ["扣分编号", "K1", "K2"])
        book.add_worksheet("检查表").write_column(0, 0, ["检查表编号", "J1"])

    rows = read_xlsx(buffer.getvalue(), both)

    assert [(row.table, row.line) for row in rows] == [
        ("sheets", 2),
        ("deductions", 2),
        ("deductions", 3),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件为空"),
        (b"PK\x03\x04 not really", "没有传完"),
        (workbook([("日期", "覆盖率"), ("a", 1)])[:-40], "没有传完"),
        (workbook([("日期", "覆盖率")], sheet="日报"), "缺少工作表：作业日报"),
        (workbook([("日期", "备注")]), "缺少列：覆盖率"),
        (workbook([]), "缺少列：日期、覆盖率"),
        (workbook([("日期", "覆盖率", "日期")]), "列名重复：日期"),
        ("日期,覆盖率\n".encode(), "这是文本（CSV）文件.*另存为"),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused_with_the_reason(
    content: bytes, reason: str
) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read_xlsx(content, DAILY)


def test_an_empty_first_sheet_is_not_passed_over() -> None:
    content = workbook([("日期", "覆盖率"), ("a", 1)], before="说明")

    with pytest.raises(RefusedFileError, match="缺少列"):
        read_xlsx(content, FIRST)


def test_an_error_in_a_cell_is_told_and_never_empty() -> None:
    kinds = ("#REF!", "#N/A", "#DIV/0!", "#SPILL!", "#将来!", "")
    rows = raw.header("日期", "覆盖率", "查询") + "".join(
        raw.row(n, raw.error(f"A{n}", kind), raw.number(f"B{n}", "1"))
        for n, kind in enumerate(kinds, start=2)
    )
    odd = raw.row(9, raw.number("B9", "1"), raw.error("C9", "#N/A"))

    found = [cells(row) for row in read_xlsx(raw.workbook(rows + odd), DAILY)]

    assert [row["日期"] for row in found[:6]] == [*kinds[:5], "#错误"]
    assert [row["_unreadable"] for row in found[:5]] == [
        f"日期={kind}" for kind in kinds[:5]
    ]
    assert list(found[0])[-1] == "_unreadable"
    # In a column that the contract does not name an error is only kept.
    assert found[6] == {"日期": None, "覆盖率": "1", "查询": "#N/A"}


def test_a_formula_is_its_stored_result_and_without_one_unreadable() -> None:
    rows = raw.header("日期", "覆盖率") + raw.row(
        2,
        '<c r="A2" t="str"><f>IF(1,"")</f><v></v></c>',
        '<c r="B2"><f>SUM(C1:C9)</f></c>',
    )
    rows += raw.row(
        3,
        '<c r="A3" t="str"><f>TEXT(1)</f><v>2025-06-03</v></c>',
        '<c r="B3"><f>1/2</f><v>0.5</v></c>',
    )
    rows += raw.row(
        4, '<c r="A4" t="str"><f/></c>', '<c r="B4"><f t="shared"/><v> </v></c>'
    )

    first, second, third = (cells(r) for r in read_xlsx(raw.workbook(rows), DAILY))

    assert first == {
        "日期": None,
        "覆盖率": "#公式无结果（=SUM(C1:C9)）",
        "_unreadable": "覆盖率=#公式无结果（=SUM(C1:C9)）",
    }
    assert second == {"日期": "2025-06-03", "覆盖率": "0.5"}
    assert third["_unreadable"] == "覆盖率=#公式无结果"


@pytest.mark.parametrize(
    ("serial", "style", "expected"),
    [
        ("45811", 1, "2025-06-03"),
        ("45811", 2, "2025-06-03"),
        ("45811", 6, "2025-06-03"),
        ("45811.34375", 2, "2025-06-03 08:15:00"),
        ("45811.344432870371", 2, "2025-06-03 08:15:59"),
        ("45811.5", 1, "2025-06-03 12:00:00"),
        ("1", 1, "1900-01-01"),
        ("59", 1, "1900-02-28"),
        ("61", 1, "1900-03-01"),
        ("73415", 1, "2100-12-31"),
        ("0.34375", 3, "08:15:00"),
        ("45811.34375", 3, "2025-06-03 08:15:00"),
        ("1.5", 4, "36:00:00"),
        ("45811", 5, "45811"),
        ("45811", 0, "45811"),
        # 中文 Excel's own formats, by number.
        ("45811", 7, "2025-06-03"),
        ("0.5", 8, "12:00:00"),
    ],
)
def test_a_date_cell_is_the_day_that_excel_shows(
    serial: str, style: int, expected: str
) -> None:
    rows = raw.header("日期", "覆盖率") + raw.row(2, raw.number("A2", serial, style))

    (row,) = read_xlsx(raw.workbook(rows, builtin=[31, 55]), DAILY)

    assert cells(row) == {"日期": expected, "覆盖率": None}


@pytest.mark.parametrize(
    "serial",
    ["0", "60", "-1", "73416", "-2.5e11", "2.5e11", "1e308", "1e999", "NaN", "0.5"],
)
def test_a_date_cell_out_of_any_calendar_cannot_be_read(serial: str) -> None:
    rows = raw.header("日期", "覆盖率") + raw.row(2, raw.number("A2", serial, 1))

    (row,) = read_xlsx(raw.workbook(rows), DAILY)

    told = cells(row)
    assert told["_unreadable"] == f"日期={told['日期']}"
    assert told["日期"] == (
        serial if "e" not in serial or serial == "1e999" else str(int(float(serial)))
    )


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    rows = raw.header("日期", "覆盖率") + "".join(
        raw.row(n, raw.number(f"A{n}", serial, 1))
        for n, serial in ((2, "0"), (3, "44349"), (4, "-1"))
    )

    found = [cells(r) for r in read_xlsx(raw.workbook(rows, from_1904=True), DAILY)]

    assert [row["日期"] for row in found] == ["1904-01-01", "2025-06-03", "-1"]
    assert "_unreadable" in found[2]


def test_dates_may_be_written_and_not_counted() -> None:
    values = ("2025-06-03", "2025-06-03T08:15:00Z", "2101-01-01", "昨天")
    rows = raw.header("日期", "覆盖率") + "".join(
        raw.row(n, f'<c r="A{n}" t="d"><v>{value}</v></c>')
        for n, value in enumerate(values, start=2)
    )

    found = [cells(row) for row in read_xlsx(raw.workbook(rows, strict=True), DAILY)]

    assert [row["日期"] for row in found] == [
        *("2025-06-03", "2025-06-03 08:15:00", "2101-01-01", "昨天")
    ]
    assert ["_unreadable" in row for row in found] == [False, False, True, True]


def test_texts_are_all_their_runs_without_the_phonetic_guide() -> None:
    strings = (
        "<si><r><t>日</t></r><r><rPr/><t xml:space='preserve'>期 </t></r>"
        "<rPh sb='0' eb='1'><t>ri</t></rPh></si><si><t>覆盖率</t></si>"
        "<si><t>一_x000D_\n二_x005F_x0041_</t></si>"
    )
    rows = raw.row(1, '<c r="A1" t="s"><v>0</v></c>', '<c r="B1" t="s"><v>1</v></c>')
    rows += raw.row(
        2,
        '<c r="A2" t="s"><v>2</v></c>',
        '<c r="B2" t="inlineStr"><is><r><t>5</t></r><rPh sb="0" eb="1"><t>wu</t></rPh>'
        "<r><t>6</t></r></is></c>",
    )
    rows += raw.row(3, '<c r="A3" t="s"><v>99</v></c>')

    first, lost = read_xlsx(raw.workbook(rows, strings=strings), DAILY)

    assert cells(first) == {"日期": "一\r\n二_x0041_", "覆盖率": "56"}
    assert cells(lost)["_unreadable"] == "日期=#无此文本（99）"


def test_a_blank_in_the_last_corner_is_nothing() -> None:
    rows = raw.header("日期", "覆盖率") + raw.row(2, raw.text("A2", "a"))
    rows += raw.row(1_048_576, raw.text("XFD1048576", " "), '<c r="A1048576" s="1"/>')

    (row,) = read_xlsx(raw.workbook(rows), DAILY)

    assert (row.line, cells(row)) == (2, {"日期": "a", "覆盖率": None})


def test_a_value_in_the_last_corner_is_one_more_row() -> None:
    rows = raw.header("日期", "覆盖率")
    rows += raw.row(1_048_576, raw.text("XFD1048576", "x"))

    (row,) = read_xlsx(raw.workbook(rows), DAILY)

    assert row.line == 1_048_576
    assert cells(row) == {"日期": None, "覆盖率": None, "第16384列": "x"}


def test_a_value_hidden_under_a_merge_is_not_there() -> None:
    rows = raw.header("日期", "覆盖率") + "".join(
        raw.row(n, raw.text(f"A{n}", f"a{n}"), raw.number(f"B{n}", str(n)))
        for n in (2, 3, 4)
    )
    after = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'

    found = [cells(row) for row in read_xlsx(raw.workbook(rows, after=after), DAILY)]

    assert [row["日期"] for row in found] == ["a2", None, "a4"]
    assert [row["覆盖率"] for row in found] == ["2", "3", "4"]


def test_hidden_rows_and_columns_are_read() -> None:
    rows = raw.header("日期", "覆盖率") + (
        '<row r="2" hidden="1"><c r="A2"><v>5</v></c><c r="B2"><v>1</v></c></row>'
    )
    sheet = raw.package(
        f'<cols><col min="1" max="1" hidden="1"/></cols><sheetData>{rows}</sheetData>'
    )["xl/worksheets/sheet1.xml"]
    parts = {"xl/worksheets/sheet1.xml": sheet}

    (row,) = read_xlsx(raw.workbook("", parts=parts), DAILY)

    assert cells(row) == {"日期": "5", "覆盖率": "1"}


def test_cells_may_leave_out_where_they_stand() -> None:
    rows = "<row><c t='str'><v>日期</v></c><c t='str'><v>覆盖率</v></c></row>"
    rows += "<row><c><v>1</v></c><c><v>2</v></c></row>"

    (row,) = read_xlsx(raw.workbook(rows), DAILY)

    assert (row.line, cells(row)) == (2, {"日期": "1", "覆盖率": "2"})


def test_column_names_are_folded_and_spare_ones_may_repeat() -> None:
    rows = raw.header("日\n期 ", "覆盖率", "备注", "备注") + raw.row(
        2, *(raw.text(f"{column}2", column) for column in "ABCD")
    )

    (row,) = read_xlsx(raw.workbook(rows), DAILY)

    assert cells(row) == {"日期": "A", "覆盖率": "B", "备注": "C", "备注#2": "D"}


def test_a_text_longer_than_a_cell_can_hold_is_cut_and_says_so() -> None:
    rows = raw.header("日期", "覆盖率") + "".join(
        raw.row(n, raw.text(f"A{n}", "x" * size), raw.text(f"B{n}", "1"))
        for n, size in ((2, 32_767), (3, 3_000_000))
    )

    just, over = read_xlsx(raw.workbook(rows), DAILY)

    assert (just.defect, over.defect) == (None, "cell_too_long")
    assert "超过 32,767 个字符" in str(cells(over)["日期"])
    assert len(over.raw) < 33_000


SHEET = "xl/worksheets/sheet1.xml"
NAMES = raw.header("日期", "覆盖率")
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<x>&b;</x>"
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (raw.workbook(NAMES, parts={SHEET: BOMB}), "DOCTYPE"),
        (raw.workbook(NAMES, parts={SHEET: "<x>" * 500}), "不是完整的 XML"),
        (raw.workbook(NAMES + raw.row(2) + raw.row(1, raw.text("A1", "x"))), "第 1 行"),
        (raw.workbook(NAMES + raw.row(2, raw.text("A3", "x"))), "第 2 行里有单元格"),
        (
            raw.workbook(NAMES + raw.row(2, raw.text("A2", "x"), raw.text("A2", "y"))),
            "两个同一列",
        ),
        (raw.workbook(NAMES + raw.row(1_048_577)), "超出 Excel 的范围"),
        (raw.workbook(NAMES + raw.row(2, raw.text("XFE2", "x"))), "没有 XFE2"),
        (
            raw.workbook(
                NAMES + raw.row(2, *(f"<c t='str'><v>{n}</v></c>" for n in range(257)))
            ),
            "超过 256 列",
        ),
        (raw.zipped({"word/document.xml": "<x/>"}), "这是 ?Word 文档"),
        (raw.zipped({"content.xml": "<x/>", "mimetype": "x"}), "OpenDocument"),
        (raw.zipped({"xl/workbook.bin": "x"}), "xlsb"),
        (raw.zipped({"读我.txt": "x"}), "压缩包（ZIP）"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "旧版 Excel 97-2003 .*另存为“Excel 工作簿",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
        ),
        (
            "<html><head><meta charset=gb2312></head><table><td>日期".encode("gb18030"),
            "这是网页（HTML）表格.*另存为“Excel 工作簿",
        ),
        (
            b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "XML 电子表格 2003.*另存为“Excel 工作簿",
        ),
        ("\ufeff <TABLE><tr>".encode("utf-16-le"), "网页"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "MHTML"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)), "认不出"),
    ],
)
def test_what_is_no_workbook_is_refused_for_what_it_is(
    content: bytes, reason: str
) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read_xlsx(content, DAILY)


def test_nothing_is_inflated_beyond_what_the_directory_says() -> None:
    honest = raw.workbook(NAMES, parts={"xl/media/a.bin": b"\0" * (30 << 20)})
    assert read_xlsx(honest, DAILY) == []

    size = (30 << 20).to_bytes(4, "little")
    huge = honest.replace(size, (2 << 30).to_bytes(4, "little"))
    with pytest.raises(RefusedFileError, match="解压后超过 1 GB"):
        read_xlsx(huge, DAILY)

    sheet = NAMES + "<!--" + "x" * (8 << 20) + "-->"
    content = raw.workbook("", parts={SHEET: raw.package(sheet)[SHEET]})
    size = len(raw.package(sheet)[SHEET].encode()).to_bytes(4, "little")
    assert content.count(size) == 2
    with pytest.raises(RefusedFileError, match="文件损坏"):
        read_xlsx(content.replace(size, (500).to_bytes(4, "little")), DAILY)


def test_one_part_under_two_names_is_not_a_choice() -> None:
    parts = {"XL/worksheets/Sheet1.xml": "<x/>"}

    with pytest.raises(RefusedFileError, match="压缩包内有两个"):
        read_xlsx(raw.workbook(NAMES, parts=parts), DAILY)


def test_a_damaged_workbook_is_either_read_or_refused() -> None:
    whole = workbook([("日期", "覆盖率"), *((f"d{n}", n / 7) for n in range(50))])
    dice = random.Random(20250603)  # noqa: S311 - the same damage in every run

    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[dice.randrange(len(whole))] = dice.randrange(256)
        with contextlib.suppress(RefusedFileError):
            read_xlsx(bytes(damaged), DAILY)
