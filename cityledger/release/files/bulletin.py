"""Bulletin: the release in prose and one table, as Word to edit and PDF to print."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from cityledger.county import COUNTY, COUNTY_NAME, PUBLISHER
from cityledger.release import wording
from cityledger.release.changes import tally
from cityledger.release.files.metadata import About
from cityledger.release.opened import Row
from cityledger.release.periods import name_zh

_FACE: Final = "Noto Sans CJK SC"
_HEAD: Final = ("指标", "周期", "数值", "单位", "目标", "状态", "质量")
_CHANGE_HEAD: Final = ("指标", "周期", "区域", "类别", "原值", "现值", "原因")
_CHANGES_SHOWN: Final = 40
_CSS: Final = f"""
@page {{ size: A4; margin: 22mm 20mm;
  @bottom-center {{ content: counter(page) " / " counter(pages); font-size: 9pt; }} }}
html {{ font-family: "{_FACE}", "Noto Sans SC", sans-serif; font-size: 10.5pt;
  line-height: 1.65; color: #18212f; }}
h1 {{ font-size: 20pt; text-align: center; margin: 0 0 4mm; }}
h2 {{ font-size: 13pt; color: #1f4e79; margin: 7mm 0 2mm; break-after: avoid; }}
p.line {{ text-align: center; color: #526071; margin: 0; }}
table {{ width: 100%; border-collapse: collapse; font-size: 9pt; line-height: 1.4; }}
th, td {{ border-bottom: .4pt solid #c7d0da; padding: 1.4mm 1.2mm; text-align: left;
  vertical-align: top; }}
th {{ background: #e8eef5; }}
tr {{ break-inside: avoid; }}
th, .figures td:nth-child(2), .figures td:nth-child(n+4) {{ white-space: nowrap; }}
td.n {{ text-align: right; white-space: nowrap; }}
"""


@dataclass(frozen=True)
class Bulletin:
    """What the bulletin says, before it has a form."""

    title: str
    lines: tuple[str, ...]
    paragraphs: tuple[str, ...]
    figures: tuple[tuple[str, ...], ...]
    changes: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def compose(about: About, tables: dict[str, list[Row]], changes: list[Row]) -> Bulletin:
    """Put a release into words; every number is one of the released rows."""
    indicators = {r["indicator_id"]: r for r in tables["indicators"]}
    claims = {r["claim_id"]: r for r in tables["targets"]}
    newest = newest_by_indicator(tables["indicator_values"])
    judged = [r for r in newest if r["target"] is not None and r["value"] is not None]
    met = sum(r["status"] == "达标" for r in judged)
    counted = tally(changes)
    said = "、".join(f"{kind} {count} 项" for kind, count in counted.items()) or "无"
    return Bulletin(
        title=f"{COUNTY_NAME}城市管理指标公报",
        lines=(
            f"{name_zh(about.period)} · 第 {about.version} 版",
            f"数据截至 {about.as_of} · {PUBLISHER}",
        ),
        paragraphs=(
            f"本期公布 {len(newest)} 项指标的最新终报数。有目标值且有数值的 "
            f"{len(judged)} 项中，{met} 项达标，{len(judged) - met} 项未达标"
            "或数据不完整。",
            f"与上一版相比：{said}。本版原因：{about.reason}",
        ),
        figures=tuple(_figure(r, indicators, claims) for r in newest),
        changes=tuple(_change(c, indicators) for c in changes if c["kind"] != "首发")[
            :_CHANGES_SHOWN
        ],
        notes=(
            "数值未四舍五入进位：保留两位小数，其余舍去，未达到的目标不会显示为达到。",
            "件数过少（1–4 件，比率的分母不足 10 件）的单元格隐去，并隐去能倒推出它的"
            "单元格。",
            "质量等级 A–D 取完整率、及时率、隔离率、对账相符率中最差者；完整率低于 80% "
            "或隔离率高于 20% 的数不公布。",
            f"全部数据、字段说明、变更清单和校验值见 {about.address}",
        ),
    )


def newest_by_indicator(values: list[Row]) -> list[Row]:
    """Return, for each indicator, the county's newest period of its shortest kind."""
    best: dict[str, Row] = {}
    for row in values:
        if row["area_code"] != COUNTY:
            continue
        known = best.get(row["indicator_id"])
        if known is None or _order(row) > _order(known):
            best[row["indicator_id"]] = row
    return list(best.values())


def write_docx(bulletin: Bulletin, path: Path) -> None:
    """Write it for Word, with real headings and header rows."""
    from docx import Document  # noqa: PLC0415 - heavy
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - heavy
    from docx.oxml.ns import qn  # noqa: PLC0415 - heavy
    from docx.shared import Pt  # noqa: PLC0415 - heavy

    document = Document()
    document.core_properties.title = bulletin.title
    document.core_properties.author = PUBLISHER
    document.core_properties.language = "zh-CN"
    document.core_properties.comments = ""
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = _FACE
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FACE)
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(bulletin.title, level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in bulletin.lines:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for paragraph in bulletin.paragraphs:
        document.add_paragraph(paragraph)
    document.add_heading("指标", level=1)
    _docx_table(document, _HEAD, bulletin.figures)
    document.add_heading("修订、更正和撤回", level=1)
    if bulletin.changes:
        _docx_table(document, _CHANGE_HEAD, bulletin.changes)
    else:
        document.add_paragraph("没有。")
    document.add_heading("说明", level=1)
    for note in bulletin.notes:
        document.add_paragraph(note, style="List Bullet")
    document.save(str(path))


def write_pdf(bulletin: Bulletin, path: Path) -> None:
    """Write it for print; its Chinese can be searched and read aloud."""
    from weasyprint import HTML  # noqa: PLC0415 - heavy

    parts = [
        f"<h1>{escape(bulletin.title)}</h1>",
        *(f'<p class="line">{escape(line)}</p>' for line in bulletin.lines),
        *(f"<p>{escape(text)}</p>" for text in bulletin.paragraphs),
        "<h2>指标</h2>",
        _html_table(_HEAD, bulletin.figures, "figures"),
        "<h2>修订、更正和撤回</h2>",
        _html_table(_CHANGE_HEAD, bulletin.changes)
        if bulletin.changes
        else "<p>没有。</p>",
        "<h2>说明</h2><ul>",
        *(f"<li>{escape(note)}</li>" for note in bulletin.notes),
        "</ul>",
    ]
    html = (
        f'<html lang="zh-CN"><head><title>{escape(bulletin.title)}</title>'
        f'<meta name="author" content="{escape(PUBLISHER)}"><style>{_CSS}</style>'
        f"</head><body>{''.join(parts)}</body></html>"
    )
    # Tagged, so that a screen reader finds headings and table cells.
    HTML(string=html, url_fetcher=_nothing).write_pdf(str(path), pdf_tags=True)


def _nothing(url: str, *_: object, **__: object) -> dict[str, Any]:
    raise ValueError(f"a bulletin fetches nothing: {url}")


def _order(row: Row) -> tuple[int, str]:
    return {"Y": 0, "Q": 1, "M": 2}[row["period_type"]], row["period"]


def _figure(
    row: Row, indicators: dict[str, Row], claims: dict[str, Row]
) -> tuple[str, ...]:
    indicator = indicators.get(row["indicator_id"], {})
    unit = str(indicator.get("unit", ""))
    claim = claims.get(row["target_claim_id"])
    shown = wording.number(row["value"], unit, *wording.missed(row, claim))
    if row["value"] is None:
        shown = wording.reason(row["null_reason"], "zh") or "—"
    return (
        f"{row['indicator_id']} {indicator.get('name_zh', '')}",
        name_zh(row["period"]),
        shown,
        unit,
        wording.target(claim, row["target"], "zh") or "—",
        row["status"],
        row["quality"],
    )


def _change(change: Row, indicators: dict[str, Row]) -> tuple[str, ...]:
    indicator = indicators.get(change["indicator_id"], {})
    unit = str(indicator.get("unit", ""))
    return (
        f"{change['indicator_id']} {indicator.get('name_zh', '')}",
        name_zh(change["period"]),
        change["area_code"],
        change["kind"],
        wording.number(change["old_value"], unit, change["old_target"]),
        wording.number(change["new_value"], unit, change["new_target"]),
        change["reason"] or "",
    )


def _docx_table(
    document: Any,  # noqa: ANN401 - python-docx has no types
    head: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy
    from docx.oxml.ns import qn  # noqa: PLC0415 - heavy
    from docx.shared import Pt  # noqa: PLC0415 - heavy

    table = document.add_table(rows=1, cols=len(head), style="Light Grid Accent 1")
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for row in table.rows:
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8.5)


def _html_table(
    head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], kind: str = "changes"
) -> str:
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return (
        f'<table class="{kind}">'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )
