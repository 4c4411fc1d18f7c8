"""Workbook: XLSX files, the same bytes for the same cells."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

_CREATED = datetime.fromisoformat("2020-01-01T00:00:00")


@dataclass(frozen=True)
class ErrorCell:
    """A formula that failed; the cell shows what went wrong, as `#REF!`."""

    shows: str


@dataclass(frozen=True)
class Uncomputed:
    """A formula whose result was never stored, as some programs leave it."""

    formula: str


DateWriter = Callable[[date], str]
Cell = str | int | float | date | datetime | ErrorCell | Uncomputed | None


@dataclass(frozen=True)
class Sheet:
    """A named sheet: a header row and rows of cells; a row may lack any of them."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Cell]]


def in_full(when: date) -> str:
    """Write a date or time as `2025-06-03 08:05:00`."""
    return str(when)


def with_slashes(when: date) -> str:
    """Write a date or time as `2025/06/03 08:05:00`."""
    return str(when).replace("-", "/")


def in_short(when: date) -> str:
    """Write a date or time as `2025-6-3 8:05`."""
    day = f"{when.year}-{when.month}-{when.day}"
    return f"{day} {when.hour}:{when:%M}" if isinstance(when, datetime) else day


def workbook(*sheets: Sheet, write_date: DateWriter | None = None) -> bytes:
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
                    _write(page, (line, column), row.get(name), formats, write_date)
    return buffer.getvalue()


def _write(
    page: Any,  # noqa: ANN401 (xlsxwriter has no types)
    place: tuple[int, int],
    cell: Cell,
    formats: dict[type, Any],
    write_date: DateWriter | None,
) -> None:
    if cell is None:
        return
    if isinstance(cell, ErrorCell):
        page.write_formula(*place, "=VLOOKUP(1,A1:A2,3)", None, cell.shows)
    elif isinstance(cell, Uncomputed):
        page.write_formula(*place, cell.formula, None, "")
    elif isinstance(cell, date) and write_date:
        page.write_string(*place, write_date(cell))
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, formats[type(cell)])
    elif isinstance(cell, str):
        page.write_string(*place, cell)
    else:
        page.write_number(*place, cell)
