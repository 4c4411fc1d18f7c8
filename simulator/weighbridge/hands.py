"""Hands: how each facility's program writes its tickets down."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from simulator.county import County
from simulator.weighbridge.dirt import Line
from simulator.weighbridge.tickets import COLUMNS
from simulator.workbook import in_full, in_short, with_slashes

_ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_WEIGHTS = ("毛重kg", "皮重kg", "净重kg")
_TIMES = ("毛重时间", "皮重时间")
_SPARE = "备用"
# Programs that only one facility of the county has each.
_ODD = ("utf-16", "semicolons", "tabs", "spare columns")
_DELIMITERS = {"semicolons": ";", "tabs": "\t"}


@dataclass
class Hand:
    """Encoding, columns and forms of a facility's files."""

    encoding: str
    columns: list[str]
    style: str
    ending: str
    delimiter: str = ","
    times: str = "plain"

    def write(self, lines: list[Line]) -> tuple[bytes, list[int]]:
        """Write lines; return the bytes and the physical line each begins on."""
        texts = [self._join(line) for line in lines]
        numbers, next_line = [], 2
        for text in texts:
            numbers.append(next_line)
            next_line += 1 + text.count("\n")
        header = self._row(self.columns)
        data = self.ending.join([header, *texts, ""]).encode(self.encoding)
        return data, numbers

    def _join(self, line: Line) -> str:
        if line.cells is not None:
            return self._row(line.cells)
        cells = [self._cell(line, column) for column in self.columns]
        if _SPARE in self.columns:
            cells[self.columns.index(_SPARE)] = line.spare
        if line.is_torn:
            return self._row(cells[:5])
        plate = self.columns.index("车牌号")
        if line.has_nuls:
            cells[plate] = "\0" * 8
        text = self._row(cells)
        # A program that quotes anything at all quotes its plates soundly.
        is_bare = '"' not in text
        return (
            text.replace(cells[plate], line.quote.format(cells[plate]), 1)
            if (is_bare)
            else text
        )

    def _row(self, cells: list[str]) -> str:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=self.delimiter).writerow(cells)
        return buffer.getvalue().removesuffix("\r\n")

    def _cell(self, line: Line, column: str) -> str:
        value = line.ticket.get(column, "")
        if column in _TIMES:
            return _time(str(value), self.times)
        if column not in _WEIGHTS or not isinstance(value, int):
            return str(value)
        if self.style == "comma":
            return f"{value:,}"
        text = str(value)
        return text.translate(_FULL_WIDTH) if self.style == "full-width" else text


def hand(county: County, facility: str, month: int) -> Hand:
    """Return the hand of a facility; its columns move from month to month."""
    habits = county.dice("habits", facility)
    encoding = habits.choice(_ENCODINGS)
    columns = list(COLUMNS)
    if habits.random() < 0.5:
        county.dice("order", facility, month).shuffle(columns)
    if habits.random() < 0.4:
        columns.append("备注")
    style = habits.choice(("plain", "comma", "full-width"))
    ending = habits.choice(("\n", "\r\n"))
    plain = Hand(encoding, columns, style, ending)
    return _made_odd(county, facility, plain) if county.parameters.dirt else plain


def _made_odd(county: County, facility: str, plain: Hand) -> Hand:
    names = [f.facility_id for f in county.shape.facilities if not f.is_quiet]
    county.dice("odd hands").shuffle(names)
    place = names.index(facility)
    oddity = _ODD[place] if place < len(_ODD) else ""
    plain.delimiter = _DELIMITERS.get(oddity, ",")
    plain.times = county.dice("times", facility).choice(("plain", "slashes", "short"))
    if oddity == "utf-16":
        plain.encoding = "utf-16"
    if oddity == "spare columns":
        plain.columns.insert(3, _SPARE)
        plain.columns.insert(9, _SPARE)
    return plain


def _time(text: str, style: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return {"slashes": with_slashes, "short": in_short}.get(style, in_full)(when)
