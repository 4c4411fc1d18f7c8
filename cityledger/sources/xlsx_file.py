"""XLSX files: named sheets or the first one, cells as text, rows with their numbers."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from cityledger.sources.contracts import FileTable
from cityledger.sources.file_content import Header, ReadRow, RefusedFileError

Cell = str | int | float | bool | date | datetime | time | timedelta


def read_xlsx(content: bytes, tables: tuple[FileTable, ...]) -> list[ReadRow]:
    """Return the rows of every table of a workbook, or refuse it."""
    if not content:
        raise RefusedFileError("文件为空")
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return [row for table in tables for row in _rows(workbook, table)]
    except PasswordError:
        raise RefusedFileError("文件有打开密码") from None
    except CalamineError:
        raise RefusedFileError("文件损坏，无法打开") from None


def _rows(workbook: CalamineWorkbook, table: FileTable) -> Iterator[ReadRow]:
    sheet = _sheet_name(workbook, table)
    filled = _filled_rows(workbook, sheet)
    _, names = next(filled, (0, []))
    header = Header(tuple((name or "").strip() for name in names))
    header.check(table)
    for number, cells in filled:
        yield ReadRow(table.table, sheet, number, header.as_json(cells))


def _sheet_name(workbook: CalamineWorkbook, table: FileTable) -> str:
    for name in workbook.sheet_names:
        if table.sheet is None or name.strip() == table.sheet:
            return name
    raise RefusedFileError(f"缺少工作表：{table.sheet or '第一张'}")


def _filled_rows(
    workbook: CalamineWorkbook, sheet: str
) -> Iterator[tuple[int, list[str | None]]]:
    """Yield each row that holds anything, with its number as Excel shows it."""
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if any(cell and cell.strip() for cell in cells):
            yield number, cells


def _text(cell: Cell) -> str | None:
    """Return a cell as the contract writes it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, float):
        return repr(cell)
    return str(cell) or None
