"""Settings: what a county says of itself that no source says."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Settings:
    """How far back history goes, and which facilities weigh against a stored tare."""

    history_from: date = date(2000, 1, 1)
    stored_tare: frozenset[str] = frozenset()
