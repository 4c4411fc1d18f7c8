"""CSV lines: the records of a text, a physical line each unless plainly not."""

import re
from collections.abc import Iterator, Sequence

DELIMITERS = ",;\t"
Fields = list[str]


def split_lines(words: str) -> list[str]:
    """Split a text into its physical lines."""
    return re.split(r"\r\n|\n|\r", words)


def fields(line: str, delimiter: str) -> Fields:
    """Read one line alone; a quote that does not close on it is a character."""
    found, rest = [], line
    while True:
        quoted = _quoted(rest, delimiter)
        if quoted is None:
            cell, bar, rest = rest.partition(delimiter)
        else:
            cell, bar, rest = quoted
        found.append(cell)
        if not bar:
            return found


def _quoted(rest: str, delimiter: str) -> tuple[str, str, str] | None:
    """Read a field in quotes that closes before the next delimiter or the end."""
    field = re.match(rf'"((?:[^"]|"")*)"({re.escape(delimiter)}|\Z)', rest)
    if field is None:
        return None
    return field[1].replace('""', '"'), field[2], rest[field.end() :]


def records(
    lines: Sequence[str], delimiter: str, width: int
) -> Iterator[tuple[int, Fields]]:
    """Yield the records of so many fields, and each one's place among the lines.

    Empty lines are none.
    """
    at = 0
    while at < len(lines):
        joined = _joined(lines[at:], delimiter, width)
        if joined is None:
            found, used = fields(lines[at], delimiter), 1
        else:
            found, used = joined
        if any(cell.strip() for cell in found):
            yield at, found
        at += used


def _joined(
    lines: Sequence[str], delimiter: str, width: int
) -> tuple[Fields, int] | None:
    """Join lines whose quotes balance together only, if that makes one record.

    Each of the lines alone must be too short, and a break in the first or the last
    field joins nothing.
    """
    whole = ""
    for used, line in enumerate(lines, start=1):
        if len(fields(line, delimiter)) >= width:
            return None
        whole = line if used == 1 else f"{whole}\n{line}"
        found = _balanced(whole, delimiter)
        if found is not None:
            broken = used > 1 and len(found) == width
            outer = "\n" in found[0] + found[-1]
            return (found, used) if broken and not outer else None
    return None


def _balanced(whole: str, delimiter: str) -> Fields | None:
    """Read a record every quote of which opens, closes or doubles."""
    found, rest = [], whole
    while True:
        quoted = _quoted(rest, delimiter)
        if quoted is None:
            cell, bar, rest = rest.partition(delimiter)
            if '"' in cell:
                return None
        else:
            cell, bar, rest = quoted
        found.append(cell)
        if not bar:
            return found
