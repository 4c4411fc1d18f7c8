"""Indicator page: a number, what it means, how sure it is, and how it has changed."""

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from cityledger.county import COUNTY
from cityledger.release import wording
from cityledger.release.corrections import Correction
from cityledger.release.opened import Row
from cityledger.release.periods import kind, name_en, name_zh
from cityledger.release.site import charts, history
from cityledger.release.site.edition import Edition
from cityledger.release.site.words import GROUPS_EN

if TYPE_CHECKING:
    from cityledger.release.site.render import Site, View

_MONTHS_DRAWN: Final = 36


def write(  # noqa: PLR0913 - a page has that many sides
    site: "Site",
    view: "View",
    edition: Edition,
    indicator: Row,
    seen: history.History,
    register: list[Correction],
    *,
    below: str = "",
    notice: dict[str, Any] | None = None,
) -> None:
    """Write the page of one indicator."""
    language, code = view.language, indicator["indicator_id"]
    row = edition.newest.get(code)
    if row is None:
        return
    values = _values(edition, indicator, row, language)
    values["vintage_rows"] = _vintages(edition, indicator, seen, language)
    values["correction_rows"] = correction_rows(
        [c for c in register if c.indicator_id == code], language
    )
    up = "../" * (view.folder + below + "indicators/").count("/")
    files = f"{up}{below or 'latest/'}data/indicator_values"
    values["indicator_files"] = [
        ("CSV", f"{files}.csv"),
        ("CSV（Excel）" if language == "zh" else "CSV (Excel)", f"{files}-excel.csv"),
        ("XLSX", f"{files}.xlsx"),
        ("JSON", f"{files}.json"),
        (
            "历次公布 JSON" if language == "zh" else "History (JSON)",
            f"{up}history/{code}.json",
        ),
    ]
    page = f"indicators/{code}.html"
    values["permanent"] = f"{site.base}/{view.folder}releases/{edition.id}/{page}"
    values["latest"] = f"{site.base}/{view.folder}{page}"
    site.write(
        view, page, "indicator.html", values,
        section="index", below=below, edition=edition, notice=notice,
    )  # fmt: skip


def row_view(edition: Edition, indicator: Row, row: Row, language: str) -> Row:
    """Return an indicator's newest figure as a page shows it."""
    unit = indicator["unit"]
    has_value = row["value"] is not None
    claim = edition.targets.get(row["target_claim_id"] or "")
    nature = indicator["nature"] or ""
    is_share = unit == "%" and has_value
    return {
        "id": indicator["indicator_id"],
        "name": indicator["name_zh"] if language == "zh" else indicator["name_en"],
        "group": group_name(indicator["group_zh"], language),
        "period": period_name(row["period"], language),
        "nature": nature if language == "zh" else wording.NATURES.get(nature, nature),
        "has_value": has_value,
        "value": wording.number(row["value"], unit, *wording.missed(row, claim))
        if has_value
        else wording.reason(row["null_reason"], language) or "—",
        "unit": wording.unit_of(unit, language),
        "goal": wording.target(claim, row["target"], language),
        "status": row["status"],
        "status_label": wording.state(row["status"], language),
        "quality": row["quality"],
        "quality_note": row["quality_note"] if language == "zh" else "",
        "bar": Markup(  # noqa: S704 - numbers only
            charts.progress(row["value"], row["target"], row["status"] == "达标")
        )
        if is_share
        else "",
    }


def period_name(period: str, language: str) -> str:
    """Say a period."""
    return name_zh(period) if language == "zh" else name_en(period)


def group_name(group: str | None, language: str) -> str:
    """Name a heading of the plan."""
    name = group or "其他"
    return name if language == "zh" else GROUPS_EN.get(name, name)


def correction_rows(register: list[Correction], language: str) -> list[list[str]]:
    """Return the register as a table."""
    words = {"open": ("未关闭", "open"), "closed": ("已关闭", "closed")}
    which = 0 if language == "zh" else 1
    actions = {"override": "value corrected", "drop": "not shown", "flag": "note added"}
    return [
        [
            c.correction_id,
            c.indicator_id,
            period_name(c.period, language),
            wording.number(c.expect),
            wording.number(c.value),
            c.action_zh if language == "zh" else actions[c.action],
            words[c.status][which],
            c.reason,
        ]
        for c in register
    ]


def _values(
    edition: Edition, indicator: Row, row: Row, language: str
) -> dict[str, Any]:
    shown = row_view(edition, indicator, row, language)
    county = edition.county(indicator["indicator_id"])
    chart, summary = _chart(edition, indicator, county, row, language)
    town_period, towns = _towns(edition, indicator, county)
    return {
        "r": shown
        | {
            "scope": indicator["scope_zh"],
            "formula": indicator["formula_zh"],
            "formula_version": row["formula_version"],
            "sources": indicator["source_systems"],
            "owner": indicator["owner_zh"],
            "method": indicator["method_note_zh"],
            "note": _note(row, language),
            "counts": _counts(row, indicator, language),
        },
        "chart": chart,
        "chart_summary": summary,
        "value_rows": [_value_row(r, indicator, edition, language) for r in county],
        "town_rows": [_town_row(r, indicator, language) for r in towns],
        "town_chart": _town_chart(indicator, towns, town_period, language),
        "town_caption": _say(language, "各乡镇，", "By town, ")
        + period_name(town_period, language),
        "claims": [
            {
                **claim,
                "goal": wording.target(claim, claim["value"], language),
                "status": _claim_status(claim["status"], language),
            }
            for claim in edition.targets.values()
            if claim["indicator_id"] == indicator["indicator_id"]
        ],
    }


