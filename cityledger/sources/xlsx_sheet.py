"""XLSX sheet: the cells that hold something, row by row, whatever the sheet's size."""

import re
from bisect import insort
from typing import Final

from cityledger.sources.file_content import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    RefusedFileError,
)
from cityledger.sources.xlsx_cells import CellTexts
from cityledger.sources.xlsx_package import Package, damaged

_WIDEST: Final = 16_384
_MOST_DIGITS: Final = 9
_A1: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", re.ASCII)
_MAIN: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)


def main(*tags: str) -> dict[str, str]:
    """Return tags as the parser names them, in either namespace of the standard."""
    return {f"{space} {tag}": tag for space in _MAIN for tag in tags}


_TAGS: Final = main("row", "c", "v", "f", "is", "t", "rPh", "mergeCell")


def read_sheet(
    package: Package, part: str, texts: CellTexts
) -> list[tuple[int, dict[int, str]]]:
    """Return the rows that hold anything: their number, and texts by column from 0.

    Only cells that are written are looked at: what a sheet could hold costs nothing.
    """
    reader = _SheetReader(texts)
    package.parse(part, reader.start, reader.end, reader.read)
    rows = sorted(reader.rows.items())
    _uncover(rows, reader.merged)
    used: set[int] = set()
    for _, cells in rows:
        used.update(at for at, cell in cells.items() if cell.strip())
        if len(used) > MOST_COLUMNS:
            raise RefusedFileError(f"有内容的列超过 {MOST_COLUMNS} 列")
    return [row for row in rows if any(cell.strip() for cell in row[1].values())]


class _SheetReader:
    """Handlers for the XML of one sheet."""

    def __init__(self, texts: CellTexts) -> None:
        self.rows: dict[int, dict[int, str]] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self._texts = texts
        self._columns: dict[str, int] = {}
        self._number = 0
        self._number_text = "0"
        self._cells: dict[int, str] | None = None
        self._at = -1
        self._cell: dict[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None
        self._phonetic = False
        self._length = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        """Begin an element."""
        tag = _TAGS.get(name)
        if tag == "v":
            self._into = self._value
            self._length = 0
        elif tag == "c":
            self._begin_cell(given)
        elif tag is not None:
            self._start_seldom(tag, given)

    def read(self, text: str) -> None:
        """Take text; more than a cell may hold is not kept."""
        if self._into is not None and self._length <= LONGEST_CELL:
            self._into.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        """End an element."""
        tag = _TAGS.get(name)
        if tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._phonetic = False
        else:
            self._into = None

    def _start_seldom(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            self._begin_row(given)
        elif tag == "t" and not self._phonetic:
            self._into = self._value
        elif tag == "f":
            self._into = self._formula = []
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self.merged.append(_area(given.get("ref", "")))

    def _begin_row(self, given: dict[str, str]) -> None:
        """Begin a row; one without a number follows the one before it."""
        number = digits(given.get("r"))
        self._number = self._number + 1 if number is None else number
        if not 1 <= self._number <= MOST_ROWS:
            damaged(f"行号 {self._number} 超出 Excel 的范围")
        self._number_text = str(self._number)
        self._at = -1
        self._cells = None

    def _begin_cell(self, given: dict[str, str]) -> None:
        self._cell = given
        self._value.clear()
        self._formula = None
        self._length = 0
        reference = given.get("r")
        self._at = self._at + 1 if reference is None else self._column(reference)

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if reference[len(letters) :] != self._number_text:
            damaged(f"第 {self._number} 行里有单元格 {reference[:20]}")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _area(reference)[1]
        return column

    def _end_cell(self) -> None:
        given = self._cell
        text = self._texts.text(
            given.get("t", ""),
            given.get("s", ""),
            "".join(self._value),
            None if self._formula is None else "".join(self._formula),
        )
        if not text:
            return
        if self._cells is None:
            if self._number in self.rows:
                damaged(f"第 {self._number} 行出现两次")
            self._cells = self.rows[self._number] = {}
        if self._at in self._cells:
            damaged(f"第 {self._number} 行有两个同一列的单元格")
        self._cells[self._at] = text


def _uncover(
    rows: list[tuple[int, dict[int, str]]], merged: list[tuple[int, int, int, int]]
) -> None:
    """Take away the values hidden under a merge: all but its first cell."""
    waiting = sorted(merged, reverse=True)
    reaching: list[tuple[int, int, int, int]] = []
    for number, cells in rows:
        while waiting and waiting[-1][0] <= number:
            top, left, bottom, right = waiting.pop()
            insort(reaching, (bottom, top, left, right))
        while reaching and reaching[0][0] < number:
            reaching.pop(0)
        for _, top, left, right in reaching:
            for column in _within(cells, left, right):
                if (number, column) != (top, left):
                    del cells[column]


def _within(cells: dict[int, str], left: int, right: int) -> list[int]:
    return [column for column in cells if left <= column <= right]


def _area(reference: str) -> tuple[int, int, int, int]:
    """Return top, left, bottom and right of A1 or A1:B2; columns count from 0."""
    first, _, last = reference.partition(":")
    top, left = _place(first)
    bottom, right = _place(last) if last else (top, left)
    return top, left, bottom, right


def _place(reference: str) -> tuple[int, int]:
    found = _A1.fullmatch(reference)
    if found is None:
        damaged(f"没有 {reference[:20]} 这样的单元格")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    if column > _WIDEST:
        damaged(f"没有 {reference} 这样的单元格")
    return int(found[2]), column - 1


def digits(text: str | None) -> int | None:
    """Return a number that is written in a few digits, as all counts in a book are."""
    plain = text is not None and text.isascii() and text.isdigit()
    return int(text) if text and plain and len(text) <= _MOST_DIGITS else None
