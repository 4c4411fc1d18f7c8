"""Scheme: how contractors are assessed and paid, as data with a version and a date.

The default stands in `schemes/`; a county puts its own beside its data, in
`DATA_DIR/schemes/`. A month is scored by the newest version that was valid from that
month or earlier. What a scheme says is checked here once, so that the SQL that applies
it can take it at its word.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from cityledger.errors import OperatorError
from cityledger.settings import DataDir
from cityledger.text import checked

DEFAULTS: Final = Path(__file__).parents[1] / "schemes"
FULL_SCORE: Final = Decimal(100)

# What the warehouse can measure, by the names a scheme may call it.
METRICS: Final = {
    "机械化作业完成率(I01-B)": "SWEEPING",
    "机械化作业完成率": "SWEEPING",
    "案件按期处置率": "DISPOSAL",
    "磅单完整率": "TICKETS",
}
_CONDITIONS: Final = (
    (re.compile(r"连续(\d+)个月低于(\d+(?:\.\d+)?)分"), "consecutive"),
    (re.compile(r"年内(\d+)个月低于(\d+(?:\.\d+)?)分"), "in_year"),
    (re.compile(r"任(?:一|何一个)?(?P<any>月)低于(\d+(?:\.\d+)?)分"), "consecutive"),
)


class SchemeError(OperatorError):
    """A scheme cannot be used; the text says where and why."""


def _month(value: object) -> object:
    """Take `2025-07`, or the first day of a month."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-01)?", value):
        return date.fromisoformat(f"{value[:7]}-01")
    if isinstance(value, date) and value.day == 1:
        return value
    raise ValueError("应写成生效月份，例如 2025-07")


def _name(value: str) -> str:
    if not value.strip():
        raise ValueError("不能为空")
    return value.strip()


