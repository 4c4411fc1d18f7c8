"""Screen: progress on a terminal, plain lines in a log."""

import logging
from types import TracebackType

from rich.console import Console
from rich.status import Status
from rich.text import Text

from cityledger.text import printable

_log = logging.getLogger(__name__)


class Screen:
    """Show the present step on one line and keep the notes above it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None

    def __enter__(self) -> "Screen":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status:
            self._status.stop()

    def doing(self, text: str) -> None:
        """Replace the line that says what is going on; a log does not get it."""
        if not self._console.is_terminal:
            return
        shown = Text(printable(text))
        if not self._status:
            self._status = self._console.status(shown)
            self._status.start()
        self._status.update(shown)

    def note(self, text: str) -> None:
        """Print a line that stays, here and in the log file."""
        _log.info("%s", text)
        self._console.print(
            printable(text), markup=False, highlight=False, soft_wrap=True
        )
