"""Workbook: the cells of an XLSX file, read from its parts without a library."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

from tests.golden.oracle.cells import Cell, Unreadable

Rows = list[tuple[int, list[Cell]]]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_ID = re.compile(r"\{.*/relationships\}id")
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
_SECONDS = 86_400
_LEAP_THAT_NEVER_WAS = 60


class BrokenWorkbookError(ValueError):
    """The bytes are no workbook that can be read."""


class Workbook:
    """Sheets by name, in their order."""

    def __init__(self, content: bytes) -> None:
        try:
            self._parts = zipfile.ZipFile(io.BytesIO(content))
            book = self._part("xl/workbook.xml")
            targets = {
                each.get("Id"): each.get("Target", "")
                for each in self._part("xl/_rels/workbook.xml.rels")
            }
            self.sheets = {
                each.get("name", ""): targets[_relation(each)]
                for each in book.iter(f"{_MAIN}sheet")
            }
            properties = book.find(f"{_MAIN}workbookPr")
            self._since_1904 = properties is not None and properties.get(
                "date1904", "0"
            ) in ("1", "true")
            self._texts = self._shared_texts()
            self._dates = self._date_styles()
        except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
            raise BrokenWorkbookError from error

    def rows(self, sheet: str) -> Rows:
        """Return the rows of a sheet that hold anything, with their numbers."""
        target = self.sheets[sheet]
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        try:
            page = self._part(path)
        except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
            raise BrokenWorkbookError from error
        hidden = set(_under_merges(page))
        rows = []
        for number, row in enumerate(page.iter(f"{_MAIN}row"), start=1):
            line = int(row.get("r", number))
            cells = {
                column: value
                for column, value in self._cells(row)
                if (line, column) not in hidden and is_said(value)
            }
            if cells:
                width = max(cells) + 1
                rows.append((line, [cells.get(column) for column in range(width)]))
        return rows

    def _part(self, name: str) -> ElementTree.Element:
        text = self._parts.read(name).replace(_STRICT, _MAIN[1:-1].encode())
        return ElementTree.fromstring(text)  # noqa: S314 (our own test files)

    def _shared_texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._parts.namelist():
            return []
        found = self._part("xl/sharedStrings.xml").findall(f"{_MAIN}si")
        return [_text_of(each) for each in found]

    def _date_styles(self) -> list[type | None]:
        """Return for each cell style what its numbers stand for."""
        if "xl/styles.xml" not in self._parts.namelist():
            return []
        styles = self._part("xl/styles.xml")
        codes = {
            int(each.get("numFmtId", "0")): each.get("formatCode", "")
            for each in styles.iter(f"{_MAIN}numFmt")
        }
        formats = styles.find(f"{_MAIN}cellXfs")
        return [
            _kind(number, codes.get(number, ""))
            for each in (() if formats is None else formats)
            for number in [int(each.get("numFmtId", "0"))]
        ]

    def _cells(self, row: ElementTree.Element) -> Iterator[tuple[int, Cell]]:
        for order, cell in enumerate(row.iter(f"{_MAIN}c")):
            place = _PLACE.fullmatch(cell.get("r", ""))
            yield (_column(place[1]) if place else order), self._value(cell)

    def _value(self, cell: ElementTree.Element) -> Cell:
        kind, stored = cell.get("t", "n"), cell.find(f"{_MAIN}v")
        if kind == "inlineStr":
            return _text_of(cell)
        words = None if stored is None else stored.text
        formula = cell.find(f"{_MAIN}f")
        if formula is not None and words is None and (stored is None or kind != "str"):
            return Unreadable(f"={formula.text or ''}")
        if words is None:
            return None
        if kind == "n":
            style = int(cell.get("s", "0"))
            dates = self._dates[style] if style < len(self._dates) else None
            return float(words) if dates is None else self._moment(float(words), dates)
        return {
            "s": lambda: self._texts[int(words)],
            "b": lambda: words == "1",
            "e": lambda: Unreadable(words),
            "d": lambda: datetime.fromisoformat(words),
        }.get(kind, lambda: words)()

    def _moment(self, serial: float, kind: type) -> Cell:
        """Read a day number; what no calendar holds is shown as it stands."""
        seconds = round(serial * _SECONDS)
        if kind is timedelta:
            return timedelta(seconds=seconds)
        if 0 <= seconds < _SECONDS:
            return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
        origin = date(1904, 1, 1) if self._since_1904 else date(1899, 12, 30)
        if not self._since_1904 and serial < _LEAP_THAT_NEVER_WAS:
            origin += timedelta(days=1)
        try:
            if seconds < 0:
                raise OverflowError
            return datetime.combine(origin, time()) + timedelta(seconds=seconds)
        except OverflowError:
            return Unreadable(f"{serial:g}")


def is_said(value: Cell) -> bool:
    """Tell whether a cell holds anything but blanks."""
    return not (value is None or (isinstance(value, str) and not value.strip()))


def _relation(sheet: ElementTree.Element) -> str | None:
    return next((v for k, v in sheet.attrib.items() if _ID.fullmatch(k)), None)


def _text_of(element: ElementTree.Element) -> str:
    """Join the runs of a text; its phonetic guide is not part of it."""
    guides = {id(t) for guide in element.iter(f"{_MAIN}rPh") for t in guide.iter()}
    runs = (t for t in element.iter(f"{_MAIN}t") if id(t) not in guides)
    return "".join(run.text or "" for run in runs)


def _kind(number: int, code: str) -> type | None:
    plain = re.sub(r'"[^"]*"|\\.', "", code)
    if re.search(r"\[(h+|m+|s+)\]", plain, re.IGNORECASE):
        return timedelta
    letters = re.sub(r"\[[^\]]*\]", "", plain)
    is_date = re.search(r"[ymdhs]", letters, re.IGNORECASE)
    return datetime if number in _BUILT_IN_DATES or is_date else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _under_merges(page: ElementTree.Element) -> Iterator[tuple[int, int]]:
    """Yield the places that a merge hides: all of its cells but the first."""
    for merge in page.iter(f"{_MAIN}mergeCell"):
        first, _, last = merge.get("ref", "").partition(":")
        (left, top), (right, bottom) = (_place(each) for each in (first, last or first))
        for line in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (line, column) != (top, left):
                    yield line, column


def _place(words: str) -> tuple[int, int]:
    found = _PLACE.fullmatch(words)
    return (_column(found[1]), int(found[2])) if found else (0, 0)
