"""Wording: figures, reasons and states as citizens read them, in two languages."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from cityledger.release.opened import Row

STATES: Final = {
    "达标": "Target met",
    "未达标": "Target not met",
    "口径冲突区间": "Between two targets of the plan",
    "无数据": "No figure",
    "数据不完整": "Data incomplete",
    "描述性": "No target",
}
REASONS: Final = {
    "not_collected": ("未采集", "not collected"),
    "no_denominator": ("当期没有应计对象", "nothing to count in the period"),
    "below_min_sample": ("样本过少", "sample too small"),
    "not_due": ("未到期", "not due yet"),
    "source_late": ("数据未到", "source late"),
    "not_provided": ("未提供", "not provided by the source"),
    "suppressed": ("件数过少，为保护个人信息隐去", "hidden: too few cases"),
    "withheld": ("数据质量未达公布标准，暂不公布", "withheld: quality below standard"),
    "corrected": ("发现错误，暂不公布，见更正登记", "withdrawn for correction"),
}
KINDS: Final = {
    "首发": "First release",
    "修订": "Revision",
    "更正": "Correction",
    "撤回": "Withdrawal",
}
NATURES: Final = {"约束性": "binding", "预期性": "expected"}
_CENT: Final = Decimal("0.01")
_WHOLE: Final = 100.0
_UNITS_EN: Final = {"件": "cases", "比": "ratio", "m²/人": "m² per head"}


def number(value: float | None, unit: str = "", *ends: float | None) -> str:
    """Write a value for reading, rounded half up, but never onto an end it misses.

    The ends are those of the target; all of something is always one.
    """
    if value is None:
        return "—"
    if unit == "件":
        return f"{value:,.0f}"
    exact = _exactly(value)
    shown = exact.quantize(_CENT, ROUND_HALF_UP)
    away = ROUND_FLOOR if shown > exact else ROUND_CEILING
    for end in (*ends, _WHOLE if unit == "%" else None):
        beyond = None if end is None else exact - _exactly(end)
        if beyond and end is not None and beyond * (shown - _exactly(end)) <= 0:
            shown = exact.quantize(_CENT, away)
    return f"{shown:,}"


def missed(row: Row, claim: Row | None) -> tuple[float | None, ...]:
    """Return the ends of the target that a figure must not seem to reach."""
    if row["status"] != "未达标":
        return ()
    return row["target"], claim["value_high"] if claim else None


def unit_of(unit: str, language: str) -> str:
    """Name a unit."""
    return unit if language == "zh" else _UNITS_EN.get(unit, unit)


def reason(code: str | None, language: str) -> str:
    """Say why there is no value."""
    if not code:
        return ""
    zh, en = REASONS.get(code, (code, code))
    return zh if language == "zh" else en


def target(claim: Row | None, value: float | None, language: str) -> str:
    """Say what was promised."""
    if value is None:
        return ""
    if claim and claim["op"] == "between" and claim["value_high"] is not None:
        return f"{value:g}–{claim['value_high']:g}"
    sign = "≤" if claim and claim["op"] == "le" else "≥"
    return f"{sign} {value:g}"


def state(word: str, language: str) -> str:
    """Say how a value stands."""
    return word if language == "zh" else STATES.get(word, word)


def kind(word: str, language: str) -> str:
    """Say what sort of change it is."""
    return word if language == "zh" else KINDS.get(word, word)


def cell(value: Any) -> str:  # noqa: ANN401 - cells of any type
    """Write any cell of a table."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _exactly(value: float) -> Decimal:
    # Through text: the decimal a person would read, not its binary neighbour.
    return Decimal(repr(float(value)))
