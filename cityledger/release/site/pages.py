"""Pages: the overview, a release, and what stands beside the figures."""

import json
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from cityledger.county import COUNTY_NAME, PUBLISHER_EN
from cityledger.release import datasets, wording
from cityledger.release.changes import tally
from cityledger.release.corrections import Correction
from cityledger.release.files import metadata
from cityledger.release.opened import Row
from cityledger.release.shelf import Release
from cityledger.release.site import words
from cityledger.release.site.edition import Edition, badge_rows
from cityledger.release.site.indicator_page import (
    correction_rows,
    group_name,
    period_name,
    row_view,
)

if TYPE_CHECKING:
    from cityledger.release.site.render import Site, View

_CHANGES_SHOWN: Final = 300
_LABELS: Final = {
    ".csv": "CSV", "-excel.csv": "CSV（Excel）", ".json": "JSON", ".xlsx": "XLSX",
    ".parquet": "Parquet", ".csv-metadata.json": "CSVW",
}  # fmt: skip


def write_overview(
    site: "Site",
    view: "View",
    edition: Edition | None,
    *,
    below: str = "",
    notice: dict[str, Any] | None = None,
) -> None:
    """Write the list of indicators; for a release, also what it is made of."""
    from cityledger.release.site.render import as_json  # noqa: PLC0415 - each other

    language = view.language
    title = _say(language, "指标进展", "Progress of the indicators")
    values: dict[str, Any] = {
        "title": title, "structured": [], "is_release": bool(below),
        "lead": "", "groups": [], "tally": {}, "edition_files": [], "datasets": [],
        "change_rows": [], "change_note": "",
    }  # fmt: skip
    if edition:
        if below:
            values["title"] = _say(
                language, f"发布版 {edition.id}", f"Release {edition.id}"
            )
        values |= _overview(edition, language)
        values["structured"] = [
            as_json(metadata.schema_org(d["slug"], d, edition.about, language))
            for d in edition.release.contents["datasets"]
        ]
    if edition and below:
        values |= _release(edition, view, below)
    site.write(
        view, "index.html", "index.html", values,
        section="index" if not below else "releases",
        below=below, edition=edition, notice=notice,
    )  # fmt: skip


def write_standing(
    site: "Site", view: "View", latest: Edition | None, register: list[Correction]
) -> None:
    """Write the pages beside the figures."""
    language = view.language
    said = words.words(language)
    made: dict[str, dict[str, Any]] = {
        "datasets": _datasets(latest, view),
        "methodology": _methodology(language),
        "changes": _changes(site, view),
        "corrections": _corrections(register, language),
        "releases": _releases(site, view),
        "accessibility": {"parts": words.accessibility(language)},
        "contact": {"parts": words.contact(language, site.reach)},
    }
    for name, values in made.items():
        parts = [_part(part) for part in values.get("parts", [])]
        site.write(
            view, f"{name}.html", "page.html",
            {
                "title": said[name],
                "paragraphs": values.get("paragraphs", []),
                "parts": parts,
            },
            section=name, edition=latest,
        )  # fmt: skip


def write_gone(
    site: "Site", view: "View", latest: Edition | None, indicator: Row
) -> None:
    """Answer at an indicator's latest address when no release in force has it."""
    language, code = view.language, indicator["indicator_id"]
    name = indicator["name_zh" if language == "zh" else "name_en"]
    text = _say(
        language,
        "目前没有公布这项指标。以前公布过的数和撤回的原因见“历次发布”。",
        "This indicator is not published at present. Earlier figures, and why they are "
        "withdrawn, stand under Releases.",
    )
    site.write(
        view, f"indicators/{code}.html", "page.html",
        {"title": f"{code} {name}", "paragraphs": [text], "parts": []},
        section="index", edition=latest,
    )  # fmt: skip


def write_tombstone(
    site: "Site",
    view: "View",
    release: Release,
    notice: dict[str, Any] | None,
    below: str,
) -> None:
    """Write what is left of a release whose content may not be shown any more."""
    title = _say(
        view.language, f"发布版 {release.release_id}", f"Release {release.release_id}"
    )
    text = _say(
        view.language,
        "本版内容已撤下，不再提供。本页作为记录保留。",
        "The content of this release has been taken down. This page stays as a record.",
    )
    site.write(
        view, "index.html", "page.html",
        {"title": title, "paragraphs": [text], "parts": []},
        section="releases", below=below, notice=notice,
    )  # fmt: skip


