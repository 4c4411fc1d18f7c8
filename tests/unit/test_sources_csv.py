"""A CSV file is read line by line as written, in whatever encoding, or refused."""

import codecs
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityledger.sources import csv_file
from cityledger.sources.contracts import FileTable
from cityledger.sources.csv_file import read_csv
from cityledger.sources.file_content import ReadRow, RefusedFileError

TABLES = (FileTable("tickets", ("磅单号", "净重kg")),)
WIDE = (FileTable("tickets", ("磅单号", "车牌号", "备注", "净重kg")),)
HEADER = "磅单号,车牌号,备注,净重kg\n"


def read(
    text: str, encoding: str = "utf-8", tables: tuple[FileTable, ...] = TABLES
) -> list[ReadRow]:
    return read_bytes(text.encode(encoding), tables)


def read_bytes(content: bytes, tables: tuple[FileTable, ...] = TABLES) -> list[ReadRow]:
    return list(read_csv(io.BytesIO(content), tables))


def cells(row: ReadRow) -> dict[str, object]:
    return dict(json.loads(row.raw))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_file_need_not_say_its_encoding(encoding: str) -> None:
    (row,) = read("磅单号,净重kg,备注\nA1,5,竹山\n", encoding)

    assert cells(row) == {"磅单号": "A1", "净重kg": "5", "备注": "竹山"}


def test_utf_16_may_have_either_order_of_bytes() -> None:
    text = "磅单号;净重kg\r\nA1;5\r\n"

    for bom, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        (row,) = read_bytes(bom + text.encode(encoding))
        assert (row.line, cells(row)) == (2, {"磅单号": "A1", "净重kg": "5"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_says_by_what_cells_are_separated(delimiter: str) -> None:
    names = ("磅单号", "车牌号", "备注", "净重kg")
    values = ("A1", "测;A,1", "x\ty", "5")
    lines = (names, (f'"{value}"' for value in values))

    (row,) = read("\n".join(delimiter.join(line) for line in lines), tables=WIDE)

    assert cells(row) == dict(zip(names, values, strict=True))


def test_cells_stay_as_they_are_and_empty_ones_are_null() -> None:
    (row,) = read("磅单号,净重kg\n 00１2 ,\n")

    assert cells(row) == {"磅单号": " 00１2 ", "净重kg": None}


@pytest.mark.parametrize(
    "header",
    [
        "净重kg ,\u3000磅单号\n",
        "净重ｋｇ,磅单号\n",
        '"净重kg","磅单号"\n',
        '"净重\nkg",磅单号\n',
        '净重kg,"磅单\r\n号"\r\n',
        "\ufeff\ufeff净重㎏,磅\u200b单号\n",
    ],
)
def test_column_names_are_folded_and_come_in_any_order(header: str) -> None:
    (row,) = read(f"{header}5,A1\n")

    assert list(cells(row).items()) == [("净重kg", "5"), ("磅单号", "A1")]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = read(
        f'{HEADER}\r\nA1,x,"1\n2",5\r\n   \r\nA2,,,3\rA3,,,4'.replace("5\r\n", "5\n"),
        tables=WIDE,
    )

    assert [(row.line, cells(row)["磅单号"]) for row in rows] == [
        (3, "A1"),
        (6, "A2"),
        (7, "A3"),
    ]
    assert cells(rows[0])["备注"] == "1\n2"


def test_a_row_with_the_wrong_number_of_fields_keeps_them_all() -> None:
    short, good, long = read("磅单号,净重kg\nA1\nA2,2\nA3,3,\n")

    assert short.defect == long.defect == "field_count"
    assert good.defect is None
    assert cells(short) == {"_fields": ["A1"]}
    assert cells(long) == {"_fields": ["A3", "3", ""]}
    assert long.line == 4


def test_a_row_without_anything_in_it_is_no_row() -> None:
    rows = read('磅单号,净重kg\n,\n , \u3000\n,,,\n\t\n"",""\nA1,1\n')

    assert [row.line for row in rows] == [7]


def test_stray_quotes_never_make_one_ticket_of_several() -> None:
    rows = read(
        f'{HEADER}A1,"测1,x,1\nA2,测2,x,2\nA3,测3",x,3\nA4,测4,x,4\n', tables=WIDE
    )

    assert [row.defect for row in rows] == [None] * 4
    assert [cells(row)["净重kg"] for row in rows] == ["1", "2", "3", "4"]
    assert cells(rows[0])["车牌号"] == '"测1'
    assert cells(rows[2])["车牌号"] == '测3"'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # A comment of two lines, one of them with its own quotes and separators.
        ('A1,x,"一\n二, ""三""\n四",5\n', [("A1", '一\n二, "三"\n四')]),
        # A line alone that is a whole record stays one.
        ('A1,x,"一\nA2,y,z,6\n', [("_fields", None), ("A2", "z")]),
        # Joined, but not of the header's width.
        ('A1,"x\n二",5\n', [("_fields", None), ("_fields", None)]),
        # A break in the first or the last column.
        ('"A\n1",x,一,5\n', [("_fields", None), ('1"', "一")]),
        ('A1,x,一,"5\n0"\n', [("A1", "一"), ("_fields", None)]),
        # A quote in the middle of a field balances nothing.
        ('A1,x"一\n二",y,5\n', [("_fields", None), ("_fields", None)]),
        # What follows a closing quote makes it a character.
        ('A1,"x"y,一,5\n', [("A1", "一")]),
        # Never closed.
        ('A1,x,"一,5\nA2,y,二,6\n', [("A1", '"一'), ("A2", "二")]),
    ],
)
def test_a_line_break_is_part_of_a_field_only_where_nothing_else_fits(
    lines: str, expected: list[tuple[str, str | None]]
) -> None:
    rows = read(HEADER + lines, tables=WIDE)

    found = [
        ("_fields", None)
        if row.defect == "field_count"
        else (str(cells(row)["磅单号"]), cells(row)["备注"])
        for row in rows
    ]
    assert found == expected


