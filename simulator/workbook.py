"""Workbook: XLSX files, the same bytes for the same cells."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

_CREATED = datetime.fromisoformat("2020-01-01T00:00:00")

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Sheet:
    """A named sheet: a header row and rows of cells."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[dict[str, Cell]]


def workbook(*sheets: Sheet, real_dates: bool = True) -> bytes:
    """Write sheets to a workbook; dates as cells, or as text the way clerks type."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.write_row(0, 0, sheet.columns)
            for line, row in enumerate(sheet.rows, start=1):
                for column, name in enumerate(sheet.columns):
                    _write(page, (line, column), row[name], formats, real_dates)
    return buffer.getvalue()


def _write(
    page: Any,  # noqa: ANN401 (xlsxwriter has no types)
    place: tuple[int, int],
    cell: Cell,
    formats: dict[type, Any],
    real_dates: bool,
) -> None:
    if cell is None:
        return
    if isinstance(cell, date) and not real_dates:
        page.write_string(*place, str(cell))
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, formats[type(cell)])
    elif isinstance(cell, str):
        page.write_string(*place, cell)
    else:
        page.write_number(*place, cell)
