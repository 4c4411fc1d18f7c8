"""Cells: what one value of a file or record says, or why it cannot be read."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

Cell = str | int | float | bool | date | datetime | time | timedelta | None

SHANGHAI = ZoneInfo("Asia/Shanghai")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_MIDNIGHT = time()


class BadCellError(ValueError):
    """A cell holds something, but not what its column promises."""


def text(value: Cell) -> str | None:
    """Read a text cell; a code typed as a number keeps its digits."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def number(value: Cell) -> Fraction | None:
    """Read a number, also `12,340` and full-width digits."""
    if isinstance(value, bool | date | time | timedelta):
        raise BadCellError(value)
    if isinstance(value, float) and math.isfinite(value):
        return Fraction(repr(value))
    words = text(value)
    if words is None:
        return None
    plain = unicodedata.normalize("NFKC", words).replace(",", "").strip()
    if not _NUMBER.fullmatch(plain):
        raise BadCellError(value)
    return Fraction(plain)


def moment(value: Cell, *, deadline: bool = False) -> datetime | None:
    """Read a local time; a bare date is its first moment, a deadline's its last."""
    if isinstance(value, bool | int | float | time | timedelta):
        raise BadCellError(value)
    if isinstance(value, str):
        value = _from_text(value.strip())
    elif isinstance(value, datetime) and value.time() == _MIDNIGHT:
        value = value.date()
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, _MIDNIGHT) + timedelta(days=int(deadline))


def _from_text(words: str) -> date | datetime | None:
    if not words:
        return None
    try:
        if _DATE.fullmatch(words):
            return date.fromisoformat(words)
        if _TIME.fullmatch(words):
            return datetime.fromisoformat(words)
    except ValueError as error:
        raise BadCellError(words) from error
    raise BadCellError(words)


def day(value: Cell) -> date | None:
    """Read the calendar day of a date or time cell."""
    when = moment(value)
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
    """Read an ISO 8601 time with offset as local time."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadCellError(value)
    try:
        when = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadCellError(value) from error
    if when.tzinfo is None:
        raise BadCellError(value)
    return when.astimezone(SHANGHAI).replace(tzinfo=None)
