"""Checklist: errors that block a release, warnings that somebody must sign."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from cityledger import calendar, versions
from cityledger.county import COUNTY
from cityledger.release import corrections, draft, proof, shelf
from cityledger.release.badge import Badges
from cityledger.release.figures import Figures, attack, figures, key_of
from cityledger.release.files.metadata import sha256
from cityledger.release.opened import Row, opened, public_columns
from cityledger.release.personal import Scanner, names
from cityledger.release.public_file import cell_changes_of, changes_of
from cityledger.release.shelf import Release
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS

_SHOWN: Final = 5
_BIG_REVISION: Final = 0.10
_TOWN_CODE: Final = 12
_PLACES: Final = ("area_code", "town_code")


@dataclass(frozen=True)
class Finding:
    """One point of the checklist."""

    code: str
    level: Literal["error", "warning"]
    text: str

    @property
    def seal(self) -> str:
        """What a signature binds to: the same code with other words is not signed."""
        return hashlib.sha256(f"{self.code}{self.text}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Report:
    """What the checklist found, and what of it has been signed."""

    release_id: str
    findings: tuple[Finding, ...]
    signed: frozenset[str]

    @property
    def errors(self) -> list[Finding]:
        """What blocks."""
        return [f for f in self.findings if f.level == "error"]

    @property
    def unsigned(self) -> list[Finding]:
        """Warnings that nobody has signed yet."""
        return [
            f
            for f in self.findings
            if f.level == "warning" and f.seal not in self.signed
        ]

    @property
    def personal(self) -> list[Finding]:
        """What concerns personal data."""
        return [f for f in self.errors if f.code.startswith("P")]


def check(settings: Settings, release: Release, now: datetime) -> Report:
    """Judge a draft."""
    folders = settings.folders
    findings = [*_integrity(release)]
    if not findings:
        findings += [
            *_base(folders, release),
            *_personal(folders, release),
            *_places(release),
            *_against_the_source(folders, release),
            *_datasets(release),
            *_figures(release),
            *_revisions(release),
            *_dates(now),
        ]
    signed = frozenset(
        seal
        for entry in release.entries
        if entry.step == "签认提醒"
        for seal in entry.details.get("seals", [])
    )
    return Report(release.release_id, tuple(findings), signed)


def lines(report: Report) -> list[str]:
    """Put a report into words."""
    said = [
        f"{'✗ 错误' if f.level == 'error' else '! 提醒'}  {f.code}  {f.text}"
        + ("（已签认）" if f.seal in report.signed else "")
        for f in report.findings
    ]
    if report.errors:
        verdict = f"有 {len(report.errors)} 个错误，不能发布"
    elif report.unsigned:
        verdict = (
            f"没有错误；{len(report.unsigned)} 条提醒要签认：cityledger release sign "
            f"{report.release_id} --by 账号 --comment 说明"
        )
    else:
        verdict = "没有错误，提醒都已签认"
    return [*said, verdict]


def _integrity(release: Release) -> Iterator[Finding]:
    drafted = release.entries[0].content_sha256
    if sha256(release.object / shelf.CONTENTS) != drafted:
        yield Finding("E01", "error", "内容清单与编制时不同，草案被改动过；请重新编制")
    wrong = proof.tampered(release)
    if wrong:
        yield Finding("E01", "error", f"文件与内容清单不符：{_few(wrong)}；请重新编制")


def _base(folders: DataDir, release: Release) -> Iterator[Finding]:
    decided = shelf.decided(folders)
    newest = shelf.latest(decided)
    if (newest.release_id if newest else None) != release.contents["previous"] or any(
        one.version >= release.version for one in decided
    ):
        yield Finding(
            "E02", "error", "编制以后最新的发布版已经不同，变更清单不再成立；请重新编制"
        )


def _personal(folders: DataDir, release: Release) -> Iterator[Finding]:
    scanner = Scanner(names(folders))
    for code, found in enumerate(_scan(scanner, release), start=1):
        level, kind, place, masked = found
        prefix = "P" if level == "error" else "W1"
        yield Finding(
            f"{prefix}{code:02d}",
            "error" if level == "error" else "warning",
            f"{place} 中有疑似个人信息：{kind} {masked}；"
            "请在源头改正或用 --withhold 不公开，再重新编制",
        )


def _scan(scanner: Scanner, release: Release) -> list[tuple[str, str, str, str]]:
    found: dict[tuple[str, str, str, str], None] = {}
    for place, text in _texts(release):
        for one in scanner.scan(text, place):
            found[one.level, one.kind, one.place, one.masked] = None
    return sorted(found)[:99]


def _texts(release: Release) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for entry in release.contents["datasets"]:
        for row in draft.read_table(release, entry["slug"]):
            for column, cell in row.items():
                place = f"{entry['title_zh']}.{column}"
                if cell is None or isinstance(cell, float | bool):
                    continue
                if (place, str(cell)) not in seen and column not in _PLACES:
                    seen.add((place, str(cell)))
                    yield place, str(cell)
    yield "发布原因", str(release.contents["reason"])
    yield "区分处理", str(release.contents["withheld_by_review"]["article"])
    for name in ("key", "old", "new"):
        told = {str(change[name] or "") for change in cell_changes_of(release)}
        yield from ((f"其他数据集变更.{name}", text) for text in sorted(told))
    reasons = {str(change["reason"] or "") for change in changes_of(release)}
    yield from (("变更清单.reason", reason) for reason in sorted(reasons))


def _places(release: Release) -> Iterator[Finding]:
    for entry in release.contents["datasets"]:
        finer = {
            str(row[column])
            for row in draft.read_table(release, entry["slug"])
            for column in _PLACES
            if row.get(column) and not _is_town(str(row[column]))
        }
        if finer:
            yield Finding(
                "E05", "error",
                f"{entry['title_zh']} 的地点细于乡镇：{_few(sorted(finer))}",
            )  # fmt: skip


def _is_town(code: str) -> bool:
    return len(code) == _TOWN_CODE and code.isdecimal() and code.endswith("000")


def _against_the_source(folders: DataDir, release: Release) -> Iterator[Finding]:
    """Compute the figures once more, and try to break the suppression."""
    register = corrections.read(folders)
    with opened(
        (folders.current / LEADERS).resolve(), public_columns(folders)
    ) as connection:
        badges = Badges(connection)
        fresh = figures(
            connection,
            release.contents["period"],
            badges,
            register,
            draft.hidden_before(folders),
        )
    drafted = {key_of(r): r for r in draft.read_table(release, "indicator_values")}
    moved = [
        row for row in fresh.rows
        if key_of(row) in drafted and row["value"] != drafted[key_of(row)]["value"]
    ]  # fmt: skip
    shown = versions.current(folders)
    if moved:
        yield Finding(
            "E03", "error",
            f"编制以后有 {len(moved)} 个数变了（{_few(_names(moved))}，数据截至 "
            f"{shown.as_of if shown else ''}）；请重新编制",
        )  # fmt: skip
    for entry in corrections.broken(register, fresh.ledger):
        yield Finding(
            "E04", "error",
            f"更正 {entry.correction_id} 要更正的错误（{entry.expect}）在源头已经改正；"
            f"请关闭：cityledger release correction close {entry.correction_id}",
        )  # fmt: skip
    given_away = attack(Figures(list(drafted.values()), fresh.ledger), badges)
    known = [key for key in given_away if key in drafted]
    if known:
        yield Finding(
            "E06",
            "error",
            f"{len(known)} 个隐去的件数能由其他单元格推出：{_few(known)}",
        )


def _datasets(release: Release) -> Iterator[Finding]:
    for slug, why in release.contents["left_out"].items():
        yield Finding("W20", "warning", f"数据集 {slug} 没有编入：{why}")
    for entry in release.contents["datasets"]:
        if not entry["rows"]:
            yield Finding("W21", "warning", f"数据集 {entry['title_zh']} 没有数据")


def _figures(release: Release) -> Iterator[Finding]:
    values = draft.read_table(release, "indicator_values")
    withheld = release.contents["withheld_figures"]
    if withheld:
        yield Finding(
            "W30", "warning",
            "质量不达公布标准，暂不公布："
            + _few([f"{i} {p}" for i, p in withheld]),
        )  # fmt: skip
    poor = [r for r in values if r["quality"] == "C" and r["area_code"] == COUNTY]
    if poor:
        yield Finding("W31", "warning", f"质量等级为 C：{_few(_names(poor))}")
    without = [
        r for r in values
        if r["area_code"] == COUNTY and r["value"] is None
        and r["null_reason"] not in ("suppressed", "withheld")
        and r["period"] == release.contents["period"]
    ]  # fmt: skip
    if without:
        yield Finding("W32", "warning", f"本期没有数值：{_few(_names(without))}")
    lacking = sorted({r["indicator_id"] for r in values if r["status"] == "数据不完整"})
    if lacking:
        yield Finding("W33", "warning", f"有周期数据不完整：{_few(lacking)}")


def _revisions(release: Release) -> Iterator[Finding]:
    previous = release.contents["previous"]
    if not previous:
        return
    before = shelf.Release(release.folder.parents[1] / "published" / previous)
    old = {key_of(r): r for r in draft.read_table(before, "indicator_values")}
    big = [
        row for row in draft.read_table(release, "indicator_values")
        if (was := old.get(key_of(row))) and _jumped(was["value"], row["value"])
    ]  # fmt: skip
    if big:
        yield Finding("W34", "warning", f"修订幅度超过 10%：{_few(_names(big))}")
    gone = release.contents["changes"].get("撤回", 0)
    if gone:
        yield Finding("W35", "warning", f"有 {gone} 个已公布的数不再公布")


def _jumped(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return False
    return abs(new - old) > _BIG_REVISION * max(abs(old), 1e-9)


def _dates(now: datetime) -> Iterator[Finding]:
    due = calendar.add_workdays(now.date(), 20)
    if not calendar.is_known(due):
        yield Finding(
            "W40",
            "warning",
            f"{due.year} 年节假日安排不在日历中，20 个工作日按周一至周五推算",
        )


def _names(found: list[Row]) -> list[str]:
    return [f"{r['indicator_id']} {r['period']} {r['area_code']}" for r in found]


def _few(things: list[object] | list[str] | list[tuple[str, str, str]]) -> str:
    listed = [str(thing) for thing in things]
    more = f" 等 {len(listed)} 处" if len(listed) > _SHOWN else ""
    return "、".join(listed[:_SHOWN]) + more
