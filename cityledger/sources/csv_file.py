"""CSV files: text in whatever encoding, one table, rows with their line numbers.

A physical line is a record. Only where the quotes leave no other reading is a line
break part of a field: a stray quote must never make one record out of several.
"""

import codecs
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO, Final

from cityledger.sources.contracts import FileTable
from cityledger.sources.file_content import (
    CELL_TOO_LONG,
    LONGEST_CELL,
    MOST_ROWS,
    Header,
    ReadRow,
    RefusedFileError,
    folded,
    loose_fields,
    shortened,
)
from cityledger.sources.file_kind import why_no_csv

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS: Final = ",;\t"
_CHUNK: Final = 1 << 20
# Beyond this many separators the rest of a line is one field.
_MOST_FIELDS: Final = 1024
_LONGEST_RECORD: Final = 1 << 20
_BREAKS: Final = "\r\n"
# A NUL byte as a character that can be seen, and stored anywhere.
_NUL_SHOWN: Final = "␀"


def read_csv(file: BinaryIO, tables: tuple[FileTable, ...]) -> Iterator[ReadRow]:
    """Yield the rows of a CSV file, or refuse it."""
    (table,) = tables
    other = why_no_csv(file)
    if other:
        raise RefusedFileError(other)
    lines = _Lines(io.TextIOWrapper(file, _encoding(file), newline=""))
    layout = _layout(lines, table)
    count = 0
    for line, text in lines.numbered():
        row = _row(table, layout, line, _joined(text, lines, layout))
        if row is not None:
            count += 1
            yield row
        if count > MOST_ROWS:
            raise RefusedFileError(f"超过 {MOST_ROWS:,} 行")