def notice(site: "Site", view: "View", release: Release) -> dict[str, Any] | None:
    """Say on a release's pages that it was withdrawn or that a newer one exists."""
    language = view.language
    entry = release.withdrawal
    if entry:
        article = f"（{entry.article}）" if entry.article else ""
        return {
            "is_gone": True,
            "title": _say(language, "本版已撤回", "This release has been withdrawn"),
            "text": _say(
                language,
                f"{entry.at:%Y-%m-%d %H:%M} 撤回，原因：{entry.comment}{article}",
                f"Withdrawn on {entry.at:%Y-%m-%d %H:%M}: {entry.comment}{article}",
            ),
            "link": _say(language, "看最新数据", "See the newest figures")
            if site.latest
            else "",
        }
    if site.latest and site.latest.release_id != release.release_id:
        newer = site.latest.release_id
        return {
            "is_gone": False,
            "title": _say(language, "这是历史版本", "This is an older release"),
            "text": _say(
                language,
                f"这里是当时公布的数，原样保留。最新版本是 {newer}。",
                f"These figures stand as they were published. The newest is {newer}.",
            ),
            "link": _say(language, "看最新数据", "See the newest figures"),
        }
    return None


def published_corrections(
    register: list[Correction], editions: Iterable[Edition]
) -> list[Correction]:
    """Return the entries that a release has spoken of: others are not public yet."""
    notes = {
        str(row["note"]).split("：")[0].removeprefix("更正 ")
        for edition in editions
        for row in edition.values
        if str(row["note"] or "").startswith("更正 ")
    }
    return [entry for entry in register if entry.correction_id in notes]


def _overview(edition: Edition, language: str) -> dict[str, Any]:
    rows = [
        (indicator, edition.newest[indicator["indicator_id"]])
        for indicator in edition.indicators
        if indicator["indicator_id"] in edition.newest
    ]
    groups: dict[str, list[Row]] = {}
    for indicator, row in rows:
        group = group_name(indicator["group_zh"], language)
        groups.setdefault(group, []).append(row_view(edition, indicator, row, language))
    states = [row["status"] for _, row in rows]
    plain = states.count("描述性")
    met, short = states.count("达标"), states.count("未达标")
    period = period_name(edition.period, language)
    return {
        "groups": list(groups.items()),
        "tally": {
            "met": met, "short": short, "plain": plain,
            "unsure": len(states) - met - short - plain,
        },
        "lead": _say(
            language,
            f"截至 {period}的终报数，共 {len(rows)} 项指标；发布版 {edition.id}，"
            f"{edition.published} 公布，数据截至 {edition.as_of}。",
            f"Final figures up to {period}, {len(rows)} indicators. Release "
            f"{edition.id}, published {edition.published}, data as of {edition.as_of}.",
        ),
    }  # fmt: skip


def _release(edition: Edition, view: "View", below: str) -> dict[str, Any]:
    language = view.language
    base = "../" * (view.folder + below).count("/") + below
    shown = [c for c in edition.changes if c["kind"] != "首发"]
    counted = tally(edition.changes)
    said = _say(language, "，", ", ").join(
        f"{wording.kind(k, language)} {n}" for k, n in counted.items()
    )
    names = {
        "manifest.json": "manifest.json", "SHA256SUMS": "SHA256SUMS",
        "bulletin.docx": _say(language, "公报 Word", "Bulletin (Word)"),
        "bulletin.pdf": _say(language, "公报 PDF", "Bulletin (PDF)"),
        "changes.csv": _say(language, "变更清单 CSV", "Changes (CSV)"),
        "dataset_changes.csv": _say(
            language, "其他数据集变更 CSV", "Changes of other datasets (CSV)"
        ),
        "dictionary.csv": _say(language, "数据字典 CSV", "Data dictionary (CSV)"),
        "catalogue.jsonld": "DCAT 3",
    }  # fmt: skip
    return {
        "change_rows": [
            _change_row(c, edition, language) for c in shown[:_CHANGES_SHOWN]
        ],
        "change_note": _say(
            language, f"合计：{said or '无'}。全部变更见变更清单。",
            f"In all: {said or 'none'}. The full list is among the files.",
        ),
        "datasets": [_dataset(d, edition, language) for d in _entries(edition)],
        "edition_files": [(label, base + path) for path, label in names.items()],
    }  # fmt: skip


def _entries(edition: Edition) -> list[dict[str, Any]]:
    return list(edition.release.contents["datasets"])


def _dataset(entry: dict[str, Any], edition: Edition, language: str) -> dict[str, Any]:
    title = entry["title_zh"] if language == "zh" else entry["title_en"]
    return {
        "slug": entry["slug"],
        "title": f"{entry['catalogue']} {title}",
        "about": entry["about_zh"] if language == "zh" else entry["about_en"],
        "files": [
            {
                "path": f["path"],
                "label": _label(f["path"], entry["slug"]),
                "size": _size(f["bytes"]),
                "download": f"{COUNTY_NAME}_{entry['title_zh']}_{edition.period}_"
                f"v{edition.version}{_suffix(f['path'], entry['slug'])}",
            }
            for f in entry["files"]
        ],
    }


