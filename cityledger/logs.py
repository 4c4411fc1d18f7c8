"""Logs: the details an operator is spared, bounded in size and without secrets."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from cityledger.settings import Settings, without_password
from cityledger.text import printable

_root = logging.getLogger()
_BYTES: Final = 1_000_000
_KEPT: Final = 3


class _Mask(logging.Formatter):
    """Write records with every secret replaced, fit for a terminal."""

    def __init__(self, secrets: dict[str, str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret, shown in self._secrets.items():
            text = text.replace(secret, shown)
        return printable(text)


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
    handler.setFormatter(_Mask(secrets(settings)))
    _root.addHandler(handler)
    logging.getLogger("cityledger").setLevel(logging.INFO)


def keep_off_the_screen() -> None:
    """Without a handler Python prints warnings and tracebacks to the terminal."""
    if not _root.handlers:
        _root.addHandler(logging.NullHandler())


def secrets(settings: Settings) -> dict[str, str]:
    """Return each secret with what may be shown in its place."""
    dsn = settings.lighting_dsn.get_secret_value()
    known = {
        settings.cases_api_token.get_secret_value(): "***",
        dsn: without_password(dsn),
    }
    known |= {url.get_secret_value(): "***" for url in settings.notify_urls}
    return {secret: shown for secret, shown in known.items() if secret}