def _encoding(file: BinaryIO) -> str:
    """Decode strictly: a wrong guess must fail, not turn into other characters."""
    file.seek(0)
    start = file.read(3)
    marked = next((name for bom, name in _BOMS if start.startswith(bom)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _decodes(file, encoding):
            file.seek(0)
            return encoding
    raise RefusedFileError(
        "无法解码：既不是 UTF-8、GB18030，也不是带 BOM 的 UTF-16；"
        "请另存为“CSV UTF-8（逗号分隔）”后再交"
    )


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass
class _Lines:
    """The physical lines, each with its end; one may be looked at before its turn."""

    text: io.TextIOWrapper
    number: int = 0
    _ahead: deque[str] = field(default_factory=deque)

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Yield the lines not taken yet with their numbers."""
        while (line := self.take()) is not None:
            yield self.number, line

    def take(self) -> str | None:
        """Return the next line."""
        line = self._ahead.popleft() if self._ahead else self.text.readline()
        self.number += 1
        return line or None

    def ahead(self) -> Iterator[str]:
        """Yield the lines to come, which stay to be taken."""
        yield from tuple(self._ahead)
        while line := self.text.readline():
            self._ahead.append(line)
            yield line

    def skip(self, count: int) -> None:
        """Take some lines."""
        for _ in range(count):
            self.take()


@dataclass(frozen=True)
class _Layout:
    """How a file separates its cells, and its columns."""

    delimiter: str
    width: int
    header: Header

    def fields(self, line: str) -> list[str]:
        """Return the cells of one line; a quote that does not close is a character."""
        return _fields(line, self.delimiter)


def _layout(lines: _Lines, table: FileTable) -> _Layout:
    """Read the header, which says by what the cells are separated."""
    line = next(
        (line for _, line in lines.numbered() if line.strip("\ufeff \t\r\n")), ""
    )
    if not line:
        raise RefusedFileError("文件为空")
    if "\0" in line:
        raise RefusedFileError(
            "表头含有空字符（NUL），像是没有 BOM 的 UTF-16；"
            "请另存为“CSV UTF-8（逗号分隔）”后再交"
        )
    wanted = {folded(name) for name in table.columns}

    def known(delimiter: str) -> int:
        return len(wanted.intersection(map(folded, _fields(line, delimiter))))

    delimiter = max(_DELIMITERS, key=known)
    names = _fields(line, delimiter)
    if known(delimiter) < len(wanted):
        names = _broken_header(line, lines, delimiter) or names
    header = Header({at: name for at, name in enumerate(names) if folded(name)}, table)
    return _Layout(delimiter, len(names), header)


def _broken_header(line: str, lines: _Lines, delimiter: str) -> list[str] | None:
    """Return the names of a header in which a name stands on several lines."""
    text, taken = line, 0
    for after in lines.ahead():
        if text.count('"') % 2 == 0 or len(text) > LONGEST_CELL:
            break
        text, taken = text + after, taken + 1
    names = _strict_fields(text.rstrip(_BREAKS), delimiter)
    if names and taken:
        lines.skip(taken)
    return names


def _joined(line: str, lines: _Lines, layout: _Layout) -> str:
    """Return the line, or the record of several lines that begins with it.

    Every quote must be balanced, the record must have the header's fields and each of
    its lines alone fewer.
    """
    if line.count('"') % 2 == 0 or "\0" in line or not _falls_short(line, layout):
        return line
    text, taken = line, 0
    for after in lines.ahead():
        if "\0" in after or not _falls_short(after, layout):
            return line
        text, taken = text + after, taken + 1
        if text.count('"') % 2 == 0:
            break
        if len(text) > _LONGEST_RECORD:
            return line
    cells = _strict_fields(text.rstrip(_BREAKS), layout.delimiter)
    if cells is None or len(cells) != layout.width or _breaks(cells[0] + cells[-1]):
        return line
    lines.skip(taken)
    return text


def _falls_short(line: str, layout: _Layout) -> bool:
    return len(layout.fields(line)) < layout.width


def _breaks(text: str) -> bool:
    return "\n" in text or "\r" in text


def _row(table: FileTable, layout: _Layout, line: int, text: str) -> ReadRow | None:
    """Return the row of a record; one without anything in it is none."""
    stripped = text.rstrip(_BREAKS)
    cells = _strict_fields(stripped, layout.delimiter) if _breaks(stripped) else None
    if cells is None:
        cells = layout.fields(stripped)
    if not any(cell.strip() for cell in cells):
        return None
    defect = _defect(stripped, cells, layout)
    if defect is not None:
        cells = [shortened(cell).replace("\0", _NUL_SHOWN) for cell in cells]
    if defect in {None, CELL_TOO_LONG}:
        raw = layout.header.row_of_list([cell or None for cell in cells])
    else:
        raw = loose_fields(cells)
    return ReadRow(table.table, None, line, raw, defect)


def _defect(text: str, cells: list[str], layout: _Layout) -> str | None:
    if "\0" in text:
        return "nul_bytes"
    if len(cells) != layout.width:
        return "field_count"
    too_long = len(text) > LONGEST_CELL and any(len(c) > LONGEST_CELL for c in cells)
    return CELL_TOO_LONG if too_long else None


def _fields(text: str, delimiter: str) -> list[str]:
    """Separate the cells of a line; a quote that does not close is a character."""
    line = text.rstrip(_BREAKS)
    if '"' not in line:
        return line.split(delimiter, _MOST_FIELDS)
    cells: list[str] = []
    at = 0
    while len(cells) < _MOST_FIELDS:
        found = _cell(delimiter).match(line, at)
        if found is None:
            raise AssertionError("a run of anything but separators always matches")
        cells.append(_unquoted(found))
        at = found.end() + 1
        if at > len(line):
            return cells
    return [*cells, line[at:]]


def _strict_fields(text: str, delimiter: str) -> list[str] | None:
    """Separate the cells of a record all of whose quotes stand where they belong."""
    cells: list[str] = []
    at = 0
    while at <= len(text):
        found = _strict_cell(delimiter).match(text, at)
        if found is None or len(cells) > _MOST_FIELDS:
            return None
        cells.append(_unquoted(found))
        at = found.end() + 1
    return cells


def _unquoted(found: re.Match[str]) -> str:
    quoted = found["quoted"]
    return found["plain"] if quoted is None else quoted.replace('""', '"')


_QUOTED: Final = r'"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"(?=[{d}]|\Z)'


@lru_cache
def _cell(delimiter: str) -> re.Pattern[str]:
    return re.compile(f"{_QUOTED}|(?P<plain>[^{{d}}]*+)".replace("{d}", delimiter))


@lru_cache
def _strict_cell(delimiter: str) -> re.Pattern[str]:
    plain = r'(?P<plain>[^{d}"\r\n]*+)(?=[{d}]|\Z)'
    return re.compile(f"{_QUOTED}|{plain}".replace("{d}", delimiter))
