"""Journal: who did which step of a release, when, with what outcome; only added to.

Each entry carries the fingerprint of the one before it and of the content that was
judged, so an entry that is changed or taken out is noticed. The newest one's stands
beside the folder, as `sha256sum` writes it: taking out the end breaks no chain.
Nothing here is keyed: whoever may write the folder can write all of it anew, so a
journal is believed together with what others recorded of it (`proof`).
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from cityledger.errors import REFUSED, OperatorError
from cityledger.files import write_text
from cityledger.text import clean

Step = Literal[
    "编制", "数据核对", "个人信息审查", "保密审查", "签发", "发布", "签认提醒",
    "更正", "撤回", "作废", "归档", "导出", "登记", "停用",
]  # fmt: skip
Outcome = Literal["同意公开", "区分处理后公开", "不予公开", "送审", ""]

REVIEWS: Final[tuple[Step, ...]] = ("数据核对", "个人信息审查", "保密审查", "签发")
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "同意公开", "区分处理后公开", "不予公开", "送审",
)  # fmt: skip
AGREED: Final = ("同意公开", "区分处理后公开")
ROLES: Final[dict[str, str]] = {
    "编制": "编制人",
    "数据核对": "数据核对人",
    "个人信息审查": "个人信息审查人",
    "保密审查": "保密审查人",
    "签发": "签发人",
}


class JournalError(OperatorError):
    """The journal has been changed after it was written."""

    exit_code = REFUSED


@dataclass(frozen=True)
class Entry:
    """One step; times are county local."""

    number: int
    step: Step
    by: str
    at: datetime
    outcome: Outcome = ""
    comment: str = ""
    article: str = ""
    content_sha256: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    previous_sha256: str = ""


def append(folder: Path, entry: Entry) -> Entry:
    """Write the next step; its number and the link to the one before are set here.

    Its words are cleaned here at the latest: what is written stays for good. The caller
    holds the writer's lock.
    """
    known = read(folder)
    if known and entry.at < known[-1].at:
        raise JournalError(
            f"本机时间 {entry.at:%Y-%m-%d %H:%M:%S} 早于上一步 "
            f"{known[-1].at:%Y-%m-%d %H:%M:%S}（{folder}）；请先校准本机时间"
        )
    previous = digest(_file(folder, len(known))) if known else ""
    written = replace(
        entry,
        number=len(known) + 1,
        by=clean(entry.by),
        comment=clean(entry.comment),
        article=clean(entry.article),
        previous_sha256=previous,
    )
    text = json.dumps(asdict(written), ensure_ascii=False, indent=1, default=str)
    path = _file(folder, written.number)
    write_text(path, text + "\n")
    write_text(_end(folder), f"{digest(path)}  {folder.name}/{path.name}\n")
    return written


def read(folder: Path) -> list[Entry]:
    """Return the steps in order; a broken chain is an error."""
    entries: list[Entry] = []
    previous = ""
    for number, path in enumerate(sorted(folder.glob("[0-9]*.json")), start=1):
        entry = _parsed(path)
        if (
            path != _file(folder, number)
            or (entry.number, entry.previous_sha256) != (number, previous)
            or (entries and entry.at < entries[-1].at)
        ):
            raise JournalError(f"流程记录 {path} 被改动过，或缺少前一步，或时间倒退")
        entries.append(entry)
        previous = digest(path)
    # Killed between the two writes: the end is one entry behind.
    known = {previous, entries[-1].previous_sha256} - {""} if entries else {""}
    if _end_of(folder) not in known:
        raise JournalError(f"流程记录 {folder} 缺少最后一步，或末尾记录被改动过")
    return entries


def is_settled(folder: Path) -> bool:
    """Say whether the end names the last step: not where a writer was killed."""
    known = digests(folder)
    return not known or _end_of(folder) == known[-1]


def settle(folder: Path) -> None:
    """Write the end that a killed writer did not; for somebody who has looked."""
    known = read(folder)
    if known and not is_settled(folder):
        path = _file(folder, len(known))
        write_text(_end(folder), f"{digest(path)}  {folder.name}/{path.name}\n")


def digests(folder: Path) -> list[str]:
    """Return the fingerprint of each step, in order."""
    return [digest(path) for path in sorted(folder.glob("[0-9]*.json"))]


def digest(path: Path) -> str:
    """Return a file's fingerprint."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _parsed(path: Path) -> Entry:
    if path.is_symlink():
        raise JournalError(f"流程记录 {path} 是链接，不是文件")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        entry = Entry(**{**raw, "at": datetime.fromisoformat(raw["at"])})
        said = (entry.step, entry.by, entry.outcome, entry.comment, entry.article)
        is_sound = all(isinstance(one, str) for one in said) and entry.at.tzinfo is None
    except (ValueError, TypeError, KeyError):
        is_sound = False
    if not is_sound or not isinstance(entry.details, dict):
        raise JournalError(f"流程记录 {path} 读不出来，被改动过")
    return entry


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:04d}.json"


def _end_of(folder: Path) -> str:
    return (
        _end(folder).read_text(encoding="utf-8")[:64] if _end(folder).exists() else ""
    )


def _end(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.sha256")
