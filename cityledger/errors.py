"""Errors: what an operator is told when something cannot be done."""

from typing import Final

PUBLISHED: Final = 0
FAILED: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
NOTHING_NEW: Final = 4
PUBLISHED_INCOMPLETE: Final = 5


class OperatorError(Exception):
    """An error whose text says in Chinese what happened and what to do."""

    exit_code = FAILED


class UsageError(OperatorError):
    """The command was asked for something that does not exist or make sense."""

    exit_code = USAGE
