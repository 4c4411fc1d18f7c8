"""Cells: what one value of a file or record says, or why it cannot be read."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Unreadable:
    """A cell that shows something nobody can read: an error, a formula not computed."""

    shows: str


Cell = str | int | float | bool | date | datetime | time | timedelta | Unreadable | None

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1900, 2100
_NUMBER = re.compile(r"[+-]?(([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|\.[0-9]+)")
_TIME = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})( (\d{1,2}):(\d{2})(:(\d{2}))?)?", re.ASCII
)
# The extended form of ISO 8601, as the contract writes it; no basic form, no weeks.
_API_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)",
    re.ASCII,
)
_MIDNIGHT = time()


class BadCellError(ValueError):
    """A cell holds something, but not what its column promises."""


def text(value: Cell) -> str | None:
    """Read a text cell; a code typed as a number keeps its digits."""
    if isinstance(value, Unreadable):
        raise BadCellError(value.shows)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def word(value: Cell) -> str | None:
    """Read a word to be looked up; what cannot be read is no word of any list."""
    return value.shows if isinstance(value, Unreadable) else text(value)


def number(value: Cell, units: Sequence[str] = ()) -> Fraction | None:
    """Read a number, also `12,340`, in full-width digits, or with its own unit."""
    if isinstance(value, bool | date | time | timedelta):
        raise BadCellError(value)
    if isinstance(value, float) and math.isfinite(value):
        return Fraction(repr(value))
    words = text(value)
    if words is None:
        return None
    plain = unicodedata.normalize("NFKC", words).strip()
    for unit in units:
        plain = plain.removesuffix(unit).rstrip()
    if not _NUMBER.fullmatch(plain):
        raise BadCellError(value)
    return Fraction(plain.replace(",", ""))


def share(value: Cell) -> Fraction | None:
    """Read a share of one, also as a text in percent."""
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value).strip()
        if plain.endswith("%"):
            part = number(plain.removesuffix("%"))
            if part is None:
                raise BadCellError(value)
            return part / 100
    return number(value)


def moment(value: Cell, *, deadline: bool = False) -> datetime | None:
    """Read a local time; a bare date is its first moment, a deadline's its last."""
    if isinstance(value, bool | int | float | time | timedelta | Unreadable):
        raise BadCellError(value)
    if isinstance(value, str):
        value = _from_text(value.strip())
    elif isinstance(value, datetime) and value.time() == _MIDNIGHT:
        value = value.date()
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise BadCellError(value)
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, _MIDNIGHT) + timedelta(days=int(deadline))


def _from_text(words: str) -> date | datetime | None:
    if not words:
        return None
    found = _TIME.fullmatch(words)
    if found is None:
        raise BadCellError(words)
    year, _, month, on, clock, hour, minute, _, second = found.groups()
    try:
        when = date(int(year), int(month), int(on))
        if clock is None:
            return when
        return datetime.combine(when, time(int(hour), int(minute), int(second or 0)))
    except ValueError as error:
        raise BadCellError(words) from error


def day(value: Cell) -> date | None:
    """Read the calendar day of a date or time cell."""
    when = moment(value)
    return None if when is None else when.date()


def bare_day(value: Cell) -> date | None:
    """Read a date that has no time of day."""
    when = moment(value)
    if when is not None and when.time() != _MIDNIGHT:
        raise BadCellError(value)
    return None if when is None else when.date()


def yes(value: Cell) -> bool | None:
    """Read `是`/`否`."""
    words = text(value)
    if words is None:
        return None
    if words not in ("是", "否"):
        raise BadCellError(value)
    return words == "是"


def api_time(value: Cell) -> datetime | None:
    """Read an ISO 8601 time with offset as local time; an empty text is none."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadCellError(value)
    if not _API_TIME.fullmatch(value):
        raise BadCellError(value)
    try:
        when = datetime.fromisoformat(value)
        return when.astimezone(SHANGHAI).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise BadCellError(value) from error
