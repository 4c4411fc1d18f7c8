"""Figures: one cell of the indicator table before it becomes a value."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add

COUNTY = "420323000000"


@dataclass(frozen=True)
class Figure:
    """A numerator and denominator with the records behind them."""

    numerator: Fraction | int | None = 0
    denominator: Fraction | int | None = 0
    n: int = 0
    excluded: int = 0
    null_reason: str | None = None

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(
            (self.numerator or 0) + (other.numerator or 0),
            (self.denominator or 0) + (other.denominator or 0),
            self.n + other.n,
            self.excluded + other.excluded,
        )


Areas = dict[str, Figure]


def absent(reason: str) -> Figure:
    """Return the figure of a period whose register is not there."""
    return Figure(None, None, null_reason=reason)


def excluded() -> Figure:
    """Return one record taken out by rule."""
    return Figure(excluded=1)


def counted(hit: bool) -> Figure:
    """Return one record of the denominator."""
    return Figure(int(hit), 1, 1)


def total(figures: Iterable[Figure]) -> Figure:
    """Sum figures."""
    return reduce(add, figures, Figure())


def put(areas: Areas, town: str | None, figure: Figure) -> None:
    """Add a figure to the county and to its town."""
    for area in {COUNTY, town or COUNTY}:
        areas[area] = areas.get(area, Figure()) + figure


def sum_areas(parts: Iterable[Areas]) -> Areas:
    """Add months area by area."""
    whole: Areas = {}
    for part in parts:
        for area, figure in part.items():
            whole[area] = whole.get(area, Figure()) + figure
    return whole
