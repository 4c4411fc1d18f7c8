"""Lines: rows of a sheet on their way to a file, and those that are no records.

Offices close a sheet with totals and with who filled it in, and leave lines empty.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.workbook import Cell

IGNORED = "ignored"
TOTALS = ("合计", "合计：", "小计", "总计:", "累计", " 平均 ")
NOTES = ("制表：陈师傅", "制表人", "填表日期：月末", "审核：", "备注：含节假日", "说明")


@dataclass
class Line:
    """A row, perhaps with the rule it breaks; a blank one has no cells."""

    cells: dict[str, Cell]
    rule: str | None = None
    note: str = ""


def surround(
    lines: list[Line], columns: Sequence[str], summed: Sequence[str], rng: random.Random
) -> None:
    """Put lines of an office among the records: blank, totals, who filled it in.

    Only where the contract's columns leave a note nothing but to break a rule.
    """
    if rng.random() < 0.5:
        lines.insert(rng.randint(0, len(lines)), Line({}))
    if rng.random() < 0.5:
        sums: dict[str, Cell] = {name: _sum(lines, name) for name in summed}
        total = {columns[0]: rng.choice(TOTALS)} | sums
        lines.append(Line(total, IGNORED, "汇总行"))
    if rng.random() < 0.5:
        lines.append(Line({}))
        lines.append(Line({columns[0]: rng.choice(NOTES)}, IGNORED, "说明行"))


def _sum(lines: Sequence[Line], name: str) -> float:
    values = (line.cells.get(name) for line in lines)
    return sum(value for value in values if isinstance(value, int | float))


def received(lines: Sequence[Line]) -> int:
    """Count the rows that a reader receives: all but the blank ones."""
    return sum(bool(line.cells) for line in lines)