Month = Annotated[date, BeforeValidator(_month)]
Name = Annotated[str, AfterValidator(_name)]
Positive = Annotated[Decimal, Field(gt=0)]
NotNegative = Annotated[Decimal, Field(ge=0)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
# A finding that weighs less the second time would reward finding it twice.
Multiplier = Annotated[Decimal, Field(ge=1)]


class Part(BaseModel):
    """Anything written in a scheme; a key that is not known is an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )

    @field_validator("*")
    @classmethod
    def _readable(cls, value: object) -> object:
        """Refuse characters that cannot be seen: texts reach statements and pages."""
        return checked(value)

    @model_validator(mode="before")
    @classmethod
    def _whole_texts(cls, content: object) -> object:
        """Put texts together that YAML has cut at a comma: `{text: 早7:00,夏6:30}`."""
        if not isinstance(content, dict):
            return content
        known = {*cls.model_fields, *(f.alias for f in cls.model_fields.values())}
        whole: dict[str, object] = {}
        for key, value in content.items():
            last = next(reversed(whole), "")
            if key not in known and value is None and isinstance(whole.get(last), str):
                whole[last] = f"{whole[last]},{key}"
            else:
                whole[key] = value
        return whole


class Component(Part):
    """A part of the month's score."""

    id: Literal["DAILY", "JOINT", "DATA", "PUBLIC"]
    name: Name
    weight: Positive


class Module(Part):
    """A field of work that inspection sheets judge."""

    id: Name
    name: Name
    weight: Positive
    min_sheets_per_month: int = Field(ge=0)


class Item(Part):
    """Something that costs points when it is found."""

    id: Name
    module: Name
    text: Name
    unit: Name
    points: Positive
    cap: Positive


class Metric(Part):
    """A rate measured by the warehouse, on a line from nothing to everything."""

    metric: Name
    weight: Positive
    zero_at: Percent
    full_at: Percent

    @property
    def id(self) -> str:
        """What the warehouse calls it."""
        return METRICS[self.metric]

    @model_validator(mode="after")
    def _can_be_measured(self) -> Self:
        if self.metric not in METRICS:
            raise ValueError(f"没有指标 {self.metric}；可选：{'、'.join(METRICS)}")
        if self.zero_at >= self.full_at:
            raise ValueError("zero_at（零分线）应低于 full_at（满分线）")
        return self


class Public(Part):
    """When citizens' ratings count."""

    source: str = ""
    min_valid_ratings: int = Field(ge=1)
    below_min: Literal["drop_component_and_renormalise"] = (
        "drop_component_and_renormalise"
    )


class Repeat(Part):
    """What the same finding costs when it is found again."""

    window_days: int = Field(ge=1)
    same_item_same_place: Multiplier


class Rectification(Part):
    """What a finding costs when it was not put right in time."""

    default_hours: int = Field(ge=1)
    unrectified_multiplier: Multiplier


class Appeal(Part):
    """How long the contractor may object, and the county decide."""

    file_within_workdays: int = Field(ge=0)
    decide_within_workdays: int = Field(ge=0)


class Rules(Part):
    """How deductions add up."""

    repeat_multiplier: Repeat
    rectification: Rectification
    no_double_penalty: bool
    per_sheet_module_floor: NotNegative
    weather_waiver: str = ""
    appeal: Appeal


class Penalty(Part):
    """A deduction from the fee that no score can make good."""

    id: Name
    text: Name
    pct: Percent
    force_grade: str | None = None


class BonusItem(Part):
    """Something that adds points."""

    id: str = ""
    text: Name
    points: Positive


class Bonus(Part):
    """Points on top, up to a limit."""

    max: NotNegative
    items: tuple[BonusItem, ...] = ()


class Grade(Part):
    """A word for all scores from a limit on."""

    name: Name
    min: Percent


class Band(Part):
    """What a score costs, on a line: base + per_point × (ref − score)."""

    low: Percent = Field(alias="from")
    high: Positive = Field(alias="to")
    base_pct: Percent
    per_point: NotNegative
    ref: Percent

    def pct_at(self, score: Decimal) -> Decimal:
        """Return the deduction of a score on this band's line."""
        return self.base_pct + self.per_point * (self.ref - score)


class Condition(Part):
    """So many months below a score, in a row or in a year."""

    kind: Literal["consecutive", "in_year"]
    months: int = Field(ge=1)
    below: Percent


class Escalation(Part):
    """What happens when low scores pile up."""

    when: Name
    action: Name

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions in `when`; any one of them will do."""
        return tuple(_condition(text) for text in self.when.split("或"))

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        assert self.conditions  # noqa: S101 - reading them is the check
        return self


class Payment(Part):
    """From score to money."""

    bands: tuple[Band, ...] = Field(min_length=1)
    total_cap_pct: Percent
    escalation: tuple[Escalation, ...] = ()


class Scheme(Part):
    """One version of the scheme."""

    scheme_id: Name
    valid_from: Month
    title: Name
    status: str = ""
    full_score: Literal[100] = 100
    components: tuple[Component, ...] = Field(min_length=1)
    modules: tuple[Module, ...] = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)
    data_component: tuple[Metric, ...] = ()
    public_component: Public
    rules: Rules
    direct_penalties_pct_of_month_fee: tuple[Penalty, ...] = ()
    bonus_points: Bonus = Bonus(max=Decimal(0))
    grades: tuple[Grade, ...] = Field(min_length=1)
    payment: Payment

    @property
    def key(self) -> str:
        """A fingerprint of everything the scheme says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def bonuses(self) -> tuple[BonusItem, ...]:
        """The bonus items; those without an id are B1, B2 … in their order."""
        return tuple(
            item if item.id else item.model_copy(update={"id": f"B{number}"})
            for number, item in enumerate(self.bonus_points.items, start=1)
        )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [
            *_list_problems(self),
            *_inspection_problems(self),
            *_payment_problems(self.payment),
        ]
        if problems:
            raise ValueError("；".join(problems))
        return self


def known(folders: DataDir) -> list[Scheme]:
    """Return every version in force at some time, oldest first.

    The default only fills the time before the county's own first version.
    """
    own = _read_folder(folders.schemes)
    _refuse_two_of_a_month(own)
    first = min((scheme.valid_from for scheme in own.values()), default=date.max)
    defaults = [s for s in _read_folder(DEFAULTS).values() if s.valid_from < first]
    return sorted([*defaults, *own.values()], key=lambda scheme: scheme.valid_from)


def in_force(schemes: Iterable[Scheme], month: date) -> Scheme:
    """Return the version by which a month is scored."""
    begun = [scheme for scheme in schemes if scheme.valid_from <= month]
    if not begun:
        raise SchemeError(f"{month:%Y-%m} 没有有效的考核方案")
    return max(begun, key=lambda scheme: scheme.valid_from)


def versions(schemes: Sequence[Scheme]) -> dict[str, str]:
    """Return what each scheme's version is called, by its fingerprint.

    A scheme is called by its id; later versions of the same id add their month.
    """
    names: dict[str, str] = {}
    seen: set[str] = set()
    for scheme in sorted(schemes, key=lambda scheme: scheme.valid_from):
        is_later = scheme.scheme_id in seen
        month = f"@{scheme.valid_from:%Y-%m}" if is_later else ""
        names[scheme.key] = scheme.scheme_id + month
        seen.add(scheme.scheme_id)
    return names


def read(path: Path) -> Scheme:
    """Read one scheme, or say in Chinese everything that is wrong with it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SchemeError(f"考核方案 {path.name} 无法解析：{_where(error)}") from None
    except OSError as error:
        raise SchemeError(f"考核方案 {path} 打不开：{error.strerror}") from None
    if not isinstance(content, dict):
        raise SchemeError(f"考核方案 {path.name} 不是一份方案：最外层应是“项: 值”")
    try:
        return Scheme.model_validate(content)
    except ValidationError as error:
        problems = [_in_chinese(one, content) for one in error.errors()]
        lines = [f"考核方案 {path.name} 不能用，请改正后重新运行："]
        raise SchemeError("\n".join([*lines, *problems])) from None


def _read_folder(folder: Path) -> dict[Path, Scheme]:
    paths = sorted(p for p in folder.glob("[!.]*") if p.suffix in (".yaml", ".yml"))
    return {path: read(path) for path in paths}


def _refuse_two_of_a_month(schemes: dict[Path, Scheme]) -> None:
    by_month: dict[date, Path] = {}
    for path, scheme in schemes.items():
        other = by_month.setdefault(scheme.valid_from, path)
        if other != path:
            raise SchemeError(
                f"{other.name} 和 {path.name} 都从 {scheme.valid_from:%Y-%m} 起生效，"
                "只能留一份"
            )


def _condition(text: str) -> Condition:
    for pattern, kind in _CONDITIONS:
        if match := pattern.fullmatch(text.strip()):
            months = 1 if "any" in pattern.groupindex else int(match[1])
            return Condition.model_validate(
                {"kind": kind, "months": months, "below": match[2]}
            )
    raise ValueError(
        f"看不懂“{text}”；可以写 连续N个月低于X分、年内N个月低于X分、任一月低于X分，"
        "用“或”连接"
    )


def _list_problems(scheme: Scheme) -> list[str]:
    lists: dict[str, list[str]] = {
        "components": [component.id for component in scheme.components],
        "modules": [module.id for module in scheme.modules],
        "items": [item.id for item in scheme.items],
        "data_component": [metric.id for metric in scheme.data_component],
        "direct_penalties_pct_of_month_fee": [
            penalty.id for penalty in scheme.direct_penalties_pct_of_month_fee
        ],
        "bonus_points": [item.id for item in scheme.bonuses],
        "grades": [grade.name for grade in scheme.grades],
    }
    return [
        f"{name} 里 {'、'.join(repeated)} 写了不止一次"
        for name, ids in lists.items()
        if (repeated := sorted({one for one in ids if ids.count(one) > 1}))
    ]


def _inspection_problems(scheme: Scheme) -> list[str]:
    modules = {module.id for module in scheme.modules}
    grades = {grade.name for grade in scheme.grades}
    weights = {
        "components": (1, [component.weight for component in scheme.components]),
        "modules": (FULL_SCORE, [module.weight for module in scheme.modules]),
        "data_component": (1, [metric.weight for metric in scheme.data_component]),
    }
    problems = [
        f"{name} 的 weight 合计应为 {expected}，现在是 {sum(parts)}"
        for name, (expected, parts) in weights.items()
        if parts and sum(parts) != expected
    ]
    problems += [
        f"扣分项 {item.id} 的模块 {item.module} 不在 modules 里"
        for item in scheme.items
        if item.module not in modules
    ]
    problems += [
        f"直接扣款 {penalty.id} 的 force_grade {penalty.force_grade} 不在 grades 里"
        for penalty in scheme.direct_penalties_pct_of_month_fee
        if penalty.force_grade not in (None, *grades)
    ]
    if min(grade.min for grade in scheme.grades) != 0:
        problems.append("grades 没有从 0 分起的等级")
    if len({grade.min for grade in scheme.grades}) != len(scheme.grades):
        problems.append("grades 有两个等级从同一分数起")
    floor = scheme.rules.per_sheet_module_floor
    if floor >= min(module.weight for module in scheme.modules):
        problems.append("per_sheet_module_floor 应小于每个模块的 weight")
    has_data = any(component.id == "DATA" for component in scheme.components)
    if has_data and not scheme.data_component:
        problems.append("有 DATA 分项，但 data_component 是空的")
    return problems


def _payment_problems(payment: Payment) -> list[str]:
    """Say where money would not follow the score: gaps, overlaps, steps upwards."""
    bands = sorted(payment.bands, key=lambda band: band.low)
    problems = []
    if bands[0].low != 0 or bands[-1].high <= FULL_SCORE:
        problems.append("payment.bands 应从 0 分一直排到 100 分以上（to: 100.01）")
    for band in bands:
        if band.low >= band.high:
            problems.append(f"payment.bands 中 {band.low}–{band.high} 的分数写反了")
        if band.pct_at(min(band.high, FULL_SCORE)) < 0:
            problems.append(f"payment.bands 中 {band.low}–{band.high} 会算出负的扣减")
    for lower, upper in pairwise(bands):
        if lower.high != upper.low:
            problems.append(
                f"payment.bands 在 {lower.high} 和 {upper.low} 之间断开或重叠"
            )
        elif lower.pct_at(lower.high) < upper.pct_at(upper.low):
            problems.append(f"payment.bands 在 {upper.low} 处得分高的反而扣得多")
    return problems


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"第 {mark.line + 1} 行附近写法有误" if mark else "不是 UTF-8 编码的 YAML"


_WORDS: Final = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项，请核对拼写",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "string_type": "应是文字",
    "too_short": "不能是空的",
    "bool_parsing": "应是 true 或 false",
    "bool_type": "应是 true 或 false",
    "tuple_type": "应是一个列表",
    "model_type": "应是“项: 值”",
}
_NUMBERS: Final = ("decimal", "int")


def _in_chinese(error: ErrorDetails, content: object) -> str:
    kind = error["type"]
    if kind == "value_error":
        text = error["msg"].removeprefix("Value error, ")
    elif kind in _WORDS:
        text = _WORDS[kind].format(**error.get("ctx", {}))
    elif kind.startswith(_NUMBERS):
        text = "应是数字"
    else:
        text = f"写法不对（{kind}）"
    place = _place(error["loc"], content)
    return f"  · {place}：{text}" if place else f"  · {text}"


def _place(place: Sequence[int | str], content: object) -> str:
    """Name a place as a person would look for it: items QS01 的 points."""
    words = []
    for step in place:
        inner = _inside(content, step)
        if isinstance(step, int):
            words.append(_own_name(inner) or f"第 {step + 1} 个")
        else:
            words.append(step)
        content = inner
    return " 的 ".join(words)


def _inside(content: object, step: int | str) -> object:
    if isinstance(content, dict):
        return content.get(step)
    if isinstance(content, list) and isinstance(step, int) and step < len(content):
        return content[step]
    return None


def _own_name(content: object) -> str:
    if not isinstance(content, dict):
        return ""
    return str(content.get("id") or content.get("name") or "")
