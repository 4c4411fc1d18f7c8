"""Drops: the files of the landing folder, decoded but not yet believed."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TypeVar

import fsspec

from tests.golden.oracle import csv_lines, shapes
from tests.golden.oracle.cells import Cell, word
from tests.golden.oracle.rules_registers import REGISTERS
from tests.golden.oracle.workbook import BrokenWorkbookError, Workbook, is_said
from tests.golden.oracle.workdays import Month

Row = dict[str, Cell]


class RefusedFileError(ValueError):
    """A file that is quarantined whole, under this code."""


@dataclass(frozen=True)
class Name:
    """What a path says: the source, who sent it and what it is about."""

    source: str
    owner: str
    day: date | None = None
    month: Month | None = None


@dataclass(frozen=True)
class Line:
    """One row as received; a row with the wrong number of fields has no cells."""

    sheet: str
    number: int
    cells: Row | None
    whole: tuple[Cell, ...]

    @property
    def _first(self) -> str:
        return next((word(cell) or "" for cell in self.whole if is_said(cell)), "")

    @property
    def is_total(self) -> bool:
        """Tell whether the row sums others up and is no record."""
        return self._first.rstrip(":：").rstrip() in TOTALS

    @property
    def is_note(self) -> bool:
        """Tell whether the row may only say who filled the sheet in, and how."""
        return self._first.startswith(NOTES)


IGNORED = "ignored"
TOTALS = {"合计", "小计", "总计", "累计", "平均"}
NOTES = ("制表", "填表", "审核", "备注", "说明")
_Item = TypeVar("_Item")
Verdicts = Iterable[tuple[str | None, _Item | None]]


def without_bystanders(
    lines: Sequence[Line], judge: Callable[[Sequence[Line]], Verdicts[_Item]]
) -> Iterator[tuple[str | None, _Item | None]]:
    """Judge the records among lines; totals, and notes that break a rule, are none."""
    verdicts = iter(judge([line for line in lines if not line.is_total]))
    for line in lines:
        code, item = (IGNORED, None) if line.is_total else next(verdicts)
        yield (IGNORED, None) if code and line.is_note else (code, item)


_NAMES = (
    (r"weighbridge/([^/]+)/weigh_\1_([0-9]{8})\.csv", "weighbridge"),
    (r"sanitation/([^/]+)/sweeping_([0-9]{8})\.xlsx", "sanitation"),
    (r"inspections/(inspections)_([0-9]{6})\.xlsx", "inspections"),
    (r"registers/([a-z_]+)_([0-9]{6})\.xlsx", "registers"),
    (r"reference/([a-z_]+)()\.csv", "reference"),
)


def read_name(path: str) -> Name | None:
    """Read a path below the landing folder; None for what the contract ignores."""
    for pattern, source in _NAMES:
        found = re.fullmatch(pattern, path)
        if found:
            return _named(source, *found.groups())
    return None


def _named(source: str, owner: str, when: str) -> Name | None:
    known = {"registers": REGISTERS, "reference": shapes.REFERENCE}.get(source)
    if known is not None and owner not in known:
        return None
    try:
        if source in ("weighbridge", "sanitation"):
            return Name(source, owner, day=date.fromisoformat(when))
        return Name(source, owner, month=Month.parse(when) if when else None)
    except ValueError:
        return None


def list_files(root: str) -> dict[str, bytes]:
    """Read every file of the landing folder, by its path below it."""
    files, base = fsspec.core.url_to_fs(root)
    found = {}
    for path in files.find(base):
        relative = str(PurePosixPath(path).relative_to(PurePosixPath(base)))
        if read_name(relative):
            found[relative] = files.cat_file(path)
    return found


def read_lines(name: Name, content: bytes) -> list[Line]:
    """Decode one file into its rows, or refuse it whole."""
    return _READERS[name.source](name, content)


def _weighbridge(_: Name, content: bytes) -> list[Line]:
    words = _decode(content, ("utf-8-sig", "gb18030"))
    return _csv(words, shapes.TICKET_COLUMNS, "B10")


def _reference(name: Name, content: bytes) -> list[Line]:
    columns = shapes.REFERENCE[name.owner].split()
    return _csv(_decode(content, ("utf-8-sig",)), columns, "F10")


def _sanitation(_: Name, content: bytes) -> list[Line]:
    book = _workbook(content, "C10")
    return _sheet(book, shapes.SWEEPING_SHEET, shapes.SWEEPING_COLUMNS, "C10")


def _inspections(_: Name, content: bytes) -> list[Line]:
    book = _workbook(content, "C10")
    sheets = _sheet(book, "检查表", shapes.SHEET_COLUMNS, "C10")
    return sheets + _sheet(book, "扣分明细", shapes.DEDUCTION_COLUMNS, "C10")


def _registers(name: Name, content: bytes) -> list[Line]:
    book = _workbook(content, "E10")
    if not book.sheets:
        raise RefusedFileError("E10")
    columns = list(REGISTERS[name.owner].columns)
    return _sheet(book, next(iter(book.sheets)), columns, "E10")


_READERS = {
    "weighbridge": _weighbridge,
    "reference": _reference,
    "sanitation": _sanitation,
    "inspections": _inspections,
    "registers": _registers,
}


def _decode(content: bytes, encodings: Sequence[str]) -> str | None:
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _csv(words: str | None, columns: Sequence[str], code: str) -> list[Line]:
    if words is None:
        raise RefusedFileError(code)
    lines = csv_lines.split_lines(words)
    blank = csv_lines.DELIMITERS + " "
    top = next((n for n, line in enumerate(lines) if line.strip(blank)), 0)
    for delimiter in csv_lines.DELIMITERS:
        header = [_folded(cell) for cell in csv_lines.fields(lines[top], delimiter)]
        if set(columns) <= set(header):
            _refuse_twins(header, columns, code)
            rows = csv_lines.records(lines[top + 1 :], delimiter, len(header))
            return [_line(("", top + 2 + n), header, columns, row) for n, row in rows]
    raise RefusedFileError(code)


def _refuse_twins(header: Sequence[str], columns: Sequence[str], code: str) -> None:
    """Refuse a file that lacks a column of the contract, or names one twice."""
    if any(header.count(name) != 1 for name in columns):
        raise RefusedFileError(code)


def _workbook(content: bytes, code: str) -> Workbook:
    try:
        return Workbook(content)
    except BrokenWorkbookError as error:
        raise RefusedFileError(code) from error


def _sheet(book: Workbook, sheet: str, columns: Sequence[str], code: str) -> list[Line]:
    if sheet not in book.sheets:
        raise RefusedFileError(code)
    try:
        rows = book.rows(sheet)
    except BrokenWorkbookError as error:
        raise RefusedFileError(code) from error
    width = max((len(row) for _, row in rows), default=0)
    rows = [(number, [*row, *[None] * (width - len(row))]) for number, row in rows]
    header = [_folded(word(cell) or "") for cell in rows[0][1]] if rows else []
    _refuse_twins(header, columns, code)
    return [_line((sheet, number), header, columns, row) for number, row in rows[1:]]


def _folded(name: str) -> str:
    """Fold a column's name: no line breaks, no blanks around, no full width."""
    return unicodedata.normalize("NFKC", re.sub(r"[\r\n]", "", name)).strip()


def _line(
    place: tuple[str, int],
    header: Sequence[str],
    columns: Sequence[str],
    row: Sequence[Cell],
) -> Line:
    """Keep the contract's columns of a row; those that it does not name may repeat."""
    whole = tuple(row)
    if len(row) != len(header) or any("\x00" in str(cell) for cell in row):
        return Line(*place, None, whole)
    cells = {name: _cell(row[header.index(name)]) for name in columns}
    return Line(*place, cells, whole)


def _cell(value: Cell) -> Cell:
    return value if is_said(value) else None
