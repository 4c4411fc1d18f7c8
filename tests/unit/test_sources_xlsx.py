"""A workbook is read cell by cell into text, or refused whole."""

import contextlib
import io
import json
import random
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import xlsxwriter

from cityledger.sources.contracts import FileTable
from cityledger.sources.file_content import ReadRow, RefusedFileError
from cityledger.sources.xlsx_file import read_xlsx

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
        (b"PK\x03\x04 not really", "文件损坏"),
        (workbook([("日期", "覆盖率"), ("a", 1)])[:-40], "文件损坏"),
        (workbook([("日期", "覆盖率")], sheet="日报"), "缺少工作表：作业日报"),
        (workbook([("日期", "备注")]), "缺少列：覆盖率"),
        (workbook([]), "缺少列：日期、覆盖率"),
        (workbook([("日期", "覆盖率", "日期")]), "列名重复：日期"),
        ("日期,覆盖率\n".encode(), "文件损坏"),
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


def test_a_damaged_workbook_is_either_read_or_refused() -> None:
    whole = workbook([("日期", "覆盖率"), *((f"d{n}", n / 7) for n in range(50))])
    dice = random.Random(20250603)  # noqa: S311 - the same damage in every run

    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[dice.randrange(len(whole))] = dice.randrange(256)
        with contextlib.suppress(RefusedFileError):
            read_xlsx(bytes(damaged), DAILY)
