"""XLSX cells: what a cell says, as the text of the contract.

A cell that holds no value (an error, a formula without its result, a date that no
calendar of ours has) is `Unreadable`: its text is told, never taken for a value.
"""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from cityledger.sources.file_content import shortened

_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)
_DAY_MS: Final = 86_400_000
_FARTHEST_SERIAL: Final = 1e6
# Excel counts a 29 February 1900 that never was; dates before it are a day further.
_EPOCH: Final = date(1899, 12, 30)
_EPOCH_1904: Final = date(1904, 1, 1)
_NO_SUCH_DAY: Final = 60
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_BOOLEANS: Final = {"1": "是", "true": "是", "0": "否", "false": "否"}
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULA_SHOWN: Final = 120

# Formats by number, as Excel has them in Chinese.
_TIMES: Final = {18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56}
_DATES: Final = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_ELAPSED: Final = 46
_NOT_A_SIGN: Final = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.I
)

DATE: Final = "date"
TIME: Final = "time"
ELAPSED: Final = "elapsed"


class Unreadable(str):
    """The text of a cell that holds no value."""

    __slots__ = ()


def format_kind(number: int, code: str | None) -> str | None:
    """Say what a number format makes of a number: DATE, TIME, ELAPSED or nothing."""
    if code is None:
        if number in _DATES:
            return DATE
        return ELAPSED if number == _ELAPSED else TIME if number in _TIMES else None
    signs = _NOT_A_SIGN.sub("", code.split(";")[0]).lower().replace("general", "")
    if "[" in signs:
        return ELAPSED
    if "y" in signs or "d" in signs or ("m" in signs and not re.search("[hs]", signs)):
        return DATE
    return TIME if re.search("[hs]", signs) else None


class CellTexts:
    """Turns the cells of a workbook into texts; it knows strings and styles."""

    def __init__(
        self, strings: Sequence[str], styles: Sequence[str | None], *, from_1904: bool
    ) -> None:
        self._strings = strings
        self._styles = styles
        self._from_1904 = from_1904

    def text(self, kind: str, style: str, value: str, formula: str | None) -> str:
        """Return a cell's text; a formula is given where the cell has one."""
        if kind == "s" and value:
            return self._shared(value)
        is_text = kind in {"inlineStr", "str"}
        if not (value if is_text else value.strip()):
            return self._without_value(kind, formula)
        if is_text:
            return unescaped(value)
        return self._typed(kind, style, value.strip())

    def _without_value(self, kind: str, formula: str | None) -> str:
        if kind == "e":
            return Unreadable("#错误")
        # A formula whose result is the empty text says so by its type.
        if formula is None or kind == "str":
            return ""
        shown = " ".join(formula[:_FORMULA_SHOWN].split())
        return Unreadable(f"#公式无结果（={shown}）" if shown else "#公式无结果")

    def _shared(self, value: str) -> str:
        try:
            return self._strings[int(value)]
        except (ValueError, IndexError):
            return Unreadable(f"#无此文本（{value[:20]}）")

    def _typed(self, kind: str, style: str, value: str) -> str:
        if kind == "b":
            return _BOOLEANS.get(value.lower()) or Unreadable(shortened(value))
        if kind == "d":
            return _iso(value)
        if kind not in {"", "n"} or not _NUMBER.fullmatch(value):
            return Unreadable(shortened(value))
        number = float(value)
        if not math.isfinite(number):
            return Unreadable(shortened(value))
        shown = self._style(style)
        return self._moment(number, shown) if shown else _plain(number)

    def _style(self, style: str) -> str | None:
        try:
            return self._styles[int(style)] if style else None
        except (ValueError, IndexError):
            return None

    def _moment(self, number: float, shown: str) -> str:
        """Return the date, time or duration that a number stands for."""
        if not 0 <= number <= _FARTHEST_SERIAL:
            return Unreadable(_plain(number))
        days, ms = divmod(round(number * _DAY_MS), _DAY_MS)
        seconds = ms // 1000
        clock = str(timedelta(seconds=seconds)).rjust(8, "0")
        if shown == ELAPSED:
            hours, rest = divmod(days * 86_400 + seconds, 3600)
            return f"{hours}:{rest // 60:02}:{rest % 60:02}"
        if shown == TIME and days == 0:
            return clock
        day = self._day(days)
        if day is None:
            return Unreadable(_plain(number))
        # A date cell without time of day is a bare date.
        return f"{day} {clock}" if seconds else str(day)

    def _day(self, serial: int) -> date | None:
        if self._from_1904:
            day = _EPOCH_1904 + timedelta(days=serial)
        elif serial in {0, _NO_SUCH_DAY}:
            return None
        else:
            day = _EPOCH + timedelta(days=serial + (serial < _NO_SUCH_DAY))
        return day if _FIRST_DAY <= day <= _LAST_DAY else None


def unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold, written `_x000D_`."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)).replace("\0", "␀")


def _plain(number: float) -> str:
    """Return a number in full, as Excel shows it."""
    return str(int(number)) if number.is_integer() else repr(number)


def _iso(value: str) -> str:
    """Return a date that is written and not counted."""
    try:
        moment = datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return Unreadable(shortened(value))
    if not _FIRST_DAY <= moment.date() <= _LAST_DAY:
        return Unreadable(shortened(value))
    bare = moment.replace(microsecond=0, tzinfo=None)
    return str(bare.date()) if "T" not in value else bare.isoformat(sep=" ")
