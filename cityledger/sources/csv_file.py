"""CSV files: text in UTF-8 or GB18030, one table, rows with their line numbers."""

import csv
import io
import sys
from collections.abc import Iterator

from cityledger.sources.contracts import FileTable
from cityledger.sources.file_content import (
    Header,
    ReadRow,
    RefusedFileError,
    to_json,
)


def read_csv(content: bytes, tables: tuple[FileTable, ...]) -> list[ReadRow]:
    """Return the rows of a CSV file, or refuse it."""
    (table,) = tables
    records = _records(_decoded(content))
    _, cells = next(records, (0, None))
    if cells is None:
        raise RefusedFileError("文件为空")
    header = Header(tuple(cell.strip() for cell in cells))
    header.check(table)
    return [_row(table, header, line, cells) for line, cells in records]


def _decoded(content: bytes) -> str:
    """Decode strictly: a wrong guess must fail, not turn into other characters."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise RefusedFileError("文件损坏：含有空字符（NUL）")
        return text.removeprefix("\ufeff")
    raise RefusedFileError("无法解码：既不是 UTF-8 也不是 GB18030")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the line it starts on."""
    # A stray quote can swallow many lines; the row is then wrong, not the file.
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    for cells in reader:
        if len(cells) > 1 or "".join(cells).strip():
            yield line, cells
        line = reader.line_num + 1


def _row(table: FileTable, header: Header, line: int, cells: list[str]) -> ReadRow:
    if len(cells) != len(header.names):
        raw = to_json({"_fields": cells})
        return ReadRow(table.table, None, line, raw, defect="field_count")
    return ReadRow(
        table.table, None, line, header.as_json([cell or None for cell in cells])
    )
