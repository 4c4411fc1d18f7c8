"""Read page: what a page shows, taken apart; what was checked is taken off it."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from lxml import html

COUNTED = {"件", "个", "起", "项", "条", "次"}
NOTHING = "—"
CENT = Decimal("0.01")


class Page:
    """The HTML of a page."""

    def __init__(self, drawn: Sequence[str]) -> None:
        self.tree = html.fromstring(f"<div>{''.join(drawn)}</div>")
        self.take("//style|//script")

    def take(self, path: str) -> list[str]:
        """Return the texts of some elements and take them off the page."""
        found = self.tree.xpath(path)
        said = [text(one) for one in found]
        for one in found:
            one.drop_tree()
        return said

    def one(self, path: str) -> str:
        """Return the text of the only element there is, and take it off."""
        (said,) = self.take(path)
        return said

    def table(self, caption: str) -> list[list[str]]:
        """Return a table's cells row by row, and take it off; none has no rows."""
        found = self.tree.xpath(f"//table[caption='{caption}']")
        if not found:
            return []
        rows = [
            [text(cell) for cell in row.xpath("./td|./th")]
            for row in found[0].xpath("./tbody/tr")
        ]
        found[0].drop_tree()
        return rows

    def figures_left(self) -> list[str]:
        """Return every number that nobody has taken off."""
        return re.findall(r"\d[\d,.]*", text(self.tree))


def text(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """Return what an element says."""
    return " ".join(element.text_content().split())


def classed(name: str) -> str:
    """Write the XPath of elements of a class."""
    return f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"


# The display rules, written down a second time: they are what is tested.


def meets(value: Decimal, target: tuple[float, str, float | None]) -> bool:
    level, op, high = target
    low = Decimal(repr(level))
    if op == "between":
        return low <= value <= (low if high is None else Decimal(repr(high)))
    return value <= low if op == "le" else value >= low


def two(value: Any, target: tuple[float, str, float | None] | None = None) -> str:  # noqa: ANN401
    """Write two decimals, never rounded into meeting a target, nor up to 100."""
    if value is None:
        return NOTHING
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    shown = exact.quantize(CENT, ROUND_HALF_UP)
    if exact < 100 <= shown:
        return "99.99"
    if target and meets(shown, target) and not meets(exact, target):
        shown = exact.quantize(CENT, ROUND_FLOOR if shown > exact else ROUND_CEILING)
    return f"{shown:,}"


def figure(
    value: float | None,
    unit: str | None,
    target: tuple[float, str, float | None] | None = None,
) -> str:
    if value is not None and unit in COUNTED:
        return f"{value:,.0f}"
    return two(value, target)


def count(value: Any) -> str:  # noqa: ANN401
    return NOTHING if value is None else f"{value:,.0f}"


def plain(value: Any) -> str:  # noqa: ANN401
    return NOTHING if value is None else f"{Decimal(repr(value)).normalize():f}"


def percent(part: Any, places: str = "0.1") -> str:  # noqa: ANN401
    if part is None:
        return NOTHING
    exact = Decimal(repr(part)) * 100
    return f"{exact.quantize(Decimal(places), ROUND_FLOOR).normalize():f}%"


def tonnes(kilograms: Any) -> str:  # noqa: ANN401
    return NOTHING if kilograms is None else f"{kilograms / 1000:,.3f}"


def yuan(amount: Any) -> str:  # noqa: ANN401
    return NOTHING if amount is None else f"{amount:,.2f}"


def period(code: str) -> str:
    if "Q" in code:
        return f"{code[:4]}年第{code[-1]}季度"
    return f"{code[:4]}年{int(code[5:])}月" if "-" in code else f"{code}年"


def day(when: date | None) -> str:
    return NOTHING if when is None else f"{when.month}月{when.day}日"


def full_day(when: date | None) -> str:
    return NOTHING if when is None else f"{when.year}年{day(when)}"


def minute(when: datetime | None) -> str:
    return NOTHING if when is None else f"{when:%Y-%m-%d %H:%M}"


def goal(target: tuple[float, str, float | None] | None) -> str:
    if target is None:
        return "无目标值"
    level, op, high = target
    if op != "between":
        return f"目标 {'≥' if op == 'ge' else '≤'}{plain(level)}"
    if high is None or high == level:
        return f"目标 ={plain(level)}"
    return f"目标 {plain(level)}–{plain(high)}"
