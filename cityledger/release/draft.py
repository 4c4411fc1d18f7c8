"""Draft: make the immutable object of a release from what the leaders are shown."""

import csv
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cityledger import runs, versions
from cityledger.calendar import COUNTY_TIME
from cityledger.county import COUNTY_NAME, PUBLISHER
from cityledger.errors import NOTHING_NEW, OperatorError, UsageError
from cityledger.files import write_text
from cityledger.locks import writer
from cityledger.release import (
    changes,
    corrections,
    datasets,
    journal,
    shelf,
    signers,
)
from cityledger.release.badge import Badges
from cityledger.release.figures import (
    Figures,
    HiddenBefore,
    figures,
    key_of,
    newest_final_month,
)
from cityledger.release.files import bulletin, data, metadata
from cityledger.release.files.metadata import About, sha256
from cityledger.release.journal import Entry
from cityledger.release.opened import Row, dictionary, opened, public_columns
from cityledger.release.periods import last_month
from cityledger.release.personal import Scanner
from cityledger.release.personal import names as personal_names
from cityledger.release.shelf import Release
from cityledger.release.tables import Table, table
from cityledger.release.version import FIRST, Version, release_id
from cityledger.settings import DataDir, Settings
from cityledger.spreadsheet import inert
from cityledger.text import clean
from cityledger.versions import LEADERS

_CHANGED_CELLS: Final = "dataset_changes"
UNSAID: Final = "（疑似个人信息，不再显示）"


class ReleaseError(OperatorError):
    """There is nothing to release, or nothing to release it from."""


class NothingNewError(ReleaseError):
    """What could be released is what has been released."""

    exit_code = NOTHING_NEW


@dataclass(frozen=True)
class Order:
    """What is to be drafted, by whom and why."""

    by: str
    reason: str
    period: str = ""
    withhold: tuple[str, ...] = ()
    article: str = ""
    replaces: bool = False


@dataclass(frozen=True)
class _Material:
    """Everything a release is written from."""

    period: str
    as_of: str
    run_id: str
    figures: Figures
    tables: list[Table]
    left_out: dict[str, str]
    previous: Release | None
    version: Version
    changes: list[Row]
    cell_changes: list[Row] = field(default_factory=list)


def draft(settings: Settings, order: Order, now: datetime) -> Release:
    """Draft the next release; nothing of it can be seen outside."""
    folders = settings.folders
    order = replace(
        order,
        by=signers.require(folders, order.by, "编制"),
        reason=clean(order.reason),
        article=clean(order.article),
    )
    if not order.reason:
        raise UsageError("编制要写明原因（--reason）")
    if order.withhold and not order.article.strip():
        raise UsageError("区分处理要写明依据的条款（--article）")
    with writer(folders):
        open_draft = shelf.draft(folders)
        if open_draft and not order.replaces:
            raise ReleaseError(
                f"已有草案 {open_draft.release_id}（{open_draft.drafted_by} 编制）；"
                "先办完它，或加 --replace 作废后重新编制"
            )
        held_back = shelf.waiting(folders, now)
        if held_back:
            # Its figures would be the old values of the next one's change list.
            raise ReleaseError(
                f"{held_back[0].release_id} 还没有到公开时间；等它公开，或撤回后再编制"
            )
        material = _material(folders, order)
        building = folders.releases / ".building"
        shutil.rmtree(building, ignore_errors=True)
        _write(building / "object", material, order, settings, now)
        if open_draft:
            abandon(folders, open_draft, order.by, "重新编制", now)
        return _shelve(folders, building, material, order, now)


def abandon(
    folders: DataDir, release: Release, by: str, comment: str, now: datetime
) -> None:
    """Close a draft that comes to nothing; it is kept."""
    content = release.entries[0].content_sha256
    entry = Entry(0, "作废", by, now, comment=comment, content_sha256=content)
    journal.append(release.steps, entry)
    kept = folders.releases / "closed" / f"{release.release_id}-{now:%Y%m%dT%H%M%S%f}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    release.folder.rename(kept)


