"""Logs: the details an operator is spared, bounded in size and without secrets."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from cityledger.settings import Settings
from cityledger.text import printable

_root = logging.getLogger()
_BYTES: Final = 1_000_000
_KEPT: Final = 3


class _Mask(logging.Formatter):
    """Write records with every secret replaced, fit for a terminal."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._settings = settings

    def format(self, record: logging.LogRecord) -> str:
        return printable(self._settings.without_secrets(super().format(record)))


def log_file(settings: Settings) -> Path:
    """Return where the verbs write their log."""
    return settings.folders.state / "logs" / "cityledger.log"


def write_to_file(settings: Settings) -> None:
    """Send our own log, and warnings of libraries, to the file."""
    keep_off_the_screen()
    path = log_file(settings)
    if any(getattr(h, "baseFilename", "") == str(path) for h in _root.handlers):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_KEPT)
    handler.setFormatter(_Mask(settings))
    _root.addHandler(handler)
    logging.getLogger("cityledger").setLevel(logging.INFO)


def keep_off_the_screen() -> None:
    """Without a handler Python prints warnings and tracebacks to the terminal."""
    if not _root.handlers:
        _root.addHandler(logging.NullHandler())