def _datasets(latest: Edition | None, view: "View") -> dict[str, Any]:
    language = view.language
    intro = _say(
        language,
        "全部数据无条件开放，可以自由使用，注明来源即可。CSV 为 UTF-8；"
        "用 Excel 打开请选带 BOM 的一种。空单元格表示没有数值，"
        "原因在 null_reason 或 is_suppressed。",
        "All data are open; please name the source. CSV is UTF-8; for Excel take the "
        "one with a BOM. An empty cell has no value; null_reason or is_suppressed says "
        "why.",
    )
    if not latest:
        return {"paragraphs": [intro]}
    dictionary = _dictionary(latest)
    base = "../" * view.folder.count("/") + "latest/"
    labels = (
        ("数据量", "更新频率") if language == "zh" else ("Rows", "Frequency")
    )  # fmt: skip
    made = [
        _dataset(entry, latest, language)
        | {
            "facts": list(
                zip(labels, (f"{entry['rows']:,}", entry["frequency"]), strict=True)
            ),
            "fields": [
                [name, field["type"], field["description"]]
                for name, field in dictionary[entry["slug"]].items()
            ],
        }
        for entry in _entries(latest)
    ]
    files = [
        (_say(language, "DCAT 3 目录", "DCAT 3 catalogue"), f"{base}catalogue.jsonld"),
        (
            _say(language, "数据字典 CSV", "Data dictionary (CSV)"),
            f"{base}dictionary.csv",
        ),
        (_say(language, "公报 PDF", "Bulletin (PDF)"), f"{base}bulletin.pdf"),
        (_say(language, "公报 Word", "Bulletin (Word)"), f"{base}bulletin.docx"),
        ("manifest.json", f"{base}manifest.json"),
        ("SHA256SUMS", f"{base}SHA256SUMS"),
    ]
    return {
        "paragraphs": [intro],
        "parts": [
            {
                "title": _say(language, "目录和公报", "Catalogue and bulletin"),
                "files": files,
            },
            {
                "title": _say(language, "数据集", "Datasets"),
                "paragraphs": [
                    _say(
                        language,
                        f"来源部门：{latest.release.contents['publisher']}。无条件开放。"
                        f"第 {latest.version} 版，{latest.published} 发布。",
                        f"Publisher: {PUBLISHER_EN}. Open access. Version "
                        f"{latest.version}, published {latest.published}.",
                    )
                ],
                "datasets": made,
            },
            _not_provided(latest, language),
        ],
    }


def _not_provided(latest: Edition, language: str) -> dict[str, Any]:
    """Say what one would look for here, and why it is not."""
    title = _say(language, "未提供的数据", "Not provided")
    review = latest.release.contents["withheld_by_review"]
    left_out = [
        [
            datasets.BY_SLUG[slug].catalogue,
            _say(language, datasets.BY_SLUG[slug].title_zh,
                 datasets.BY_SLUG[slug].title_en),
            _say(language, f"审查决定不公开（{review['article']}）",
                 f"withheld by review ({review['article']})")
            if slug in review["items"]
            else _say(language, "本版没有编入", "not part of this release"),
        ]
        for slug in latest.release.contents["left_out"]
    ]  # fmt: skip
    never = [
        [one.catalogue, _say(language, one.title_zh, one.title_en),
         _say(language, one.why_zh, one.why_en)]
        for one in datasets.MISSING
    ]  # fmt: skip
    head = ("编号", "数据", "原因") if language == "zh" else ("No.", "Data", "Reason")
    return {
        "title": title,
        "table": {
            "caption": title, "head": head, "rows": left_out + never, "numeric": (),
        },
    }  # fmt: skip


