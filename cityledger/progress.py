"""Progress: what a verb says while it works."""

from typing import Protocol


class Teller(Protocol):
    """Somebody who listens: a terminal, a log, or nobody."""

    def doing(self, text: str) -> None:
        """Say what is going on right now; the next call replaces it."""

    def note(self, text: str) -> None:
        """Say something that stays."""


class Silent:
    """Nobody listens."""

    def doing(self, text: str) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


SILENT = Silent()
