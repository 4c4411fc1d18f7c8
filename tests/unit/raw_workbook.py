"""Raw workbook: XLSX files written part by part, as no library would write them."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

_TRANSITIONAL = "http://schemas.openxmlformats.org"
_MAIN = f"{_TRANSITIONAL}/spreadsheetml/2006/main"
_OFFICE = f"{_TRANSITIONAL}/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml"
_PACKAGE = f"{_TRANSITIONAL}/package/2006/relationships"
FORMATS = (
    "General",
    "yyyy-mm-dd",
    "yyyy-mm-dd hh:mm:ss",
    "h:mm",
    "[h]:mm",
    '0.00"m";[Red]-0.00',
    '[$-804]yyyy"年"m"月"d"日";@',
)


def workbook(rows: str, **options: object) -> bytes:
    """Return a workbook of one sheet 作业日报 with these `<row>` elements.

    `after`: what follows the rows; `strings`: `<si>` elements; `builtin`: number
    formats by their numbers; `from_1904`, `strict`; `parts`: more of them, or others.
    """
    parts = package(f"<sheetData>{rows}</sheetData>{options.get('after', '')}")
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{_MAIN}">{options.get("strings", "")}</sst>'
    )
    parts["xl/styles.xml"] = _styles(options.get("builtin", ()))
    if options.get("from_1904"):
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
            "<sheets>", '<workbookPr date1904="1"/><sheets>'
        )
    if options.get("strict"):
        parts = {name: _strict(text) for name, text in parts.items()}
    more = options.get("parts", {})
    return zipped({**parts, **more} if isinstance(more, Mapping) else parts)


def package(sheet: str) -> dict[str, str]:
    """Return the parts of a workbook whose one worksheet holds this."""
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="作业日报" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "/xl/sharedStrings.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
    }


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def row(number: int, *cells: str) -> str:
    """Return a row of `<c>` elements."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text(reference: str, content: str) -> str:
    """Return a cell with a text of its own."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{content}</t></is></c>'


def number(reference: str, value: str, style: int = 0) -> str:
    """Return a cell with a number as written."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def error(reference: str, kind: str) -> str:
    """Return an error cell."""
    return f'<c r="{reference}" t="e"><f>VLOOKUP(1,A1,2)</f><v>{kind}</v></c>'


def header(*names: str) -> str:
    """Return the first row."""
    return row(1, *(text(f"{chr(65 + at)}1", name) for at, name in enumerate(names)))


def _relations(*targets: tuple[str, str]) -> str:
    related = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>'


def _styles(builtin: object) -> str:
    own = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode={quoteattr(code)}/>'
        for at, code in enumerate(FORMATS)
    )
    numbers = [200 + at for at in range(len(FORMATS))]
    numbers += builtin if isinstance(builtin, list) else []
    styles = "".join(f'<xf numFmtId="{at}"/>' for at in numbers)
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{own}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>"
    )


def _strict(part: str) -> str:
    return part.replace(_MAIN, f"{_STRICT}/spreadsheetml/main").replace(
        _OFFICE, f"{_STRICT}/officeDocument/relationships"
    )
