"""Exports: the rows a reader sees, as files that a spreadsheet opens."""

import csv
import io
import logging
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

import streamlit as st
import xlsxwriter

from cityledger.spreadsheet import MOST_ROWS, inert, whole
from dashboards import markup
from dashboards.leaders import access

Cell = str | int | float | Decimal | date | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_log = logging.getLogger(__name__)


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Write rows as CSV that Excel reads as Chinese, with no cell a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerows([inert(cell) for cell in row] for row in [headings, *rows])
    return written.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(
    title: str,
    said: Sequence[str],
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
) -> bytes:
    """Write rows as a workbook, with what they are above them.

    What does not fit on a sheet stands on the next one.
    """
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(written, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        heading = book.add_format({"bold": True, "font_size": 14})
        for first in range(0, max(len(rows), 1), MOST_ROWS):
            # A title may hold what the name of a sheet must not.
            sheet = book.add_worksheet(f"数据{first // MOST_ROWS + 1}")
            sheet.write_string(0, 0, whole(title), heading)
            for down, line in enumerate(said, start=1):
                sheet.write_string(down, 0, whole(line))
            top = len(said) + 2
            sheet.write_row(top, 0, headings, bold)
            for down, row in enumerate(rows[first : first + MOST_ROWS], start=top + 1):
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
    with st.container(horizontal=True, key=f"export_{name}"):
        button(
            "导出 XLSX",
            f"{name}.xlsx",
            XLSX,
            lambda: as_xlsx(title, said, headings, rows()),
            what=title,
        )
        button(
            "导出 CSV",
            f"{name}.csv",
            "text/csv",
            lambda: as_csv(headings, rows()),
            what=title,
        )


def button(
    label: str,
    file: str,
    mime: str,
    make: Callable[[], bytes],
    *,
    what: str = "",
    act: str = "导出",
) -> None:
    """Offer a file that is made when it is taken, for whoever may still have it then.

    The page may have been open for hours: its reader's rights are read again at the
    click, and only what was really handed over is written down as taken.
    """
    who = access.current()

    def taken() -> bytes:
        if not access.still_may(who):
            access.note("拒绝导出", who, file=file)
            raise access.NoLongerError(file)
        try:
            made = make()
        except Exception:
            _log.exception("file %s was not made", file)
            access.note("没有做成", who, file=file)
            raise
        access.note(act, who, file=file, what=what or None)
        return made

    # Drawn again at the click, the page tells whoever has no access any more.
    st.download_button(
        markup.label(label), taken, file, mime, on_click="rerun", key=f"take_{file}"
    )


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, down: int, across: int, cell: Cell
) -> None:
    if cell is None:
        return
    is_number = isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
    if is_number and math.isfinite(cell):
        sheet.write_number(down, across, float(cell))
    else:
        sheet.write_string(down, across, whole(str(cell)))
