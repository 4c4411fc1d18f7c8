"""Workflow: who may do which step of a release, and what it needs to have before."""

import json
import shutil
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from cityledger import calendar
from cityledger.calendar import COUNTY_TIME
from cityledger.errors import REFUSED, OperatorError, UsageError
from cityledger.files import sync, write_text
from cityledger.locks import writer
from cityledger.release import checklist, draft, journal, shelf
from cityledger.release.files.metadata import sha256
from cityledger.release.journal import (
    AGREED,
    REVIEWS,
    Entry,
    JournalError,
    Outcome,
    Step,
)
from cityledger.release.personal import Scanner
from cityledger.release.personal import names as personal_names
from cityledger.release.public_file import cell_changes_of, changes_of
from cityledger.release.shelf import Release
from cityledger.settings import DataDir, Settings

DUE_WORKDAYS: Final = 20
REMINDERS: Final = (10, 15)

# Whoever drafted must not be the one who finds it fit to leave the house.
_NOT_THE_DRAFTER: Final = ("保密审查", "签发")


class WorkflowError(OperatorError):
    """A step that is not allowed, or not yet."""

    exit_code = REFUSED


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
    _require_name(decision)
    if not decision.comment.strip():
        raise UsageError("签认提醒要写明理由（--comment）")
    report = checklist.check(settings, release, now)
    signed = [f"{f.code} {f.text}" for f in report.unsigned]
    if signed:
        entry = Entry(
            0, "签认提醒", decision.by.strip(), now, comment=decision.comment.strip(),
            content_sha256=release.entries[0].content_sha256,
            details={"seals": [f.seal for f in report.unsigned], "warnings": signed},
        )  # fmt: skip
        journal.append(release.steps, entry)
    return signed


def review(
    settings: Settings, release: Release, step: Step, decision: Decision, now: datetime
) -> Entry:
    """Record a reviewer's decision on exactly this content."""
    folders = settings.folders
    with writer(folders):
        _require_open(folders, release)
        _require_turn(release, step)
        _require_duties(release, step, decision)
        _require_grounds(release, decision)
        if decision.outcome in AGREED:
            _require_clean(settings, release, step, now)
        return journal.append(
            release.steps,
            Entry(
                0, step, decision.by.strip(), now, decision.outcome,
                decision.comment.strip(), decision.article.strip(),
                release.entries[0].content_sha256,
            ),
        )  # fmt: skip


