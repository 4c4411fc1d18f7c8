"""Drops: the files of the landing folder, decoded but not yet believed."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

import fsspec
from python_calamine import CalamineError, CalamineWorkbook

from tests.golden.oracle import shapes
from tests.golden.oracle.cells import Cell, text
from tests.golden.oracle.rules_registers import REGISTERS
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
    cells: Row | None


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
    return _csv(_decode(content), shapes.TICKET_COLUMNS, "B10")


def _reference(name: Name, content: bytes) -> list[Line]:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedFileError("F10") from error
    return _csv(words, shapes.REFERENCE[name.owner].split(), "F10")


def _sanitation(_: Name, content: bytes) -> list[Line]:
    book = _workbook(content, "C10")
    return _sheet(book, shapes.SWEEPING_SHEET, shapes.SWEEPING_COLUMNS, "C10")


def _inspections(_: Name, content: bytes) -> list[Line]:
    book = _workbook(content, "C10")
    sheets = _sheet(book, "检查表", shapes.SHEET_COLUMNS, "C10")
    return sheets + _sheet(book, "扣分明细", shapes.DEDUCTION_COLUMNS, "C10")


def _registers(name: Name, content: bytes) -> list[Line]:
    book = _workbook(content, "E10")
    if not book.sheet_names:
        raise RefusedFileError("E10")
    columns = list(REGISTERS[name.owner].columns)
    return _sheet(book, book.sheet_names[0], columns, "E10")


_READERS = {
    "weighbridge": _weighbridge,
    "reference": _reference,
    "sanitation": _sanitation,
    "inspections": _inspections,
    "registers": _registers,
}


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedFileError("B10")


def _csv(words: str, columns: Sequence[str], code: str) -> list[Line]:
    try:
        rows = [row for row in csv.reader(io.StringIO(words, newline="")) if row]
    except csv.Error as error:
        raise RefusedFileError(code) from error
    header = [cell.strip() for cell in rows[0]] if rows else []
    if not set(columns) <= set(header):
        raise RefusedFileError(code)
    return [
        Line("", _cells(header, row) if len(row) == len(header) else None)
        for row in rows[1:]
    ]


def _cells(header: Sequence[str], row: Sequence[str]) -> Row:
    return {name: text(cell) for name, cell in zip(header, row, strict=True)}


def _workbook(content: bytes, code: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as error:
        raise RefusedFileError(code) from error


def _sheet(
    book: CalamineWorkbook, sheet: str, columns: Sequence[str], code: str
) -> list[Line]:
    if sheet not in book.sheet_names:
        raise RefusedFileError(code)
    try:
        rows = book.get_sheet_by_name(sheet).to_python()
    except CalamineError as error:
        raise RefusedFileError(code) from error
    header = [text(cell) or "" for cell in rows[0]] if rows else []
    if not set(columns) <= set(header):
        raise RefusedFileError(code)
    return [Line(sheet, _row(header, row)) for row in rows[1:] if any(map(_said, row))]


def _row(header: Sequence[str], row: Sequence[Cell]) -> Row:
    pairs = zip(header, row, strict=True)
    return {name: cell if _said(cell) else None for name, cell in pairs}


def _said(cell: Cell) -> bool:
    return not (cell is None or (isinstance(cell, str) and not cell.strip()))
