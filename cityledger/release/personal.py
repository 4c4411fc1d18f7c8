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

# Any field that says who: a new source's field needs no entry here.
_NAME_FIELD: Final = r"(姓名|人|员|批准|负责|(^|_)name$|approver|reporter|contact)"
# Of these `name` is that of a place or an office.
_NAMELESS: Final = r"^(name|road_name|class_name|subclass_name|contractor_name)$"
# Approvers are as often an office as a person.
_NAME: Final = re.compile(
    r"[\u4e00-\u9fff·]{1,5}[^局股办队科所室站处院会部司厅镇乡村委心组\W\d]"
    r"|[^\W\d_]+(?: [^\W\d_]+)+"
)
_HAN: Final = r"\u4e00-\u9fff"
_WORDS: Final = re.compile(rf"[{_HAN}·]+")
_INSIDE_A_NAME: Final = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
# What is written between the groups of a number, or cannot be seen at all.
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212_/—]")
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPOKEN_DIGITS: Final = "〇零一幺二三四五六七八九壹贰叁肆伍陆柒捌玖"
_SPOKEN: Final = str.maketrans(_SPOKEN_DIGITS, "001123456789123456789")
_SPOKEN_NUMBER: Final = re.compile(f"[{_SPOKEN_DIGITS}]{{11,}}")

# What else stands between groups stands there alone: a list of numbers has spaces.
_GAP: Final = r"(?:[-. ()]{0,3}|[~·|*、,:;])"
_ALONE: Final = r"(?<!\d)(?<!\d\.)(?<!\d-\d\d-)"
_PHONE: Final = re.compile(
    rf"{_ALONE}(?:(?:\+|00)?86{_GAP})?"
    rf"(?:1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|1[- ]?[3-9](?:[- ]?\d){{9}})(?!\d)"
)
_LANDLINE: Final = re.compile(
    rf"{_ALONE}\(?0\d{{2,3}}[-. )]{{1,3}}\d{{3,4}}[- ]?\d{{4}}(?!\d)"
    r"|(?<![\dA-Za-z.])0[1-9]\d{1,2}[2-8]\d{6,7}(?!\d)"
)
_ID_NUMBER: Final = re.compile(
    rf"{_ALONE}\d{{6}}{_GAP}(?:19|20)\d{{2}}{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}"
    r"\d{3}[\dXxХх×](?!\d)"
)
_OLD_ID_NUMBER: Final = re.compile(
    r"(?<!\d)(?<!\d\.)[1-6]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
    r"(?!\d)"
)
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ]?[A-HJ-NP-Z]"
    r"[-·•. ]{0,2}[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Z0-9])",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"[\w.+-]+ ?@ ?[\w-]+\.[\w.]+")
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
        known = {plain(name) for name in names}
        known = {name for name in known if _NAME.fullmatch(name)}
        self._long = _any_of(name for name in known if len(name) > 2)  # noqa: PLR2004
        self._short = {name for name in known if len(name) == 2}  # noqa: PLR2004
        self._short_inside = _any_of(self._short)

    def scan(self, text: str, place: str) -> Iterator[Finding]:
        """Find what is personal in a text, however it is typed."""
        seen = plain(text)
        for kind, pattern in _PATTERNS:
            for found in pattern.findall(seen):
                yield Finding("error", kind, place, masked(found))
        for spoken in _SPOKEN_NUMBER.findall(seen):
            if _PHONE.search(spoken.translate(_SPOKEN)):
                yield Finding("error", "电话号码", place, masked(spoken))
        for level, name in self._names(seen):
            yield Finding(level, "受限数据中的姓名", place, masked(name))

    def _names(self, seen: str) -> Iterator[tuple[Level, str]]:
        if self._long:
            for name in self._long.findall(seen):
                yield "error", name
        if self._short_inside:
            words = set(_WORDS.findall(seen))
            for name in set(self._short_inside.findall(seen)):
                # Two characters inside a longer word are mostly a place: a person
                # decides.
                yield ("error" if name in words else "warning"), name


def plain(text: str) -> str:
    """Return a text as it would be typed plainly: widths, dashes, gaps, digits."""
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    digits = "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else one for one in folded
    )
    spaced = re.sub(r"\s+", " ", _DASHES.sub("-", digits))
    return _INSIDE_A_NAME.sub("", spaced).strip()


def names(folders: DataDir) -> set[str]:
    """Return every person's name in what the sources gave."""
    if not folders.warehouse.exists():
        return set()
    found: set[str] = set()
    with warehouse.read(folders) as connection:
        tables = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where schema_name = 'restricted' and table_name like 'landed_%' "
            "group by table_name order by table_name"
        ).fetchall()
        for table, columns in tables:
            found |= _names_in(connection, table, columns)
    return found


def masked(text: str) -> str:
    """Show enough of it to be found, not enough to be known."""
    if len(text) <= 2:  # noqa: PLR2004 - first and last would be all of it
        return text[0] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


def _names_in(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]
) -> set[str]:
    """Return what stands in fields that say who, of a table or of its raw rows."""
    fields = [f'"{c}"' for c in columns if _says_who(c)]
    if "raw" in columns:
        keys = connection.execute(
            "select distinct unnest(json_keys(raw)) "  # noqa: S608 - our own names
            f"from restricted.{table} where json_valid(raw)"
        ).fetchall()
        fields += [
            f"case when json_valid(raw) then raw ->> '$.\"{key}\"' end"
            for (key,) in keys
            if _says_who(key) and '"' not in key and "'" not in key
        ]
    if not fields:
        return set()
    rows = connection.execute(
        "select distinct unnest("  # noqa: S608 - our own names
        f"[{', '.join(f'cast({f} as varchar)' for f in fields)}]) "
        f"from restricted.{table}"
    ).fetchall()
    return {str(name).strip() for (name,) in rows if name}


def _says_who(field: str) -> bool:
    return bool(re.search(_NAME_FIELD, field)) and not re.match(_NAMELESS, field)


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted(set(names), key=len, reverse=True)
    if not listed:
        return None
    return re.compile("|".join(map(re.escape, listed)), re.IGNORECASE)
