"""Workflow: the steps of a release, and what each needs to have before."""

import shutil
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from cityledger import calendar
from cityledger.errors import UsageError
from cityledger.files import sync, write_text
from cityledger.locks import writer
from cityledger.release import checklist, draft, journal, proof, rules, shelf, signers
from cityledger.release.files.metadata import sha256
from cityledger.release.journal import AGREED, Entry, Outcome, Step
from cityledger.release.personal import Scanner
from cityledger.release.personal import names as personal_names
from cityledger.release.public_file import cell_changes_of, changes_of
from cityledger.release.rules import WorkflowError
from cityledger.release.shelf import Release
from cityledger.settings import DataDir, Settings

DUE_WORKDAYS: Final = 20
REMINDERS: Final = (10, 15)


@dataclass(frozen=True)
class Decision:
    """What a reviewer decided."""

    by: str
    outcome: Outcome = "同意公开"
    comment: str = ""
    article: str = ""


@dataclass(frozen=True)
class Deadline:
    """When a signed release must be out, and when to say so."""

    release_id: str
    signed_on: date
    remind_on: tuple[date, ...]
    due_on: date
    published_on: date | None

    def says(self, day: date) -> str:
        """Return what there is to say on a day, or nothing."""
        if self.published_on and self.published_on <= day:
            return ""
        if day > self.due_on:
            return f"{self.release_id} 已超过公开期限 {self.due_on}，请立即发布"
        due = [n for n, on in zip(REMINDERS, self.remind_on, strict=True) if on <= day]
        if due:
            return (
                f"{self.release_id} 签发已满 {due[-1]} 个工作日，"
                f"公开期限 {self.due_on}，请发布"
            )
        return ""


def sign_warnings(
    settings: Settings, release: Release, decision: Decision, now: datetime
) -> list[str]:
    """Put a name to the warnings of the checklist."""
    if not decision.comment.strip():
        raise UsageError("签认提醒要写明理由（--comment）")
    folders = settings.folders
    with writer(folders):
        release = _opened(folders, release)
        by = signers.require(folders, decision.by, "签认提醒")
        report = checklist.check(settings, release, now)
        signed = [f"{f.code} {f.text}" for f in report.unsigned]
        if signed:
            _record(
                release,
                Entry(
                    0, "签认提醒", by, now, comment=decision.comment,
                    details={"seals": [f.seal for f in report.unsigned],
                             "warnings": signed},
                ),
            )  # fmt: skip
    return signed


def review(
    settings: Settings, release: Release, step: Step, decision: Decision, now: datetime
) -> Entry:
    """Record a reviewer's decision on exactly this content."""
    folders = settings.folders
    with writer(folders):
        release = _opened(folders, release)
        rules.require_turn(release.entries, step)
        by = signers.require(folders, decision.by, step)
        rules.require_next(release.entries, step, by)
        _require_grounds(release, decision)
        if decision.outcome in AGREED:
            _require_clean(settings, release, step, now)
        return _record(
            release,
            Entry(
                0, step, by, now, decision.outcome, decision.comment, decision.article
            ),
        )


def publish(
    settings: Settings, release: Release, by: str, at: datetime | None, now: datetime
) -> Release:
    """Decide that a signed release goes out, now or at a set time.

    Run again after it was killed: a time that was set then stays set.
    """
    folders = settings.folders
    with writer(folders):
        release = _opened(folders, release)
        by = signers.require(folders, by or signers.SYSTEM, "发布")
        rules.require_next(release.entries, "发布", by)
        _require_same_content(release)
        report = checklist.check(settings, release, now)
        _refuse(report, report.errors, "不能发布")
        moment = max(now, at or release.published_at or now)
        _seal(release, moment)
        _record(
            release,
            Entry(0, "发布", by, now, details={"published_at": moment.isoformat()}),
        )
        shelved = _shelve(folders, release)
        complete(folders, now)
        return shelved


def complete(folders: DataDir, now: datetime) -> None:
    """Write in each release what became of it, where a killed publication did not."""
    known = {release.release_id: release for release in shelf.decided(folders)}
    for release in known.values():
        before = known.get(release.contents["previous"])
        if before:
            _note_successor(before, release, now)


def withdraw(
    settings: Settings,
    release: Release,
    decision: Decision,
    now: datetime,
    *,
    erase: bool = False,
) -> Entry:
    """Withdraw a published release; its address keeps answering, with the reason."""
    if not decision.comment.strip():
        raise UsageError("撤回要写明原因（--reason）")
    _require_sayable(settings, decision.comment, decision.article)
    folders = settings.folders
    with writer(folders):
        release = Release(release.folder)
        by = signers.require(folders, decision.by, "撤回")
        if not release.published_at:
            raise WorkflowError(f"{release.release_id} 没有发布过，不需要撤回")
        if release.is_erased or (release.withdrawal and not erase):
            # Killed between the step and its end: whoever comes back vouches for it.
            journal.settle(release.steps)
            raise WorkflowError(
                f"{release.release_id} 已经撤回过；网站还没有更新时请运行 "
                "cityledger release export"
            )
        if erase:
            _require_unquoted(folders, release)
        return _record(
            release,
            Entry(
                0, "撤回", by, now, comment=decision.comment, article=decision.article,
                details={"erase": erase},
            ),
        )  # fmt: skip