def publish(
    settings: Settings, release: Release, by: str, at: datetime | None, now: datetime
) -> Release:
    """Decide that a signed release goes out, now or at a set time.

    Run again after it was killed: a time that was set then stays set.
    """
    folders = settings.folders
    with writer(folders):
        _require_open(folders, release)
        if len(release.roles) < len(REVIEWS):
            missing = [s for s in REVIEWS if journal.ROLES[s] not in release.roles]
            raise WorkflowError(f"还没有完成：{'、'.join(missing)}")
        _require_same_content(release)
        report = checklist.check(settings, release, now)
        _refuse(report, report.errors, "不能发布")
        moment = max(now, at or release.published_at or now)
        entry = Entry(
            0, "发布", by.strip() or "系统", now, comment="",
            content_sha256=release.entries[0].content_sha256,
            details={"published_at": moment.isoformat()},
        )  # fmt: skip
        _seal(release, moment)
        journal.append(release.steps, entry)
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
    _require_name(decision)
    if not decision.comment.strip():
        raise UsageError("撤回要写明原因（--reason）")
    _require_sayable(settings, decision.comment, decision.article)
    with writer(settings.folders):
        if not release.published_at:
            raise WorkflowError(f"{release.release_id} 没有发布过，不需要撤回")
        if release.is_erased or (release.withdrawal and not erase):
            raise WorkflowError(
                f"{release.release_id} 已经撤回过；网站还没有更新时请运行 "
                "cityledger release export"
            )
        if erase:
            _require_unquoted(settings.folders, release)
        return journal.append(
            release.steps,
            Entry(
                0, "撤回", decision.by.strip(), now, comment=decision.comment.strip(),
                article=decision.article.strip(), details={"erase": erase},
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


def verify(release: Release) -> list[str]:
    """Return what is wrong with a release's files, sums and journal."""
    try:
        _ = release.entries
    except JournalError as error:
        return [str(error)]
    wrong = [f"文件与清单不符：{path}" for path in checklist.tampered(release)]
    manifest = release.object / shelf.MANIFEST
    published = release.last("发布")
    if published:
        sums = release.object / shelf.SUMS
        if not manifest.exists() or not sums.exists():
            return [*wrong, "缺少 manifest.json 或 SHA256SUMS"]
        wrong += _against_the_sums(release)
        at = datetime.fromisoformat(published.details["published_at"])
        if manifest.read_text(encoding="utf-8") != _manifest(release, at):
            wrong.append("manifest.json 与内容清单或流程记录不符")
    contents = sha256(release.object / shelf.CONTENTS)
    wrong += [
        f"第 {entry.number} 步（{entry.step}）审的不是现在的内容"
        for entry in release.entries
        if entry.content_sha256 and entry.content_sha256 != contents
    ]
    return wrong


def _against_the_sums(release: Release) -> list[str]:
    text = (release.object / shelf.SUMS).read_text(encoding="utf-8")
    listed = {
        path: digest
        for digest, _, path in (line.partition("  ") for line in text.splitlines())
    }
    there = {
        p.relative_to(release.object).as_posix(): p
        for p in release.object.rglob("*")
        if p.is_file() and p.name != shelf.SUMS
    }
    return [
        f"校验值不符：{path}"
        for path in sorted(listed.keys() | there.keys())
        if path not in there or listed.get(path) != sha256(there[path])
    ]


def same_person(one: str, other: str) -> bool:
    """Say whether two names are one person's, however they are typed."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(plain.split())


def _require_name(decision: Decision) -> None:
    if not _folded(decision.by):
        raise UsageError("要写明办理人（--by）")


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


def _require_open(folders: DataDir, release: Release) -> None:
    opened = shelf.draft(folders)
    if not opened or opened.release_id != release.release_id:
        raise WorkflowError(f"{release.release_id} 不是在办的草案")


def _require_turn(release: Release, step: Step) -> None:
    if step not in REVIEWS:
        raise UsageError(f"没有步骤 {step}；可选：{'、'.join(REVIEWS)}")
    for before in REVIEWS[: REVIEWS.index(step)]:
        entry = release.last(before)
        if not entry or entry.outcome not in AGREED:
            raise WorkflowError(f"{step}之前要先完成{before}")
    refused = [s for s in REVIEWS if (e := release.last(s)) and e.outcome == "不予公开"]
    if refused:
        raise WorkflowError(f"{refused[0]}的结论是不予公开，本草案到此为止；请重新编制")


def _require_duties(release: Release, step: Step, decision: Decision) -> None:
    """Keep the drafter from clearing his own work, and four eyes on every release."""
    _require_name(decision)
    if step in _NOT_THE_DRAFTER and same_person(decision.by, release.drafted_by):
        raise WorkflowError(f"编制人不能办理{step}，请由另一人办理")
    checked = release.last("数据核对")
    if step == "签发" and checked and same_person(decision.by, checked.by):
        raise WorkflowError("数据核对人不能签发，请由另一人签发")


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
    if any(e.content_sha256 not in ("", contents) for e in release.entries):
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
    write_text(release.object / shelf.MANIFEST, _manifest(release, published_at))
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


def _manifest(release: Release, published_at: datetime) -> str:
    """Return the manifest: the contents, and who cleared them by the journal."""
    manifest: dict[str, Any] = {
        **release.contents,
        "contents_sha256": sha256(release.object / shelf.CONTENTS),
        "published_at": published_at.replace(tzinfo=COUNTY_TIME).isoformat(
            timespec="seconds"
        ),
        "reviews": [
            {
                "step": step,
                "role": journal.ROLES[step],
                "outcome": entry.outcome,
                "at": entry.at.replace(tzinfo=COUNTY_TIME).isoformat(
                    timespec="seconds"
                ),
            }
            for step in REVIEWS
            if (entry := release.last(step))
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1, default=str) + "\n"


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
    journal.append(
        before.steps,
        Entry(0, step, "系统", now, comment=f"由 {release.release_id} 接替",
              details={"by_release": release.release_id, "changes": changed}),
    )  # fmt: skip
