"""Output: how verbs answer, to a person or to a program."""

import json
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console

from cityledger.screen import Screen
from cityledger.text import escaped, printable


def say(lines: str | Iterable[str]) -> None:
    """Print text as it is, without wrapping it; what a terminal obeys is marked."""
    for line in [lines] if isinstance(lines, str) else lines:
        Console().print(printable(line), markup=False, highlight=False, soft_wrap=True)


def complain(text: str) -> None:
    """Print an error."""
    console = Console(stderr=True)
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True)


def as_json(answer: Any) -> None:  # noqa: ANN401 - whatever a verb found
    """Print an answer as one JSON document."""
    plain = _plain(answer)
    Console().print(
        escaped(json.dumps(plain, ensure_ascii=False, indent=2, default=str)),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def screen(is_program: bool = False) -> Screen:
    """Return a place for progress; a program's answer is not mixed with it."""
    return Screen(Console(stderr=is_program))


def _plain(answer: Any) -> Any:  # noqa: ANN401 - whatever a verb found
    if is_dataclass(answer) and not isinstance(answer, type):
        return asdict(answer)
    if isinstance(answer, list | tuple):
        return [_plain(item) for item in answer]
    return answer
