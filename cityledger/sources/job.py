"""Job: what a source is asked to land, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cityledger.calendar import as_of
from cityledger.landing_files import Draft
from cityledger.load_log import FileCounts, Load, NotTaken
from cityledger.settings import Settings


class SourceError(Exception):
    """A source did not give what it should; the message is for the operator."""


@dataclass(frozen=True)
class Job:
    """One load to do: its log entry, the load before it and where to write."""

    load: Load
    previous: Load | None
    settings: Settings
    draft: Draft

    @property
    def since(self) -> datetime | None:
        """Return from when on to ask again, in county time; None the first time.

        A backfill asks from its own date on, even after later nights.
        """
        if self.previous is None:
            return None
        known = min(self.load.load_date, self.previous.load_date)
        return as_of(known) - timedelta(days=self.settings.late_days)


@dataclass(frozen=True)
class Fetched:
    """What a source gave, in the words of the load log."""

    window: str
    rows: int
    rows_fetched: int
    bytes: int
    hash: str
    message: str
    files: FileCounts = field(default_factory=FileCounts)
    newest_item_at: datetime | None = None
    not_taken: tuple[NotTaken, ...] = ()
