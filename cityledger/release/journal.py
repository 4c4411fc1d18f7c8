"""Journal: who did which step of a release, when, with what outcome; only added to.

Each entry carries the fingerprint of the one before it and of the content that was
judged, so an entry that is changed or taken out is noticed. The newest one's stands
beside the folder, as `sha256sum` writes it: taking out the end breaks no chain.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from cityledger.errors import OperatorError
from cityledger.files import write_text

Step = Literal[
    "编制", "数据核对", "个人信息审查", "保密审查", "签发", "发布", "签认提醒",
    "更正", "撤回", "作废", "归档",
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
    """Write the next step; its number and the link to the one before are set here."""
    known = read(folder)
    previous = _digest(_file(folder, len(known))) if known else ""
    written = Entry(
        **{
            **asdict(entry),
            "number": len(known) + 1,
            "previous_sha256": previous,
        }
    )
    text = json.dumps(asdict(written), ensure_ascii=False, indent=1, default=str)
    path = _file(folder, written.number)
    write_text(path, text + "\n")
    write_text(_end(folder), f"{_digest(path)}  {folder.name}/{path.name}\n")
    return written


def read(folder: Path) -> list[Entry]:
    """Return the steps in order; a broken chain is an error."""
    entries: list[Entry] = []
    previous = ""
    for number, path in enumerate(sorted(folder.glob("[0-9]*.json")), start=1):
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["at"] = datetime.fromisoformat(raw["at"])
        entry = Entry(**raw)
        if entry.number != number or entry.previous_sha256 != previous:
            raise JournalError(f"流程记录 {path} 被改动过或缺少前一步")
        entries.append(entry)
        previous = _digest(path)
    end = _end(folder).read_text(encoding="utf-8")[:64] if _end(folder).exists() else ""
    # Killed between the two writes: the end is one entry behind.
    known = {previous, entries[-1].previous_sha256} - {""} if entries else {""}
    if end not in known:
        raise JournalError(f"流程记录 {folder} 缺少最后一步，或末尾记录被改动过")
    return entries


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:04d}.json"


def _end(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.sha256")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
