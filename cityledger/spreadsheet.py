"""Spreadsheet: what a cell can hold, whichever file it is written to."""

import re
import unicodedata
from typing import Final

# What Excel keeps of a sheet; more is lost without a word.
MOST_ROWS: Final = 1_000_000
MOST_CHARACTERS: Final = 32_767
_CUT: Final = "……（太长，截断）"
_SIGNS: Final = frozenset("=+-@")
_BREAKS: Final = ("\t", "\r", "\n")
# What no XML file may hold, an office file's parts included.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def inert(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would compute.

    Programs look past blanks and marks that are not seen, and take full-width signs for
    the signs they are.
    """
    seen = next((one for one in text if not _is_unseen(one)), "")
    is_formula = unicodedata.normalize("NFKC", seen)[:1] in _SIGNS
    return f"'{text}" if is_formula or text.startswith(_BREAKS) else text


def whole(text: str) -> str:
    """Return text that a workbook can hold in one cell, and says where it was cut."""
    sound = printable(text)
    # Excel counts UTF-16 units.
    units = sound.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return sound
    kept = units[: 2 * (MOST_CHARACTERS - len(_CUT))]
    return kept.decode("utf-16-le", "ignore") + _CUT


def printable(text: str) -> str:
    """Return text that an office file can hold: a mark for each character it cannot."""
    return _NOT_XML.sub("\ufffd", text)


def _is_unseen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
