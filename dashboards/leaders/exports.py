"""Exports: the rows a reader sees, as files that a spreadsheet opens."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime

import streamlit as st
import xlsxwriter

from cityledger.text import for_spreadsheet
from dashboards.leaders import access

Cell = str | int | float | date | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Write rows as CSV that Excel reads as Chinese, with no cell a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerows(
        [for_spreadsheet(cell) for cell in row] for row in [headings, *rows]
    )
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(
    title: str,
    said: Sequence[str],
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
) -> bytes:
    """Write rows as a workbook, with what they are above them."""
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        heading = book.add_format({"bold": True, "font_size": 14})
        sheet.write_string(0, 0, title, heading)
        for down, line in enumerate(said, start=1):
            sheet.write_string(down, 0, line)
        top = len(said) + 2
        sheet.write_row(top, 0, headings, bold)
        for down, row in enumerate(rows, start=top + 1):
            for across, cell in enumerate(row):
                _write(sheet, down, across, cell)
        sheet.freeze_panes(top + 1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 18)
    return written.getvalue()


def offer(
    name: str,
    title: str,
    said: Sequence[str],
    headings: Sequence[str],
    rows: Callable[[], Sequence[Sequence[Cell]]],
) -> None:
    """Offer rows as XLSX and CSV; they are asked for only when one is taken."""

    def taken(kind: str) -> None:
        access.note("导出", file=f"{name}.{kind}", what=title)

    with st.container(horizontal=True, key=f"export_{name}"):
        st.download_button(
            "导出 XLSX",
            lambda: as_xlsx(title, said, headings, rows()),
            f"{name}.xlsx",
            XLSX,
            on_click=taken,
            args=("xlsx",),
            key=f"xlsx_{name}",
        )
        st.download_button(
            "导出 CSV",
            lambda: as_csv(headings, rows()),
            f"{name}.csv",
            "text/csv",
            on_click=taken,
            args=("csv",),
            key=f"csv_{name}",
        )


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, down: int, across: int, cell: Cell
) -> None:
    if cell is None:
        return
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(down, across, cell)
    else:
        sheet.write_string(down, across, str(cell))