def read_table(release: Release, slug: str) -> list[Row]:
    """Return a dataset of a release, typed; empty when it was left out."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

    path = release.object / "data" / f"{slug}.parquet"
    rows: list[Row] = pq.read_table(path).to_pylist() if path.exists() else []
    return rows


def hidden_before(folders: DataDir) -> HiddenBefore:
    """Return what the newest release hides because it counts too few.

    A withdrawn one too: whoever has read it keeps its totals.
    """
    previous = next(reversed(shelf.decided(folders)), None)
    if not previous:
        return HiddenBefore()
    return HiddenBefore(
        frozenset(
            key_of(row)
            for row in read_table(previous, "indicator_values")
            if row["null_reason"] == "suppressed"
        ),
        {
            slug: frozenset(
                datasets.counted_place(row)
                for row in read_table(previous, slug)
                if row["is_suppressed"]
            )
            for slug in datasets.COUNTED
        },
    )


def _material(folders: DataDir, order: Order) -> _Material:
    shown = versions.current(folders)
    if not shown:
        raise ReleaseError("还没有发布过领导页数据；请先运行 cityledger nightly")
    described = dictionary(folders)
    leaders = (folders.current / LEADERS).resolve()
    with opened(leaders, public_columns(folders)) as connection:
        badges = Badges(connection)
        period = order.period or newest_final_month(connection)
        if not period:
            raise ReleaseError("还没有终报数可以公开")
        _refuse_going_back(folders, period)
        register = corrections.read(folders)
        found = figures(connection, period, badges, register, hidden_before(folders))
        found.rows = [r for r in found.rows if r["indicator_id"] not in order.withhold]
        if not found.rows:
            raise ReleaseError(f"到 {period} 为止没有终报数可以公开")
        made, left_out = datasets.make_all(connection, found, set(order.withhold))
    tables = [
        table(datasets.BY_SLUG[slug], rows, described) for slug, rows in made.items()
    ]
    return _with_changes(
        folders, _Material(
            period, str(shown.as_of), shown.run_id, found, tables, left_out,
            None, FIRST, [],
        ),
    )  # fmt: skip


def _refuse_going_back(folders: DataDir, period: str) -> None:
    """Refuse an earlier end than the newest release has: it would withdraw figures."""
    newest = shelf.latest(shelf.decided(folders))
    if newest and last_month(period) < last_month(newest.contents["period"]):
        raise UsageError(
            f"{period} 早于现行发布版的 {newest.contents['period']}；"
            "更正以前的数也用现行周期，版本里包含以前各期"
        )


def _with_changes(folders: DataDir, material: _Material) -> _Material:
    decided = shelf.decided(folders)
    previous = shelf.latest(decided)
    before = read_table(previous, "indicator_values") if previous else []
    reasons = {key_of(r): r["edition_reason"] or "" for r in material.figures.rows}
    withdrawn = decided[-1] if decided and not previous else None
    again = read_table(withdrawn, "indicator_values") if withdrawn else []
    found = changes.of_figures(
        "", before, material.figures.rows, reasons, {key_of(r) for r in again}
    )
    cells = [
        change
        for one in material.tables
        if previous and one.slug not in ("indicator_values", "sorting_coverage")
        for change in changes.of_rows(
            one.slug, one.keys, read_table(previous, one.slug), one.rows
        )
    ]
    gone = [
        entry["slug"]
        for entry in (previous.contents["datasets"] if previous else [])
        if entry["slug"] not in {one.slug for one in material.tables}
    ]
    if previous and not found and not cells and not gone:
        raise NothingNewError(f"与 {previous.release_id} 相比没有变化，不需要新版本")
    highest = max((r.version for r in decided), default=None)
    kinds = {c["kind"] for c in found} | {c["kind"] for c in cells}
    version = (
        highest.after(
            kinds | ({"撤回"} if gone else set()), redefines=changes.redefines(found)
        )
        if highest
        else FIRST
    )
    name = release_id(material.period, version)
    named = [{**change, "release_id": name} for change in found]
    cells = _without_personal(cells, Scanner(personal_names(folders)))
    return _Material(
        material.period, material.as_of, material.run_id, material.figures,
        material.tables, material.left_out, previous, version, named, cells,
    )  # fmt: skip


def _without_personal(cells: list[Row], scanner: Scanner) -> list[Row]:
    """Keep what was taken out for being personal from living on in the change list."""

    def told(text: str) -> str:
        return UNSAID if any(scanner.scan(text, "")) else text

    return [{**c, "key": told(c["key"]), "old": told(c["old"])} for c in cells]


def _write(
    folder: Path, material: _Material, order: Order, settings: Settings, now: datetime
) -> None:
    about = _about(material, order, settings)
    (folder / "data").mkdir(parents=True)
    for one in material.tables:
        _write_dataset(one, folder / "data", about)
    _write_changes(material, folder)
    metadata.write_dictionary(material.tables, folder)
    metadata.write_catalogue(material.tables, about, folder)
    by_slug = {one.slug: one.rows for one in material.tables}
    said = bulletin.compose(about, by_slug, material.changes)
    bulletin.write_docx(said, folder / "bulletin.docx")
    bulletin.write_pdf(said, folder / "bulletin.pdf")
    contents = _contents(folder, material, order, about, now)
    text = json.dumps(contents, ensure_ascii=False, indent=1, default=str)
    write_text(folder / shelf.CONTENTS, text + "\n")


def _write_dataset(one: Table, folder: Path, about: About) -> None:
    data.write_parquet(one, folder / f"{one.slug}.parquet")
    data.write_csv(one, folder / f"{one.slug}.csv")
    data.write_csv(one, folder / f"{one.slug}-excel.csv", for_excel=True)
    data.write_json(one, folder / f"{one.slug}.json")
    data.write_xlsx(
        one,
        folder / f"{one.slug}.xlsx",
        [
            ("数据集", one.title_zh),
            ("说明", one.about_zh),
            ("来源部门", PUBLISHER),
            ("更新频率", one.frequency),
            ("周期", about.period),
            ("版本", about.version),
            ("数据截至", about.as_of),
            ("发布原因", about.reason),
            ("永久地址", about.address),
            ("许可", metadata.LICENSE),
        ],
    )
    metadata.write_csvw(one, folder / f"{one.slug}.csv-metadata.json")


def _write_changes(material: _Material, folder: Path) -> None:
    lists: tuple[tuple[str, Iterable[str], list[Row]], ...] = (
        ("changes", changes.FIELDS, material.changes),
        (
            _CHANGED_CELLS,
            ("dataset", "key", "column", "old", "new", "kind"),
            material.cell_changes,
        ),
    )
    for name, columns, rows in lists:
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(columns), lineterminator="\r\n")
            out.writeheader()
            out.writerows({k: inert(v) for k, v in row.items()} for row in rows)
        text = json.dumps(rows, ensure_ascii=False, indent=1, default=str)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _about(material: _Material, order: Order, settings: Settings) -> About:
    months = material.figures.months or [last_month(material.period)]
    return About(
        release_id=release_id(material.period, material.version),
        version=str(material.version),
        previous=material.previous.release_id if material.previous else None,
        period=material.period,
        first_month=months[0],
        last_month=months[-1],
        as_of=material.as_of,
        reason=order.reason.strip(),
        base_url=settings.public_url,
    )


def _contents(
    folder: Path, material: _Material, order: Order, about: About, now: datetime
) -> dict[str, Any]:
    files = [
        _file(path, folder) for path in sorted(folder.rglob("*")) if path.is_file()
    ]
    by_slug = {
        one.slug: [f for f in files if _belongs(f["path"], one.slug)]
        for one in material.tables
    }
    in_datasets = {f["path"] for listed in by_slug.values() for f in listed}
    indicators = next(t.rows for t in material.tables if t.slug == "indicators")
    return {
        **asdict(about),
        "title": f"{COUNTY_NAME}城市管理指标",
        "publisher": PUBLISHER,
        "drafted_at": now.replace(tzinfo=COUNTY_TIME).isoformat(timespec="seconds"),
        "code_version": runs.code_version(),
        "run_id": material.run_id,
        "formula_versions": {
            r["indicator_id"]: r["formula_version"] for r in indicators
        },
        "target_claims": sorted(
            {
                r["target_claim_id"]
                for r in material.figures.rows
                if r["target_claim_id"]
            }
        ),
        "datasets": [
            {
                "slug": one.slug,
                "catalogue": one.catalogue,
                "title_zh": one.title_zh,
                "title_en": one.title_en,
                "about_zh": one.about_zh,
                "about_en": one.about_en,
                "frequency": one.frequency,
                "rows": len(one.rows),
                "files": by_slug[one.slug],
            }
            for one in material.tables
        ],
        "left_out": material.left_out,
        "withheld_by_review": {"items": list(order.withhold), "article": order.article},
        "suppressed_figures": len(material.figures.suppressed),
        "withheld_figures": sorted({(i, p) for i, p, _ in material.figures.withheld}),
        "changes": changes.tally(material.changes),
        "dataset_changes": len(material.cell_changes),
        "files": [f for f in files if f["path"] not in in_datasets],
    }


def _belongs(path: str, slug: str) -> bool:
    name = path.removeprefix("data/")
    return name != path and name.startswith((f"{slug}.", f"{slug}-excel."))


def _file(path: Path, folder: Path) -> dict[str, Any]:
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "media_type": metadata.media_type(path),
    }


def _shelve(
    folders: DataDir,
    building: Path,
    material: _Material,
    order: Order,
    now: datetime,
) -> Release:
    name = release_id(material.period, material.version)
    place = folders.releases / "draft" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = sha256(building / "object" / shelf.CONTENTS)
    journal.append(
        building / "steps",
        Entry(0, "编制", order.by, now, comment=order.reason, content_sha256=digest),
    )  # fmt: skip
    building.rename(place)
    return Release(place)
