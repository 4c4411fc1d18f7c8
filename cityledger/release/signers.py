"""Signers: the register of who may take which step, under one account each.

A person is an account: small letters and digits, so that it cannot be typed in two
ways. The display name is only shown. The register is itself a journal: who was let in
or out, when, and by which user of this machine.
"""

import getpass
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cityledger.errors import REFUSED, OperatorError, UsageError
from cityledger.locks import writer
from cityledger.release import journal
from cityledger.release.journal import REVIEWS, Entry
from cityledger.settings import DataDir
from cityledger.text import clean

# The night drafts and a timetable publishes; neither clears anything.
SYSTEM: Final = "系统"
_OF_THE_SYSTEM: Final = ("编制", "发布", "更正", "归档", "作废")
DUTIES: Final = ("编制", *REVIEWS, "发布", "撤回", "更正")
# What goes with another duty.
_GOES_WITH: Final = {"签认提醒": "签发", "作废": "编制", "更正登记": "更正"}

_ACCOUNT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_BRACKETED: Final = re.compile(
    r"[(\[{（【〔「『《<][^)\]}）】〕」』》>]*[)\]}）】〕」』》>]?"
)


class SignerError(OperatorError):
    """This account may not do this."""

    exit_code = REFUSED


@dataclass(frozen=True)
class Signer:
    """Somebody on the register; times are county local."""

    account: str
    name: str
    duties: tuple[str, ...]
    since: datetime
    is_active: bool = True

    def __str__(self) -> str:
        return f"{self.name}（{self.account}）"


def account(text: str) -> str:
    """Return the one form of an account, or refuse what has none."""
    folded = text.strip().lower()
    if not text.isascii() or not _ACCOUNT.fullmatch(folded):
        raise UsageError(
            f"办理人要写登记的账号（小写字母、数字、.、_、-，2 至 32 位），不是姓名："
            f"{clean(text)}；"
            "用 cityledger release signer list 查看，signer add 登记"
        )
    return folded


def register(folders: DataDir) -> dict[str, Signer]:
    """Return everybody who was ever let in, by account."""
    return _among(journal.read(folders.signers))


def require(folders: DataDir, by: str, step: str) -> str:
    """Return the account that takes a step, which is one that may."""
    return require_among(journal.read(folders.signers), by, step)


def require_among(
    entries: Sequence[Entry], by: str, step: str, at: datetime | None = None
) -> str:
    """Return the account that takes a step, as the register stood at a moment."""
    if by.strip() == SYSTEM and step in _OF_THE_SYSTEM:
        return SYSTEM
    asked = account(by)
    known = _among([e for e in entries if at is None or e.at <= at]).get(asked)
    if not known or not known.is_active:
        raise SignerError(
            f"账号 {asked} 没有登记或已停用；由管理员运行 "
            f"cityledger release signer add {asked} --name 姓名"
        )
    duty = _GOES_WITH.get(step, step)
    if duty not in known.duties:
        raise SignerError(f"{known} 没有登记办理{duty}；可办理：{_said(known.duties)}")
    return asked


def add(folders: DataDir, signer: Signer, *, is_another_person: bool = False) -> Signer:
    """Let somebody in; a name that reads like another's needs to be vouched for."""
    wanted = replace(signer, account=account(signer.account), name=clean(signer.name))
    unknown = [duty for duty in wanted.duties if duty not in DUTIES]
    if unknown or not wanted.duties:
        raise UsageError(f"没有步骤 {_said(unknown)}；可选：{_said(DUTIES)}")
    if not reading(wanted.name):
        raise UsageError("姓名要有括号以外的文字（--name）")
    with writer(folders):
        _require_new(wanted, register(folders), is_another_person)
        _write(
            folders, "登记", wanted.since,
            {"account": wanted.account, "name": wanted.name,
             "duties": list(wanted.duties), "is_another_person": is_another_person},
        )  # fmt: skip
    return wanted


def remove(folders: DataDir, which: str, reason: str, now: datetime) -> Signer:
    """Let somebody out; what was signed stays signed."""
    asked = account(which)
    with writer(folders):
        known = register(folders).get(asked)
        if not known or not known.is_active:
            raise UsageError(f"没有在用的账号 {asked}")
        _write(folders, "停用", now, {"account": asked}, reason)
    return known


def reading(name: str) -> str:
    """Return how a name is read, without titles in brackets, signs or spaces.

    Traditional and simplified forms, other scripts' look-alikes and letters that cannot
    be seen come to one reading; so do two people of one sound, who are told apart by
    whoever registers them.
    """
    from text_unidecode import unidecode  # noqa: PLC0415 - only for this verb

    plain = _BRACKETED.sub("", unicodedata.normalize("NFKC", name))
    letters = "".join(one for one in plain if unicodedata.category(one)[0] in "LN")
    return "".join(str(unidecode(letters)).casefold().split())


def _among(entries: Sequence[Entry]) -> dict[str, Signer]:
    found: dict[str, Signer] = {}
    for entry in entries:
        which = str(entry.details.get("account", ""))
        if entry.step == "登记":
            name, duties = entry.details["name"], tuple(entry.details["duties"])
            found[which] = Signer(which, name, duties, entry.at)
        elif which in found:
            found[which] = replace(found[which], is_active=False)
    return found


def _require_new(
    wanted: Signer, known: dict[str, Signer], is_another_person: bool
) -> None:
    before = known.get(wanted.account)
    if before and before.is_active:
        raise UsageError(f"账号 {wanted.account} 已经登记给 {before.name}")
    if before and reading(before.name) != reading(wanted.name):
        raise UsageError(
            f"账号 {wanted.account} 曾登记给 {before.name}，不能改给别人；"
            "请用另一个账号"
        )
    alike = [] if is_another_person else list(_alike(wanted, known))
    if alike:
        raise SignerError(
            f"{wanted.name} 与已登记的 {_said(alike)} 读起来像同一个人；"
            "一人只能有一个账号。确实是另一个人时加 --another-person，会记入登记簿"
        )


def _alike(wanted: Signer, known: dict[str, Signer]) -> Iterator[str]:
    own = reading(wanted.name)
    for other in known.values():
        theirs = reading(other.name)
        if other.account != wanted.account and (own in theirs or theirs in own):
            yield str(other)


def _write(
    folders: DataDir,
    step: journal.Step,
    now: datetime,
    details: dict[str, object],
    comment: str = "",
) -> None:
    entry = Entry(0, step, _machine_user(), now, comment=comment, details=details)
    journal.append(folders.signers, entry)


def _machine_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "未知用户"


def _said(words: tuple[str, ...] | list[str]) -> str:
    return "、".join(words)
