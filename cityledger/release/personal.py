"""Personal data: patterns and names that must not be in anything that goes public.

What is found is promised in `promises`, and here for names, which the sources tell.
"""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import Final

import duckdb

from cityledger import warehouse
from cityledger.release.promises import HAN, PROMISES, Level, Promise, Seen, plain
from cityledger.settings import DataDir

# Any field that says who: a new source's field needs no entry here.
_NAME_FIELD: Final = r"(姓名|人|员|批准|负责|(^|_)name$|approver|reporter|contact)"
# Of these `name` is that of a place or an office.
_NAMELESS: Final = r"^(name|road_name|class_name|subclass_name|contractor_name)$"
# Approvers are as often an office as a person.
_OFFICES: Final = "局股办队科所室站处院会部司厅镇乡村委心组"
_NAME: Final = re.compile(
    rf"[{HAN}]{{1,5}}[^{_OFFICES}\W\d]"
    # Other peoples' names are long, and have a dot between their parts.
    rf"|[{HAN}]{{1,15}}(?:·[{HAN}]{{1,15}}){{1,4}}"
    r"|[^\W\d_]+(?: [^\W\d_]+)+"
)
_WORDS: Final = re.compile(rf"[{HAN}]+")
_INSIDE: Final = re.compile(rf"(?<=[{HAN}])[·-](?=[{HAN}])")
_LATIN_RUN: Final = re.compile(r"(?<![a-z])[a-z]+(?:[ ._'-]{1,2}[a-z]+){0,3}", re.I)
_LATIN_WORD: Final = re.compile(r"[a-z]+", re.I)
_SHORT: Final = 2
_FEWEST_LETTERS: Final = 6
# Readings that the table of readings does not give as a surname.
_SURNAMES_READ: Final = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha",
    "任": "ren", "翟": "zhai", "盖": "ge", "叶": "ye", "葉": "ye", "覃": "qin",
}  # fmt: skip
SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳司马诸葛上官"
)
_SYLLABLE: Final = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|an|en|in|un|ai|ei|ao|ou|ia|ie|"
    r"iu|ua|uo|ui|ue|a|e|i|o|u|v)"
)
_GIVEN: Final = re.compile(rf"(?:{_SYLLABLE}){{1,2}}")
# Where a reading is a place's, not a person's.
_PLACES_READ: Final = frozenset({
    "wuhan", "hubei", "shiyan", "zhushan", "zhuxi", "fangxian", "yunxi", "yunyang",
    "jiangsu", "jiangxi", "liaoning", "shanxi", "shaanxi", "hainan", "henan", "hunan",
    "hebei", "sichuan", "guangxi", "guangdong", "fujian", "zhejiang", "shandong",
    "beijing", "tianjin", "shanghai", "chongqing",
})  # fmt: skip
# What other peoples' names are written with in Chinese.
_TRANSLITERATING: Final = frozenset(
    "阿艾爱安巴拜班贝布才采措丹德迪东杜敦多尔尕尕甘格古哈海合赫胡黄吉加尖江杰金卡凯康科克孔"
    "库拉兰勒里力丽利列林龙卢洛玛马买麦曼毛孟米明莫穆木娜那纳乃尼宁努帕培平普奇其齐强青热日"
    "萨赛桑色沙山什苏索塔坦提田图吐土托娃万旺威维文翁乌西夏谢辛雅亚延扬依伊英尤约扎泽扎吾斯"
    "孜祖卓措姆木别卜逊罕默依古则达"
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
        whole = {_INSIDE.sub("", name) for name in known}
        self._long = _any_of(name for name in whole if len(name) > _SHORT)
        self._short = {name for name in whole if len(name) == _SHORT}
        self._short_inside = _any_of(self._short)
        self._read = {key for name in whole for key in _spelled(name)}
        in_han = {name for name in whole if _WORDS.fullmatch(name)}
        self._readings = {_reading(name) for name in in_han}
        self._of_traditional = {_reading(n) for n in in_han if not _is_simplified(n)}
        self._lengths = {len(name) for name in in_han}

    def scan(self, text: str, place: str) -> Iterator[Finding]:
        """Find what is personal in a text, however it is typed."""
        if not text or text.isspace():
            return
        seen = Seen.of(text)
        for promise in PROMISES:
            for found in promise.find(seen):
                yield Finding(promise.level, promise.kind, place, masked(found))
        for level, kind, found in self.names(seen.text):
            yield Finding(level, kind, place, masked(found))

    def names(self, text: str) -> Iterator[tuple[Level, str, str]]:
        """Find names in a text that is plain: how sure, of what kind, and the name."""
        for one in dict.fromkeys((text, _INSIDE.sub("", text))):
            for level, name in self._known_names(one):
                yield level, KNOWN, name
        if _LATIN_WORD.search(text):
            yield from self._spelled_names(text)
        for name in _STRANGE.findall(text):
            if _is_transliterated(_INSIDE.sub("", name)):
                yield "warning", UNKNOWN, name

    def _known_names(self, text: str) -> Iterator[tuple[Level, str]]:
        if self._long:
            for name in self._long.findall(text):
                yield "error", name
        if self._short_inside:
            words = set(_WORDS.findall(text))
            for name in set(self._short_inside.findall(text)):
                # Two characters inside a longer word are mostly a place: a person
                # decides.
                yield ("error" if name in words else "warning"), name
        yield from self._in_the_other_form(text)

    def _in_the_other_form(self, text: str) -> Iterator[tuple[Level, str]]:
        """Find known names by their reading, where either is not in simplified form."""
        if not self._of_traditional and _is_simplified(text):
            return
        for word in _WORDS.findall(text):
            for length in self._lengths:
                for start in range(len(word) - length + 1):
                    part = word[start : start + length]
                    known = (
                        self._of_traditional if _is_simplified(part) else self._readings
                    )
                    if known and _reading(part) in known:
                        is_sure = length > _SHORT or part == word
                        yield "error" if is_sure else "warning", part

    def _spelled_names(self, text: str) -> Iterator[tuple[Level, str, str]]:
        for run in _LATIN_RUN.findall(text):
            words = _LATIN_WORD.findall(run)
            for first, last in combinations(range(len(words) + 1), 2):
                part = words[first:last]
                if "".join(part).lower() in self._read:
                    is_plain = len(part) == 1 and len(part[0]) < _FEWEST_LETTERS
                    yield "warning" if is_plain else "error", KNOWN, " ".join(part)
            for word in words:
                if word.lower() not in self._read and (level := _looks_spelled(word)):
                    yield level, SPELLED, word


KNOWN: Final = "受限数据中的姓名"
UNKNOWN: Final = "带间隔号的长姓名"
SPELLED: Final = "拼音姓名"
_LONG_NAME: Final = 7
_MOSTLY: Final = 0.6
_STRANGE: Final = re.compile(rf"(?<![{HAN}·])[{HAN}]{{2,12}}(?:·[{HAN}]{{2,12}})+")

# Names of the tests and of the handbook, as the sources would tell them.
KNOWN_NAMES: Final = ("欧阳小明", "李明", "王建国", "张三丰", "Li Mingyu",
                      "阿卜杜热依木·买买提", "葉小華")  # fmt: skip


def _known(seen: Seen) -> Iterator[str]:
    scanner = Scanner(KNOWN_NAMES)
    yield from (one for level, kind, one in scanner.names(seen.text) if kind == KNOWN)


def _of_nobody(kind: str, level: Level) -> Promise:
    def find(seen: Seen) -> Iterator[str]:
        found = Scanner(()).names(seen.text)
        yield from (one for said, which, one in found if (said, which) == (level, kind))

    return Promise(kind, *_SAID[kind, level][:1], find, *_SAID[kind, level][1:], level)


_SAID: Final[dict[tuple[str, Level], tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    (SPELLED, "error"): (
        "不在受限数据中的：姓和名连写、各自大写（姓取常见的）",
        ("ZhangSan", "LiXiaoMing", "ZhaoJianguo", "联系人ZhangWei"),
        ("Handled in time", "Zhushan County", "OpenData", "JavaScript"),
    ),
    (SPELLED, "warning"): (
        "不在受限数据中的：全小写或只有首字母大写的连写，可能是地名",
        ("zhangsan", "Zhaojianguo", "chenxiaohong"),
        ("zhushan", "Wuhan", "public toilets", "change", "rate of cases"),
    ),
    (UNKNOWN, "warning"): (
        "不在受限数据中的：7 个字以上、有间隔号",
        ("阿依古丽·吐尔逊江", "买买提•阿卜杜热合曼"),
        ("生活垃圾·厨余垃圾", "竹山·城关"),
    ),
}
NAME_PROMISES: Final = (
    Promise(
        KNOWN,
        "来源中任何写人的字段里的姓名：字间有空格、间隔号（·•‧・），繁体，"
        "全拼（连写、分写、名在前）；两个字的姓名在更长的词中只提醒",
        _known,
        (
            "负责人王建国同志",
            "李明",
            "李 明",
            "王　建国",
            "歐陽小明",
            "欧阳·小明",
            "王_建国",
            "WangJianguo",
            "wangjianguo",
            "jianguo wang",
            "Ouyang Xiaoming",
            "keeper: li mingyu",
            "LiMingyu",
            "zhang_sanfeng",
            "ｗａｎｇ ｊｉａｎｇｕｏ",
            "阿卜杜热依木·买买提",
            "阿卜杜热依木•买买提",
            "阿卜杜热依木‧买买提",
            "阿卜杜热依木・买买提",
            "阿卜杜热依木买买提",
            "王\u200b建国",
            "叶小华",
        ),
        ("王建新村", "建国路", "张三"),
    ),
    *(_of_nobody(kind, level) for kind, level in _SAID),
)


def names(folders: DataDir) -> set[str]:
    """Return every person's name in what the sources gave."""
    if not folders.warehouse.exists():
        return set()
    with warehouse.read(folders) as connection:
        return names_in(connection)


def names_in(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return every person's name in an open warehouse."""
    tables = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() "
        "where schema_name = 'restricted' and table_name like 'landed_%' "
        "group by table_name order by table_name"
    ).fetchall()
    found: set[str] = set()
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


def _is_transliterated(name: str) -> bool:
    like = sum(one in _TRANSLITERATING for one in name)
    return len(name) >= _LONG_NAME and like >= _MOSTLY * len(name)


@lru_cache(100_000)
def _reading(name: str) -> str:
    """Return how a name is read; both forms of a character are read alike."""
    return " ".join(_syllables(name))


def _syllables(name: str) -> list[str]:
    from text_unidecode import unidecode  # noqa: PLC0415 - only where there are names

    return [str(unidecode(one)).strip().lower() for one in name]


def _spelled(name: str) -> Iterator[str]:
    """Return how a name is spelled in one word: as read, and given name first."""
    if not _WORDS.fullmatch(name):
        parts = name.lower().split()
        yield from ("".join(parts), "".join([*parts[1:], *parts[:1]]))
        return
    syllables = _syllables(name)
    read = [_SURNAMES_READ.get(name[0], syllables[0]), *syllables[1:]]
    for spelled in (syllables, read):
        yield "".join(spelled)
        for size in (1, 2):
            yield "".join([*spelled[size:], *spelled[:size]])


@cache
def _surnames_read() -> Set[str]:
    single, double = SURNAMES[:-8], SURNAMES[-8:]
    pairs = [double[at : at + 2] for at in range(0, len(double), 2)]
    read = {_SURNAMES_READ.get(one, "".join(_syllables(one))) for one in single}
    return read | {"".join(_syllables(pair)) for pair in pairs}


@lru_cache(100_000)
def _looks_spelled(word: str) -> Level | None:
    """Say whether a word looks like a surname and a given name written together."""
    low = word.lower()
    if len(low) < _FEWEST_LETTERS or low in _PLACES_READ or word.isupper():
        return None
    humps = [len(part) for part in re.findall(r"[A-Z][a-z]+", word)]
    for surname in _surnames_read():
        given = low.removeprefix(surname)
        if given == low or not _GIVEN.fullmatch(given):
            continue
        if len(humps) > 1 and humps[0] == len(surname) and sum(humps) == len(word):
            return "error"
        if len(humps) <= 1 and re.match(r"[a-z]+$", word[1:]) and _is_chinese(low):
            return "warning"
    return None


def _is_chinese(word: str) -> bool:
    """Leave out what is as likely English: change, wanting."""
    return bool(re.search(r"zh|x|q|ang[^e]|uo|iao|ian|sh?an$|ong[^s]|jun|wei", word))


@lru_cache(100_000)
def _is_simplified(text: str) -> bool:
    """Say whether every character is in the simplified set (GB 2312)."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted(set(names), key=len, reverse=True)
    if not listed:
        return None
    return re.compile("|".join(map(re.escape, listed)), re.IGNORECASE)
