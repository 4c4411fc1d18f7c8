"""Text: what people type is cleaned once, where it enters; exits escape all the same.

Characters that cannot be seen, or that a terminal, a feed or a spreadsheet obeys, say
nothing in a reason or a name: they hide, reorder or command. Whoever types is told;
whatever comes from a file is shown with a mark in their place.
"""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from cityledger.errors import UsageError

LONGEST: Final = 2000

# Control, format (zero width, bidi, tags), surrogates, line and paragraph separators.
_CATEGORIES: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
# Blank by looks though letters, marks or symbols by category, and what XML forbids.
_BLANKS: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0100-\U000e01ef]"
)
# What an editor or a form puts between lines; a line break inside a name is a space.
_BREAKS: Final = re.compile(r"[\t\r\n]+")
_OUTER: Final = " \u00a0\u1680\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def clean(text: str) -> str:
    """Return what a person typed, composed and without outer blanks, in one line.

    Raises:
        UsageError: It holds a character that cannot be seen, or is too long.
    """
    line = unicodedata.normalize("NFC", _BREAKS.sub(" ", text)).strip(_OUTER)
    if len(line) > LONGEST:
        raise UsageError(f"文字太长：{len(line)} 字，最多 {LONGEST} 字")
    for place, one in enumerate(line, start=1):
        if is_unseen(one):
            raise UsageError(
                f"文字第 {place} 个字符 U+{ord(one):04X} 看不见（控制符、零宽字符或"
                f"方向符），不能使用；请去掉后重新输入：{printable(line[:40])}"
            )
    return line


def checked(value: Any) -> Any:  # noqa: ANN401 - a field of any type
    """Clean a field of a file or of the environment, as pydantic asks for it.

    Raises:
        ValueError: It holds a character that cannot be seen, or is too long.
    """
    if isinstance(value, list | tuple):
        return type(value)(checked(one) for one in value)
    try:
        return clean(value) if isinstance(value, str) else value
    except UsageError as error:
        raise ValueError(str(error)) from None


CleanText = Annotated[str, AfterValidator(checked)]


def is_unseen(one: str) -> bool:
    """Say whether a character hides, reorders or commands instead of being read."""
    return unicodedata.category(one) in _CATEGORIES or bool(_BLANKS.match(one))


def printable(text: str, mark: str = "\ufffd") -> str:
    """Return a text that a terminal, XML and HTML show as it is; lines stay lines."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        mark if one not in "\n\t" and is_unseen(one) else one for one in text
    )


def escaped(document: str) -> str:
    r"""Return JSON with what cannot be seen written as `\uXXXX`: nothing is lost."""
    return "".join(
        _json_escape(one) if one != "\n" and is_unseen(one) else one for one in document
    )


def _json_escape(one: str) -> str:
    units = one.encode("utf-16-be", "surrogatepass")
    return "".join(
        f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2)
    )
