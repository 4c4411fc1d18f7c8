"""Spreadsheet: what a cell can hold, whichever file it is written to."""

import unicodedata
from typing import Final, TypeVar

from cityledger.text import is_unseen, printable

Cell = TypeVar("Cell")

# What Excel keeps of a sheet; more is lost without a word.
MOST_ROWS: Final = 1_000_000
MOST_CHARACTERS: Final = 32_767
_CUT: Final = "……（太长，截断）"
_SIGNS: Final = frozenset("=+-@\u2212")
_BREAKS: Final = ("\t", "\r", "\n")


def inert(cell: Cell) -> Cell | str:
    """Put an apostrophe before text that a spreadsheet would compute.

    Programs look past blanks and marks that are not seen, and take full-width signs for
    the signs they are. What is no text is returned as it is.
    """
    if not isinstance(cell, str):
        return cell
    seen = next((one for one in cell if not (one.isspace() or is_unseen(one))), "")
    is_formula = unicodedata.normalize("NFKC", seen)[:1] in _SIGNS
    return f"'{cell}" if is_formula or cell.startswith(_BREAKS) else cell


def whole(text: str) -> str:
    """Return text that a workbook can hold in one cell, and says where it was cut."""
    sound = printable(text)
    # Excel counts UTF-16 units.
    units = sound.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return sound
    kept = units[: 2 * (MOST_CHARACTERS - len(_CUT))]
    return kept.decode("utf-16-le", "ignore") + _CUT
