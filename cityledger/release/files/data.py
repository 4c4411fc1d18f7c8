"""Data files: a table as Parquet, CSV (plain, and for Excel), JSON and XLSX."""

import csv
import json
from pathlib import Path
from typing import Any, Final

from cityledger.release.tables import Field, Table, plain
from cityledger.spreadsheet import inert

_BOM: Final = "\ufeff"


def write_parquet(table: Table, path: Path) -> None:
    """Write the typed form: the one other forms and the public file are checked by."""
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

    kinds = {
        "string": pa.string(), "double": pa.float64(), "integer": pa.int64(),
        "boolean": pa.bool_(), "date": pa.date32(), "datetime": pa.timestamp("us"),
    }  # fmt: skip
    schema = pa.schema([(field.name, kinds[field.kind]) for field in table.fields])
    columns = {
        field.name: [_typed(row[field.name], field) for row in table.rows]
        for field in table.fields
    }
    pq.write_table(pa.table(columns, schema=schema), path)


def write_csv(table: Table, path: Path, *, for_excel: bool = False) -> None:
    """Write RFC 4180: a header row, ISO dates, empty for null."""
    names = [field.name for field in table.fields]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_BOM if for_excel else "")
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(names)
        for row in table.rows:
            writer.writerow([_cell(row[name]) for name in names])


def write_json(table: Table, path: Path) -> None:
    """Write an array of objects beside the schema that describes them."""
    names = [field.name for field in table.fields]
    document = {
        "dataset": table.slug,
        "title": {"zh": table.title_zh, "en": table.title_en},
        "schema": [
            {"name": f.name, "type": f.kind, "description": f.description}
            for f in table.fields
        ],
        "data": [{name: plain(row[name]) for name in names} for row in table.rows],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def write_xlsx(table: Table, path: Path, notes: list[tuple[str, str]]) -> None:
    """Write three sheets, 数据, 字段说明 and 口径与版本, with nothing merged."""
    import xlsxwriter  # noqa: PLC0415 - heavy

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF5", "bottom": 1})
        names = [field.name for field in table.fields]
        sheet = book.add_worksheet("数据")
        _fill(sheet, head, names, [[row[n] for n in names] for row in table.rows])
        fields = [[f.name, f.kind, f.description] for f in table.fields]
        _fill(book.add_worksheet("字段说明"), head, ["字段", "类型", "说明"], fields)
        _fill(
            book.add_worksheet("口径与版本"), head, ["项目", "内容"],
            [list(note) for note in notes],
        )  # fmt: skip


def _fill(sheet: Any, head: Any, names: list[str], rows: list[list[Any]]) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, names, head)
    for column, name in enumerate(names):
        longest = max([len(str(row[column] or "")) for row in rows[:200]], default=0)
        sheet.set_column(column, column, min(max(longest, 2 * len(name)) + 2, 60))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            value = inert(plain(cell))
            if value is not None:
                sheet.write(number, column, value)


def _cell(value: Any) -> str:  # noqa: ANN401 - cells of any type
    shown = inert(plain(value))
    if shown is None:
        return ""
    if isinstance(shown, bool):
        return "true" if shown else "false"
    return repr(shown) if isinstance(shown, float) else str(shown)


def _typed(value: Any, field: Field) -> Any:  # noqa: ANN401 - cells of any type
    if value is None:
        return None
    if field.kind == "double":
        return float(value)
    return int(value) if field.kind == "integer" else value
