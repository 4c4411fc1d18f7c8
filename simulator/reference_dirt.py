"""Dirt: rows of the county's own tables broken so that one rule must catch them.

The first edition is sound. In the second week a few rows that were sound are broken:
what they said before stays in force. Later only rows are broken that nobody needs, so
that a county is sound on whatever night it is first read.
"""

from dataclasses import dataclass
from datetime import date

from simulator.county import County
from simulator.lines import IGNORED

_FIRST, _SECOND, _LATER = range(4, 8), range(8, 12), 21


@dataclass
class Line:
    """A row of a table as its cells, perhaps with the rule it breaks."""

    cells: list[str]
    rule: str | None = None


def soiled(county: County, name: str, day: date, lines: list[Line]) -> list[Line]:
    """Break the rows of a day's edition whose turn it is."""
    number = county.day_number(day)
    if number in _FIRST:
        return _first(name, lines)
    if number in _SECOND:
        return _second(name, lines)
    if number >= _LATER and number // 7 % 2:
        return _later(name, lines)
    return lines


def _first(name: str, lines: list[Line]) -> list[Line]:
    """A plant of a new kind, a road that is lit in a word of its own, totals."""
    if name == "facilities":
        lines[-1] = _with(lines[-1], 2, "新型处理", "F02")
    if name == "road_segments":
        lines[-1] = _with(lines[-1], -1, "有", "F03")
    if name == "towns":
        lines += [Line(lines[0].cells), Line(["合计", f"{len(lines)}个", ""], IGNORED)]
    return lines


def _second(name: str, lines: list[Line]) -> list[Line]:
    """A department twice under two names, one without code, a village of no town."""
    if name == "departments":
        twice = _with(lines[0], 1, "另一个局", "F01")
        lines += [twice, _with(lines[0], 0, "", "F01")]
    if name == "communities":
        lines[-1] = _with(lines[-1], 2, "999999999000", "F04")
    return lines


def _later(name: str, lines: list[Line]) -> list[Line]:
    """A plant on trial, which weighs nothing."""
    if name == "facilities":
        lines.append(Line(["SY99", "试点处理站", "新型处理", "全县", "否"], "F02"))
    return lines


def _with(line: Line, place: int, cell: str, rule: str) -> Line:
    cells = [*line.cells]
    cells[place] = cell
    return Line(cells, rule)
