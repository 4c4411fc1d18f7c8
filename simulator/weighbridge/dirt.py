"""Dirt: tickets broken so that one rule must catch them."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from simulator.lines import IGNORED, NOTES, TOTALS
from simulator.weighbridge.tickets import Ticket

_NULS = "含NUL字节"


@dataclass
class Line:
    """A line of a file: a ticket, perhaps with the rule it breaks.

    What is no ticket (totals, notes, blank lines) says its cells itself.
    """

    ticket: Ticket
    rule: str | None = None
    note: str = ""
    is_copied: bool = False
    cells: list[str] | None = None
    spare: str = ""
    quote: str = "{}"

    @property
    def is_blank(self) -> bool:
        """Say whether nothing stands on the line."""
        return self.cells is not None and not any(map(str.strip, self.cells))

    @property
    def has_nuls(self) -> bool:
        """Say whether the program wrote zero bytes into the line."""
        return self.note == _NULS

    @property
    def is_torn(self) -> bool:
        """Say whether the line ends before its last fields."""
        return self.rule == "B08" and not self.has_nuls


def surround(lines: list[Line], columns: list[str], rng: random.Random) -> None:
    """Put what is no ticket among the lines: blank ones, totals, who printed them."""
    width = len(columns)
    if rng.random() < 0.15:
        blank = rng.choice(([], [""] * width, ["  "]))
        lines.insert(rng.randint(0, len(lines)), Line({}, cells=blank))
    if rng.random() < 0.15:
        total = sum(_kilograms(line) for line in lines)
        row = [rng.choice(TOTALS), *[""] * (width - 2), f"{total}"]
        cut = rng.choice((width, 2))
        lines.append(Line({}, IGNORED, "汇总行", cells=row[:cut]))
    if rng.random() < 0.15:
        row = [rng.choice(NOTES), *[""] * (width - 1)]
        cut = rng.choice((width, 1))
        lines.append(Line({}, IGNORED, "说明行", cells=row[:cut]))
    whole = [line for line in lines if line.rule is None and line.ticket]
    if len(whole) > 2 and rng.random() < 0.15:
        # Two quotes that have lost each other around the tickets of three lines.
        first = rng.randrange(len(whole) - 2)
        whole[first].quote, whole[first + 2].quote = '"{}', '{}"'
    if whole and rng.random() < 0.15:
        rng.choice(whole).spare = "夜\n班"


def _kilograms(line: Line) -> int:
    net = line.ticket.get("净重kg")
    return net if isinstance(net, int) else 0


def break_line(lines: list[Line], rule: str, rng: random.Random) -> None:
    """Break one clean line of a file by a rule; B07 adds a second line of a key."""
    clean = [i for i, line in enumerate(lines) if line.rule is None]
    clean = [i for i in clean if not lines[i].is_copied]
    if not clean:
        return
    index = rng.choice(clean)
    if rule == "B07":
        # The copied ticket must stay whole, or its copy would be the first of its key.
        lines[index].is_copied = True
        twin = Line(dict(lines[index].ticket), "B07", "同一文件内磅单号重复")
        lines.insert(rng.randint(index + 1, len(lines)), twin)
        return
    line = lines[index]
    line.ticket = dict(line.ticket)
    line.rule = rule
    line.note = _BREAKERS[rule](line.ticket, rng)
    if rule < "B06" and rng.random() < 0.15:
        # A row counts once, under the first rule that it breaks.
        _unknown_place(line.ticket, rng)


def _no_key(ticket: Ticket, rng: random.Random) -> str:
    ticket["磅单号"] = ""
    return "磅单号为空"


def _no_number(ticket: Ticket, rng: random.Random) -> str:
    ticket["净重kg"] = rng.choice(("—", "0", "-4200", "约4吨"))
    return f"净重kg={ticket['净重kg']}"


def _no_balance(ticket: Ticket, rng: random.Random) -> str:
    ticket["毛重kg"] = int(ticket["皮重kg"]) + int(ticket["净重kg"]) + 21
    return "毛重-皮重-净重相差21"


def _unknown_word(ticket: Ticket, rng: random.Random) -> str:
    column, word = rng.choice(
        (("方向", "入"), ("垃圾类别", "生活垃圾"), ("是否二次", "1"), ("状态", "正常"))
    )
    ticket[column] = word
    return f"{column}={word}"


def _bad_time(ticket: Ticket, rng: random.Random) -> str:
    gross_at = str(ticket["毛重时间"])
    ticket["皮重时间"] = rng.choice(
        ("2025-02-30 08:00:00", "上午八点", gross_at.replace("20", "19", 1))
    )
    return f"皮重时间={ticket['皮重时间']}"


def _unknown_place(ticket: Ticket, rng: random.Random) -> str:
    column = rng.choice(("来源编码", "去向设施"))
    ticket[column] = "999999999000"
    return f"{column}=999999999000"


def _lose_a_field(ticket: Ticket, rng: random.Random) -> str:
    return rng.choice(("字段数不符", _NULS))


_BREAKERS: dict[str, Callable[[Ticket, random.Random], str]] = {
    "B01": _no_key,
    "B02": _no_number,
    "B03": _no_balance,
    "B04": _unknown_word,
    "B05": _bad_time,
    "B06": _unknown_place,
    "B08": _lose_a_field,
}
