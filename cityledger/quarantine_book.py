"""Quarantine book: an owner's broken rows as a workbook, to mend and send again."""

import json
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from cityledger.quarantine import SOURCES, STATUSES, Unit
from cityledger.spreadsheet import MOST_ROWS, whole

_HEAD: Final = (
    "隔离编号",
    "文件",
    "工作表",
    "行号或主键",
    "规则",
    "问题",
    "状态",
    "首次发现",
)
_WARNING: Final = (
    "本文件含原始记录，可能包含姓名、电话、车牌等个人信息："
    "只交给数据提供单位，用毕删除，不得外传或公开。"
)


def write_book(path: Path, owner: str, day: date, units: list[Unit]) -> None:
    """Write one owner's workbook in one step; only its writer may read it."""
    temporary = path.with_name(f".{path.name}.tmp")
    # Cells are what the source wrote: text that looks like a formula stays text.
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(temporary, options) as book:
        _write_cover(book, owner, day, units)
        for (source, table), rows in groupby(sorted(units, key=_table), key=_table):
            _write_sheet(book, f"{SOURCES.get(source, source)}-{table}", list(rows))
    temporary.chmod(0o600)
    temporary.replace(path)


def _table(unit: Unit) -> tuple[str, str]:
    return unit.source, unit.source_table


def _write_cover(
    book: Any,  # noqa: ANN401 - xlsxwriter has no types
    owner: str,
    day: date,
    units: list[Unit],
) -> None:
    sheet = book.add_worksheet("说明")
    for number, line in enumerate(
        (
            _WARNING,
            f"数据提供单位：{owner}",
            f"数据截至：{day}",
            f"待改正：{len(units)} 条",
            "请在原系统或原文件中改正后按原文件名重新报送，系统会自动识别为已重报。",
        )
    ):
        sheet.write_string(number, 0, line)
    sheet.set_column(0, 0, 90)


def _write_sheet(
    book: Any,  # noqa: ANN401 - xlsxwriter has no types
    title: str,
    units: list[Unit],
) -> None:
    sheet = book.add_worksheet(title[:31])
    cells = [_cells(unit.raw) for unit in units[:MOST_ROWS]]
    names = list(dict.fromkeys(name for row in cells for name in row))
    bold = book.add_format({"bold": True, "bg_color": "#f3f5f8"})
    for column, name in enumerate((*_HEAD, *names)):
        sheet.write_string(0, column, whole(name), bold)
    for number, (unit, raw) in enumerate(zip(units, cells, strict=False), start=1):
        texts = (*_facts(unit), *(raw.get(name, "") for name in names))
        for column, text in enumerate(texts):
            sheet.write_string(number, column, whole(text))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(_HEAD) - 1, 18)
    sheet.set_column(5, 5, 50)


def _facts(unit: Unit) -> tuple[str, ...]:
    return (
        unit.short_id,
        unit.file or "",
        unit.sheet or "",
        unit.line_or_key or "",
        unit.rule,
        unit.message,
        STATUSES.get(unit.status, unit.status),
        str(unit.first_seen_as_of),
    )


def _cells(raw: str | None) -> dict[str, str]:
    """Return a row as it came, cell by cell."""
    if not raw:
        return {}
    try:
        row = json.loads(raw)
    except ValueError:
        return {"原始内容": raw}
    if not isinstance(row, dict):
        return {"原始内容": raw}
    return {str(name): _text(value) for name, value in row.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
