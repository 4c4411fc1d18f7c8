"""A CSV file is read as it is written, in whatever encoding, or refused whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityledger.sources.contracts import FileTable
from cityledger.sources.csv_file import read_csv
from cityledger.sources.file_content import ReadRow, RefusedFileError

TABLES = (FileTable("tickets", ("磅单号", "净重kg")),)


def read(text: str, encoding: str = "utf-8") -> list[ReadRow]:
    return read_csv(text.encode(encoding), TABLES)


def cells(row: ReadRow) -> dict[str, object]:
    return dict(json.loads(row.raw))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_file_need_not_say_its_encoding(encoding: str) -> None:
    (row,) = read("磅单号,净重kg,备注\nA1,5,竹山\n", encoding)

    assert cells(row) == {"磅单号": "A1", "净重kg": "5", "备注": "竹山"}


def test_cells_stay_as_they_are_and_empty_ones_are_null() -> None:
    (row,) = read("磅单号,净重kg\n 00１2 ,\n")

    assert cells(row) == {"磅单号": " 00１2 ", "净重kg": None}


def test_column_names_are_stripped_and_come_in_any_order() -> None:
    (row,) = read("净重kg ,\u3000磅单号\n5,A1\n")

    assert cells(row) == {"净重kg": "5", "磅单号": "A1"}


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = read('磅单号,净重kg\r\n\r\nA1,"1\n2"\r\n   \r\nA2,3\r\nA3,4')

    assert [(row.line, cells(row)["磅单号"]) for row in rows] == [
        (3, "A1"),
        (6, "A2"),
        (7, "A3"),
    ]


def test_a_row_with_the_wrong_number_of_fields_keeps_them_all() -> None:
    short, good, long = read("磅单号,净重kg\nA1\nA2,2\nA3,3,\n")

    assert short.defect == long.defect == "field_count"
    assert good.defect is None
    assert cells(short) == {"_fields": ["A1"]}
    assert cells(long) == {"_fields": ["A3", "3", ""]}
    assert long.line == 4


def test_a_quote_left_open_spoils_the_row_and_not_the_file() -> None:
    rows = read('磅单号,净重kg\nA1,1\nA2,"2\n' + "A3,3\n" * 50_000)

    assert [row.defect for row in rows] == [None, None]
    assert len(str(cells(rows[1])["净重kg"])) > 200_000


def test_a_nameless_column_is_kept_where_it_is_used() -> None:
    rows = read("磅单号,净重kg,\nA1,1,\nA2,2,x\n")

    assert cells(rows[0]) == {"磅单号": "A1", "净重kg": "1"}
    assert cells(rows[1]) == {"磅单号": "A2", "净重kg": "2", "第3列": "x"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件为空"),
        (b"\xef\xbb\xbf\r\n \r\n", "文件为空"),
        (b"\xff\xfe\x00\xd8", "无法解码"),
        ("磅单号,净重kg\nA\0,1\n".encode(), "NUL"),
        ("磅单号,毛重kg\n".encode(), "缺少列：净重kg"),
        (b"a,b\n", "缺少列：磅单号、净重kg"),
        ("磅单号,净重kg,磅单号 \n".encode(), "列名重复：磅单号"),
        ("磅单号;净重kg\n".encode("gb18030"), "缺少列：磅单号、净重kg"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    content: bytes, reason: str
) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read_csv(content, TABLES)


def test_a_file_with_a_header_alone_is_readable() -> None:
    assert read("磅单号,净重kg\n") == []


@given(st.binary(max_size=400))
def test_any_bytes_are_either_read_or_refused(content: bytes) -> None:
    for start in (b"", "磅单号,净重kg\n".encode(), "磅单号,净重kg\n".encode("gb18030")):
        try:
            rows = read_csv(start + content, TABLES)
        except RefusedFileError:
            continue
        assert all(json.loads(row.raw) for row in rows)