def test_a_quote_left_open_spoils_no_other_row() -> None:
    rows = read('磅单号,净重kg\nA1,1\nA2,"2\n' + "A3,3\n" * 50_000)

    assert len(rows) == 50_002
    assert cells(rows[1]) == {"磅单号": "A2", "净重kg": '"2'}


def test_nul_bytes_are_a_matter_of_the_row() -> None:
    broken, good, torn = read("磅单号,净重kg\nA\0,1\nA2,2\n\0\0\0\0")

    assert (broken.line, broken.defect) == (2, "nul_bytes")
    assert cells(broken) == {"_fields": ["A␀", "1"]}
    assert (good.defect, cells(good)["磅单号"]) == (None, "A2")
    assert (torn.defect, cells(torn)) == ("nul_bytes", {"_fields": ["␀␀␀␀"]})


def test_a_cell_longer_than_a_cell_can_be_is_cut_and_says_so() -> None:
    just, over = read(f"磅单号,净重kg\n{'x' * 32_767},1\n{'y' * 40_000},1\n")

    assert (just.defect, over.defect) == (None, "cell_too_long")
    assert cells(just)["磅单号"] == "x" * 32_767
    cut = str(cells(over)["磅单号"])
    assert cut.startswith("y" * 32_767)
    assert "超过 32,767 个字符" in cut
    assert len(cut) < 32_800


def test_a_line_of_separators_alone_costs_nothing() -> None:
    (row,) = read("磅单号,净重kg\nA1,1" + ",x" * 5_000_000 + "\n")

    assert row.defect == "field_count"
    assert len(row.raw) < 50_000


def test_a_nameless_column_is_kept_where_it_is_used() -> None:
    rows = read("磅单号,净重kg,\nA1,1,\nA2,2,x\nA3,3, \n")

    assert cells(rows[0]) == {"磅单号": "A1", "净重kg": "1"}
    assert cells(rows[1]) == {"磅单号": "A2", "净重kg": "2", "第3列": "x"}
    assert cells(rows[2]) == {"磅单号": "A3", "净重kg": "3"}


def test_spare_columns_of_one_name_are_both_kept() -> None:
    (row,) = read("备用,磅单号,备用,净重kg,备用#2,_unreadable\na,A1,b,1,c,d\n")

    assert cells(row) == {
        "备用": "a",
        "磅单号": "A1",
        "备用#2": "b",
        "净重kg": "1",
        "备用#2#2": "c",
        "_unreadable#2": "d",
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件为空"),
        (b"\xef\xbb\xbf\r\n \r\n", "文件为空"),
        (b"\xff\xfe\x00\xd8", "无法解码"),
        ("磅单号,毛重kg\n".encode(), "缺少列：净重kg"),
        (b"a,b\n", "缺少列：磅单号、净重kg"),
        ("磅单号,净重kg,磅单号 \n".encode(), "列名重复：磅单号"),
        ("磅单号,净重kg,净重ｋｇ\n".encode(), "列名重复：净重kg"),
        ("磅单号|净重kg\n".encode("gb18030"), "缺少列：磅单号、净重kg"),
        ("磅单号,净重kg\nA1,1\n".encode("utf-16-le"), "没有 BOM 的 UTF-16"),
        (b"PK\x03\x04" + bytes(40), "这是 ?Excel 工作簿.*另存为“CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "这是旧版 Excel.*另存为"),
        ("<html><table>磅单号".encode("gb18030"), "这是网页（HTML）表格.*另存为"),
        (
            ("磅单号,净重kg," + ",".join(f"列{n}" for n in range(300))).encode(),
            "超过 256 列",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    content: bytes, reason: str
) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read_bytes(content)


def test_a_file_of_more_rows_than_a_sheet_can_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_file, "MOST_ROWS", 3)
    text = "磅单号,净重kg\n" + ",\n" * 9 + "A,1\n" * 3

    assert len(read(text)) == 3
    with pytest.raises(RefusedFileError, match="超过 3 行"):
        read(f"{text}A,1\n")


def test_a_file_with_a_header_alone_is_readable() -> None:
    assert read("磅单号,净重kg\n") == []


@given(st.binary(max_size=400))
def test_any_bytes_are_either_read_or_refused(content: bytes) -> None:
    for start in (b"", "磅单号,净重kg\n".encode(), "磅单号,净重kg\n".encode("gb18030")):
        try:
            rows = read_bytes(start + content)
        except RefusedFileError:
            continue
        assert all(json.loads(row.raw) for row in rows)


@given(st.lists(st.text('",\nab ', max_size=12), max_size=8))
def test_no_line_that_is_a_record_by_itself_is_ever_swallowed(
    lines: list[str],
) -> None:
    whole = [f"K{number},p,q,{number}" for number in range(len(lines))]
    mixed = [text for pair in zip(lines, whole, strict=True) for text in pair]

    rows = read(HEADER + "\n".join(mixed), tables=WIDE)

    keys = {str(cells(row).get("磅单号")) for row in rows if row.defect is None}
    assert keys >= {f"K{number}" for number in range(len(lines))}
