"""XLSX files: named sheets or the first one, cells as text, rows with their numbers.

Read with a streaming XML parser and not a spreadsheet library: those that are fast
enough lay out the whole rectangle, call errors empty or the workbook damaged (see
docs/decisions/0050).
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from cityledger.sources.contracts import FileTable
from cityledger.sources.file_content import (
    CELL_TOO_LONG,
    LONGEST_CELL,
    Header,
    ReadRow,
    RefusedFileError,
    folded,
    shortened,
)
from cityledger.sources.file_kind import why_no_workbook
from cityledger.sources.xlsx_cells import (
    CellTexts,
    Unreadable,
    format_kind,
    unescaped,
)
from cityledger.sources.xlsx_package import Package, damaged, opened_package
from cityledger.sources.xlsx_sheet import digits, main, read_sheet

_BOOK: Final = main("sheet", "workbookPr")
_STRING: Final = main("si", "t", "rPh")
_STYLE: Final = main("numFmt", "cellXfs", "xf")
_TRUE: Final = {"1", "true"}


def read_xlsx(file: BinaryIO, tables: tuple[FileTable, ...]) -> Iterator[ReadRow]:
    """Yield the rows of every table of a workbook, or refuse it."""
    other = why_no_workbook(file)
    if other:
        raise RefusedFileError(other)
    with opened_package(file) as package:
        workbook = _Workbook(package)
        for table in tables:
            yield from workbook.rows(table)


class _Workbook:
    """The sheets of a workbook, and what their cells refer to."""

    def __init__(self, package: Package) -> None:
        self._package = package
        part = package.workbook()
        self._related = package.related(part)
        self._sheets: list[tuple[str, str]] = []
        self._from_1904 = False
        package.parse(part, self._start)
        self._texts = CellTexts(
            self._strings(), self._styles(), from_1904=self._from_1904
        )

    def rows(self, table: FileTable) -> Iterator[ReadRow]:
        """Yield the rows of a table; the first that is filled names its columns."""
        sheet, part = self._sheet(table)
        filled = iter(read_sheet(self._package, part, self._texts))
        _, names = next(filled, (0, {}))
        header = Header({at: name for at, name in names.items() if folded(name)}, table)
        for line, cells in filled:
            yield _read_row(table, sheet, header, line, cells)

    def _start(self, name: str, given: dict[str, str]) -> None:
        tag = _BOOK.get(name)
        if tag == "workbookPr":
            self._from_1904 = given.get("date1904", "0").lower() in _TRUE
        if tag != "sheet":
            return
        id_ = next((v for k, v in given.items() if k.endswith(" id")), "")
        relation = self._related.get(id_)
        # A chart or a macro may stand in the list of sheets too.
        if relation is not None and relation.kind == "worksheet":
            self._sheets.append((given.get("name", ""), relation.target))

    def _sheet(self, table: FileTable) -> tuple[str, str]:
        for name, part in self._sheets:
            if table.sheet is None or folded(name) == folded(table.sheet):
                return name, part
        raise RefusedFileError(f"缺少工作表：{table.sheet or '第一张'}")

    def _part(self, kind: str) -> str | None:
        return next((r.target for r in self._related.values() if r.kind == kind), None)

    def _strings(self) -> list[str]:
        """Return the shared texts: all runs of each, without its phonetic guide."""
        part = self._part("sharedStrings")
        reader = _Strings()
        if part is not None:
            self._package.parse(part, reader.start, reader.end, reader.read)
        return reader.found

    def _styles(self) -> list[str | None]:
        """Return what each cell style makes of a number."""
        part = self._part("styles")
        codes: dict[int, str] = {}
        styles: list[str | None] = []
        inside: list[bool] = []

        def start(name: str, given: dict[str, str]) -> None:
            tag = _STYLE.get(name)
            if tag == "numFmt":
                codes[_count(given.get("numFmtId"))] = given.get("formatCode", "")
            elif tag == "cellXfs":
                inside.append(True)
            elif tag == "xf" and inside:
                number = _count(given.get("numFmtId"))
                styles.append(format_kind(number, codes.get(number)))

        def end(name: str) -> None:
            if _STYLE.get(name) == "cellXfs":
                inside.clear()

        if part is not None:
            self._package.parse(part, start, end)
        return styles


class _Strings:
    """Handlers for the XML of the shared texts."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._runs: list[str] = []
        self._length = 0
        self._is_text = False
        self._phonetic = False

    def start(self, name: str, _: dict[str, str]) -> None:
        """Begin an element."""
        tag = _STRING.get(name)
        if tag == "t":
            self._is_text = not self._phonetic
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "si":
            self._runs.clear()
            self._length = 0

    def read(self, text: str) -> None:
        """Take text; more than a cell may hold is not kept."""
        if self._is_text and self._length <= LONGEST_CELL:
            self._runs.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        """End an element."""
        tag = _STRING.get(name)
        if tag == "t":
            self._is_text = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.found.append(unescaped("".join(self._runs)))


def _read_row(
    table: FileTable, sheet: str, header: Header, line: int, cells: Mapping[int, str]
) -> ReadRow:
    unreadable = {at: text for at, text in cells.items() if type(text) is Unreadable}
    if not any(len(text) > LONGEST_CELL for text in cells.values()):
        return ReadRow(table.table, sheet, line, header.row(cells, unreadable))
    cut = {at: shortened(text) for at, text in cells.items()}
    raw = header.row(cut, unreadable)
    return ReadRow(table.table, sheet, line, raw, CELL_TOO_LONG)


def _count(text: str | None) -> int:
    number = digits(text)
    if number is None:
        damaged("样式编号不是数字")
    return number