def _chart(
    edition: Edition, indicator: Row, county: list[Row], newest: Row, language: str
) -> tuple[Markup, str]:
    months = [r for r in county if kind(r["period"]) == kind(newest["period"])]
    points = [charts.Point(_tick(r["period"]), r["value"]) for r in months]
    points = points[-_MONTHS_DRAWN:]
    known = [p.value for p in points if p.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup(""), ""
    unit = indicator["unit"]
    low, high, last = (
        wording.number(value, unit, newest["target"])
        for value in (min(known), max(known), known[-1])
    )
    summary = _say(
        language,
        f"共 {len(known)} 期有数值，最低 {low}，最高 {high}，最近一期 {last}{unit}。"
        "虚线为目标。图中数据见下表。",
        f"{len(known)} periods: lowest {low}, highest {high}, last {last} "
        f"{wording.unit_of(unit, language)}. The dashed line is the target. The table "
        "below holds the same figures.",
    )
    claim = edition.targets.get(newest["target_claim_id"] or "")
    name = indicator["name_zh"] if language == "zh" else indicator["name_en"]
    goal = wording.target(claim, newest["target"], language)
    drawn = charts.line_chart(
        charts.Line(
            name, summary, unit, points, newest["target"],
            _say(language, f"目标 {goal}", f"target {goal}"),
        )
    )  # fmt: skip
    return Markup(drawn), summary  # noqa: S704 - text is escaped where it is drawn


def _towns(
    edition: Edition, indicator: Row, county: list[Row]
) -> tuple[str, list[Row]]:
    """Return the newest period of the shortest kind that has town figures."""
    for kind_wanted in ("M", "Q", "Y"):
        periods = [r["period"] for r in county if r["period_type"] == kind_wanted]
        for period in reversed(periods):
            towns = edition.towns(indicator["indicator_id"], period)
            if any(t["value"] is not None for t in towns):
                return period, towns
    return (county[-1]["period"] if county else ""), []


def _town_chart(indicator: Row, towns: list[Row], period: str, language: str) -> Markup:
    bars = [charts.Point(t["area_name"], t["value"]) for t in towns]
    name = indicator["name_zh"] if language == "zh" else indicator["name_en"]
    summary = _say(
        language, "各乡镇数值见下表", "the table below holds the same figures"
    )
    title = f"{name} {period_name(period, language)}"
    return Markup(  # noqa: S704 - text is escaped where it is drawn
        charts.bar_chart(title, summary, indicator["unit"], bars)
    )


def _value_row(row: Row, indicator: Row, edition: Edition, language: str) -> list[str]:
    claim = edition.targets.get(row["target_claim_id"] or "")
    return [
        period_name(row["period"], language),
        wording.number(row["value"], indicator["unit"], *wording.missed(row, claim)),
        wording.target(claim, row["target"], language) or "—",
        "—" if row["n"] is None else f"{row['n']:,}",
        wording.state(row["status"], language),
        row["quality"],
        wording.reason(row["null_reason"], language) or _note(row, language),
    ]


def _town_row(row: Row, indicator: Row, language: str) -> list[str]:
    return [
        row["area_name"],
        wording.number(row["value"], indicator["unit"], *wording.missed(row, None)),
        "—" if row["n"] is None else f"{row['n']:,}",
        wording.reason(row["null_reason"], language),
    ]


def _vintages(
    edition: Edition, indicator: Row, seen: history.History, language: str
) -> list[list[str]]:
    found = history.changed(seen, indicator["indicator_id"], COUNTY)
    now = {r["period"]: r for r in edition.county(indicator["indicator_id"])}
    rows = []
    for one in found:
        claim = edition.targets.get(one["target_claim_id"] or "")
        current = now.get(one["period"])
        if one["withdrawn_at"]:
            standing = _say(language, "已撤回", "withdrawn")
        elif current and current["value"] == one["value"]:
            standing = _say(language, "现在公布", "in force")
        else:
            standing = _say(language, "当时公布", "as published then")
        rows.append(
            [
                period_name(one["period"], language),
                str(one["published_at"])[:16].replace("T", " "),
                one["release_id"],
                wording.number(
                    one["value"], indicator["unit"], *wording.missed(one, claim)
                ),
                wording.target(claim, one["target"], language) or "—",
                one["formula_version"],
                standing,
            ]
        )
    return rows


def _counts(row: Row, indicator: Row, language: str) -> str:
    if row["numerator"] is None or row["denominator"] is None or row["n"] is None:
        return ""
    excluded = row["excluded"] or 0
    return _say(
        language,
        f"分子 {row['numerator']:,.10g}，分母 {row['denominator']:,.10g}，"
        f"依据 {row['n']:,} 条记录，剔除 {excluded:,} 条",
        f"Numerator {row['numerator']:,.10g}, denominator {row['denominator']:,.10g}, "
        f"{row['n']:,} records, {excluded:,} left out",
    )


def _note(row: Row, language: str) -> str:
    notes = {"carried_forward": ("沿用最近一次测绘", "last survey carried forward")}
    note = row["note"] or ""
    zh, en = notes.get(note, (note, note))
    return zh if language == "zh" else en


def _claim_status(status: str, language: str) -> str:
    said = {
        "effective": ("采用", "in force"),
        "recorded": ("另有记载", "also on record"),
        "superseded": ("已被取代", "superseded"),
    }
    zh, en = said.get(status, (status, status))
    return zh if language == "zh" else en


def _tick(period: str) -> str:
    return period[2:] if "-" in period else period


def _say(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en
