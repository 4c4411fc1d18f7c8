"""Personal data: patterns and names that must not be in anything that goes public."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import duckdb

from cityledger import warehouse
from cityledger.settings import DataDir

Level = Literal["error", "warning"]

# Fields of what sources gave that hold a person's name.
_NAME_FIELDS: Final = (
    "reporter_name",
    "司磅员",
    "检查人",
    "审批人",
    "免考核批准",
    "approver",
)
_LANDED: Final = ("cases", "tickets", "inspection_sheets", "register_rows",
                  "reference_rows")  # fmt: skip
# Approvers are as often an office as a person.
_NAME: Final = re.compile(
    r"[\u4e00-\u9fff·]{1,5}[^局股办队科所室站处院会部司厅镇乡村委心组\W]"
)
_HAN: Final = r"\u4e00-\u9fff"
_WORDS: Final = re.compile(rf"[{_HAN}·]+")

_PHONE: Final = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d){8}(?!\d)")
_LANDLINE: Final = re.compile(r"(?<![\d.])0\d{2,3}[- ]\d{7,8}(?!\d)")
_ID_NUMBER: Final = re.compile(
    r"(?<![\d.])\d{6}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)"
)
_OLD_ID_NUMBER: Final = re.compile(
    r"(?<![\d.])[1-6]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
)
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    r"[·• ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Z0-9])"
)
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PATTERNS: Final = (
    ("电话号码", _PHONE),
    ("固定电话", _LANDLINE),
    ("身份证号", _ID_NUMBER),
    ("身份证号（15 位）", _OLD_ID_NUMBER),
    ("车牌号", _PLATE),
    ("电子邮箱", _MAIL),
)


@dataclass(frozen=True)
class Finding:
    """Something personal, where it is, and never in full."""

    level: Level
    kind: str
    place: str
    masked: str


class Scanner:
    """Looks through text for patterns and for the names of the restricted tables."""

    def __init__(self, names: Iterable[str]) -> None:
        known = {name for name in names if _NAME.fullmatch(name)}
        self._long = _any_of(name for name in known if len(name) > 2)  # noqa: PLR2004
        self._short = {name for name in known if len(name) == 2}  # noqa: PLR2004
        self._short_inside = _any_of(self._short)

    def scan(self, text: str, place: str) -> Iterator[Finding]:
        """Find what is personal in a text; full-width digits count as digits."""
        plain = unicodedata.normalize("NFKC", text)
        for kind, pattern in _PATTERNS:
            for found in pattern.findall(plain):
                yield Finding("error", kind, place, masked(found))
        if self._long:
            for name in self._long.findall(plain):
                yield Finding("error", "受限数据中的姓名", place, masked(name))
        if not self._short_inside:
            return
        words = set(_WORDS.findall(plain))
        for name in set(self._short_inside.findall(plain)):
            # Two characters inside a longer word are mostly a place: a person decides.
            level: Level = "error" if name in words else "warning"
            yield Finding(level, "受限数据中的姓名", place, masked(name))


def names(folders: DataDir) -> set[str]:
    """Return every person's name in what the sources gave."""
    if not folders.warehouse.exists():
        return set()
    found: set[str] = set()
    with warehouse.read(folders) as connection:
        for table in _LANDED:
            found |= _names_in(connection, table)
    return found


def masked(text: str) -> str:
    """Show enough of it to be found, not enough to be known."""
    if len(text) <= 2:  # noqa: PLR2004 - first and last would be all of it
        return text[0] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


def _names_in(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    there = connection.execute(
        "select count(*) from duckdb_columns() where schema_name = 'restricted' "
        "and table_name = ? and column_name = 'raw'",
        [f"landed_{table}"],
    ).fetchone()
    if not there or not there[0]:
        return set()
    fields = ", ".join(f"raw ->> '$.\"{field}\"'" for field in _NAME_FIELDS)
    rows = connection.execute(
        "select distinct unnest(["  # noqa: S608 - our own names
        f"{fields}]) as name from restricted.landed_{table} where json_valid(raw)"
    ).fetchall()
    return {str(name).strip() for (name,) in rows if name}


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted(set(names), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, listed))) if listed else None