def deadline(release: Release) -> Deadline | None:
    """Return the dates that signing set going: twenty working days by the calendar."""
    signed = release.last("签发")
    if not signed or signed.outcome not in AGREED:
        return None
    day = signed.at.date()
    published = release.published_at
    return Deadline(
        release.release_id,
        day,
        tuple(calendar.add_workdays(day, count) for count in REMINDERS),
        calendar.add_workdays(day, DUE_WORKDAYS),
        published.date() if published else None,
    )


def _require_sayable(settings: Settings, *said: str) -> None:
    """Refuse personal data in words that citizens will read at once."""
    scanner = Scanner(personal_names(settings.folders))
    for text in said:
        for one in scanner.scan(text, ""):
            if one.level == "error":
                raise UsageError(
                    f"这段文字会公开，其中有疑似个人信息：{one.kind} {one.masked}；"
                    "请改写"
                )


def _require_unquoted(folders: DataDir, release: Release) -> None:
    """Refuse to erase what the next release still tells as its old values."""
    for later in shelf.decided(folders):
        if later.contents["previous"] != release.release_id or later.is_erased:
            continue
        told = [c["old_value"] for c in changes_of(later)]
        cells = [c["old"] or draft.UNSAID for c in cell_changes_of(later)]
        if any(v is not None for v in told) or set(cells) - {draft.UNSAID}:
            raise WorkflowError(
                f"{later.release_id} 的变更清单写有 {release.release_id} 的旧值；"
                f"请先用 withdraw --erase 撤下 {later.release_id}，再撤下本版，"
                "然后重新编制"
            )


def _opened(folders: DataDir, release: Release) -> Release:
    """Return the open draft as it is now: another process may just have signed it."""
    opened = shelf.draft(folders)
    if not opened or opened.release_id != release.release_id:
        raise WorkflowError(f"{release.release_id} 不是在办的草案")
    return opened


def _record(release: Release, entry: Entry) -> Entry:
    """Write a step that may be taken, on the content that was drafted."""
    rules.require_next(release.entries, entry.step, entry.by)
    content = release.entries[0].content_sha256
    return journal.append(release.steps, replace(entry, content_sha256=content))


def _require_grounds(release: Release, decision: Decision) -> None:
    if decision.outcome not in journal.OUTCOMES:
        raise UsageError(
            f"没有结论 {decision.outcome}；可选：{'、'.join(journal.OUTCOMES)}"
        )
    if decision.outcome == "不予公开" and not (
        decision.article.strip() and decision.comment.strip()
    ):
        raise UsageError("不予公开要写明理由（--comment）和条款（--article）")
    withheld = release.contents["withheld_by_review"]["items"]
    if decision.outcome == "区分处理后公开" and not withheld:
        raise WorkflowError(
            "草案没有作区分处理；请用 cityledger release draft --withhold 指标或数据集 "
            "--article 条款 --replace 重新编制后再审"
        )


def _require_same_content(release: Release) -> None:
    contents = sha256(release.object / shelf.CONTENTS)
    if any(e.content_sha256 != contents for e in release.entries):
        raise WorkflowError("审查以后内容被改动过；请重新编制")


def _require_clean(
    settings: Settings, release: Release, step: Step, now: datetime
) -> None:
    _require_same_content(release)
    report = checklist.check(settings, release, now)
    if step == "个人信息审查":
        _refuse(report, report.personal, "个人信息审查不能通过")
    else:
        _refuse(report, report.errors, f"{step}不能通过")
    if step == "签发" and report.unsigned:
        _refuse(report, report.unsigned, "提醒还没有签认，不能签发")


def _refuse(
    report: checklist.Report, found: list[checklist.Finding], verdict: str
) -> None:
    if found:
        said = "\n".join(f"  · {f.code} {f.text}" for f in found[:10])
        raise WorkflowError(f"{report.release_id} {verdict}：\n{said}")


def _seal(release: Release, published_at: datetime) -> None:
    """Write the manifest and the sums, and take away the right to write."""
    write_text(release.object / shelf.MANIFEST, proof.manifest(release, published_at))
    files = sorted(
        p for p in release.object.rglob("*") if p.is_file() and p.name != shelf.SUMS
    )
    sums = "".join(
        f"{sha256(p)}  {p.relative_to(release.object).as_posix()}\n" for p in files
    )
    write_text(release.object / shelf.SUMS, sums)
    for path in [*files, release.object / shelf.SUMS]:
        path.chmod(0o444)
        sync(path)


def _shelve(folders: DataDir, release: Release) -> Release:
    place = folders.releases / "published" / release.release_id
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        raise WorkflowError(f"{release.release_id} 已经发布过")
    shutil.move(release.folder, place)
    sync(place.parent)
    return Release(place)


def _note_successor(before: Release, release: Release, now: datetime) -> None:
    """Write in the release before what became of it: corrected, or put away."""
    if any(e.details.get("by_release") == release.release_id for e in before.entries):
        return
    changed = release.contents["changes"]
    is_correcting = bool(changed.get("更正") or changed.get("修订"))
    step: Step = "更正" if is_correcting else "归档"
    _record(
        before,
        Entry(0, step, signers.SYSTEM, now, comment=f"由 {release.release_id} 接替",
              details={"by_release": release.release_id, "changes": changed}),
    )  # fmt: skip
