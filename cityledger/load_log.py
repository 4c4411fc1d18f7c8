"""Load log: what each attempt to land a source did."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

Outcome = Literal["running", "ok", "failed"]


@dataclass(frozen=True)
class FileCounts:
    """How many files a load saw, by what became of them."""

    new: int = 0
    changed: int = 0
    refused: int = 0
    unchanged: int = 0
    ignored: int = 0


@dataclass(frozen=True)
class Load:
    """One attempt to land one source for one logical date; times are county local."""

    load_id: str
    source: str
    load_date: date
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Outcome = "running"
    window: str = ""
    rows: int = 0
    rows_fetched: int = 0
    bytes: int = 0
    hash: str = ""
    duration_s: float = 0.0
    message: str = ""
    files: FileCounts = field(default_factory=FileCounts)
    newest_item_at: datetime | None = None


def read(data_dir: Path) -> list[Load]:
    """Return every attempt, oldest first; one whose process died has failed."""
    raise NotImplementedError(data_dir)