def _dictionary(edition: Edition) -> dict[str, dict[str, Row]]:
    text = (edition.release.object / "dictionary.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Row]] = json.loads(text)
    return found


def _methodology(language: str) -> dict[str, Any]:
    head = ("组成", "A", "B", "C", "达不到 C") if language == "zh" else (
        "Component", "A", "B", "C", "below C",
    )  # fmt: skip
    rule = {
        "title": _say(language, "质量等级怎么定", "How the quality grade is made"),
        "paragraphs": [
            _say(
                language,
                "每个指标和周期按下表取最差的一项。"
                "完整率低于 80% 或隔离率高于 20% 的数不公布。",
                "For each indicator and period the worst component decides. With "
                "completeness below 80 % or over 20 % of rows set aside the number is "
                "withheld.",
            )
        ],
        "table": {
            "caption": _say(language, "质量等级的界限", "Limits of the grades"),
            "head": head, "rows": badge_rows(language), "numeric": (),
        },
    }  # fmt: skip
    return {"parts": [*words.methodology(language), rule]}


def _changes(site: "Site", view: "View") -> dict[str, Any]:
    language = view.language
    parts = []
    room = _CHANGES_SHOWN
    for release in reversed(site.releases):
        if release.is_erased:
            continue
        edition = Edition(release)
        counted = tally(edition.changes)
        said = "，".join(f"{wording.kind(k, language)} {n}" for k, n in counted.items())
        shown = [c for c in edition.changes if c["kind"] != "首发"][:room]
        room -= len(shown)
        others = release.contents["dataset_changes"]
        if others:
            said += _say(language, f"；其他数据集 {others} 处", f"; datasets {others}")
        part: dict[str, Any] = {
            "title": f"{edition.id}（{edition.published}）",
            "paragraphs": [said or _say(language, "数值无变化", "no value changed"),
                           f"{_say(language, '原因：', 'Reason: ')}{edition.reason}"],
            "files": [(
                _say(language, "完整变更清单 CSV", "Full list (CSV)"),
                "../" * view.folder.count("/") + f"releases/{edition.id}/changes.csv",
            )],
        }  # fmt: skip
        if release.withdrawal:
            told = release.withdrawal.comment
            part["paragraphs"].append(
                _say(language, f"已撤回：{told}", f"withdrawn: {told}")
            )
        if shown:
            said_words = words.words(language)
            part["table"] = {
                "caption": f"{edition.id} {said_words['changes_caption']}",
                "head": said_words["changes_head"],
                "rows": [_change_row(c, edition, language) for c in shown],
                "numeric": (4, 5),
            }
        parts.append(part)
    return {
        "paragraphs": [
            _say(
                language,
                "每一版与上一版逐项比较得出的变更；首发的数不在此逐条列出。",
                "What each release changed, computed figure by figure; first releases "
                "are not listed one by one.",
            )
        ],
        "parts": parts,
    }


def _change_row(change: Row, edition: Edition, language: str) -> list[str]:
    code, area = str(change["indicator_id"]), str(change["area_code"])
    indicator = edition.defined.get(code, {})
    unit = indicator.get("unit", "")
    name = indicator.get("name_zh" if language == "zh" else "name_en", "")
    return [
        f"{code} {name}",
        period_name(change["period"], language),
        edition.area_names.get(area, area),
        wording.kind(change["kind"], language),
        wording.number(change["old_value"], unit, change["old_target"]),
        wording.number(change["new_value"], unit, change["new_target"]),
        change["reason"] or "",
    ]


def _corrections(register: list[Correction], language: str) -> dict[str, Any]:
    said = words.words(language)
    intro = _say(
        language,
        "已知有错并已公布更正的数。源头改正后，系统会发现并要求关闭登记。",
        "Figures known to be wrong and publicly corrected. Once the source is mended "
        "the entry must be closed.",
    )
    if not register:
        return {"paragraphs": [intro, _say(language, "目前没有。", "There are none.")]}
    part = {
        "title": said["corrections"],
        "table": {
            "caption": said["corrections"], "head": said["corrections_head"],
            "rows": correction_rows(register, language), "numeric": (3, 4),
        },
    }  # fmt: skip
    return {"paragraphs": [intro], "parts": [part]}


def _releases(site: "Site", view: "View") -> dict[str, Any]:
    language = view.language
    here = "" if not view.mode else "../"
    parts = []
    for release in reversed(site.releases):
        edition = Edition(release)
        entry = release.withdrawal
        facts = [
            f"{_say(language, '版本', 'Version')} {edition.version}",
            f"{_say(language, '公布时间', 'published')} {edition.published}",
            *([] if release.is_erased else [edition.reason]),
        ]
        if entry:
            facts.append(
                _say(
                    language, f"已撤回：{entry.comment}", f"withdrawn: {entry.comment}"
                )
            )
        parts.append(
            {
                "title": edition.id,
                "paragraphs": [" · ".join(facts)],
                "files": [
                    (
                        _say(language, f"打开 {edition.id}", f"Open {edition.id}"),
                        f"{here}releases/{edition.id}/index.html",
                    )
                ],
            }
        )
    return {
        "paragraphs": [
            _say(
                language, "每一版都保留在永久地址，内容不再改变。",
                "Every release stays at its permanent address and never changes.",
            )
        ],
        "parts": parts,
    }  # fmt: skip


def _part(part: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "paragraphs": [], "items": [], "table": None, "files": [], "datasets": [],
    }  # fmt: skip
    # `items` is also a method of a dict: the template must find ours.
    return {**empty, **part}


def _label(path: str, slug: str) -> str:
    return _LABELS.get(_suffix(path, slug), PurePosixPath(path).suffix)


def _suffix(path: str, slug: str) -> str:
    return PurePosixPath(path).name.removeprefix(slug)


def _size(size: int) -> str:
    return f"{size / 1024:,.0f} KB" if size >= 1024 else f"{size} B"  # noqa: PLR2004


def _say(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en
