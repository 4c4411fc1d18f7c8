"""County: a full-size county with months of history behind it, ready for a night.

Its files and its platform are the simulator's. Its street-light database holds the
polls of the last nights only, as such databases do; the polls of the nights before lie
where landing them night by night would have put them.
"""

import shutil
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from benchmarks.history import Past
from cityledger.settings import DataDir
from simulator.county import County
from simulator.drops import write_drops
from simulator.lighting import fill
from simulator.parameters import CountyParameters
from simulator.postgres import PostgresServer
from simulator.server import CasesServer
from simulator.versions import midnight_after

DAY = timedelta(days=1)
# A night asks again for the polls of the four days before its own.
NIGHTS_IN_DATABASE = 6


@dataclass(frozen=True)
class Size:
    """How large a county is and how long its history."""

    months: int
    night: date
    scale: float = 1.0

    @property
    def start(self) -> date:
        """The first day of the months of history, the night's own month included."""
        first = self.night.year * 12 + self.night.month - self.months
        return date(first // 12, first % 12 + 1, 1)


class FullCounty:
    """A county whose sources are up; use it in a `with` block."""

    def __init__(self, size: Size, home: Path) -> None:
        self.size = size
        self.county = County(
            CountyParameters(start=size.start, end=size.night, scale=size.scale)
        )
        self.home = home
        self.landing_dir = home / "landing_dir"
        self.data_dir = home / "data"
        self.past = Past(self.county, DataDir(self.data_dir))
        self._saved = home / "data-before"
        self._cases = CasesServer(self.county)
        self._postgres = PostgresServer(home)
        self._stack = ExitStack()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._cases.on_advance = self.advance_to
        self._stack.enter_context(self._postgres)
        self._stack.enter_context(self._cases)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def environment(self) -> dict[str, str]:
        """What a night needs to know."""
        return {
            "CASES_API_URL": self._cases.url,
            "CASES_API_TOKEN": self._cases.token,
            "LANDING_DIR": str(self.landing_dir),
            "LIGHTING_DSN": self._postgres.dsn,
            "DATA_DIR": str(self.data_dir),
        }

    @property
    def polls_since(self) -> date:
        """The day from which on arriving polls are in the database."""
        return self.size.night - NIGHTS_IN_DATABASE * DAY

    def advance_to(self, day: date) -> None:
        """Let every source live until the end of a day."""
        with self._lock:
            write_drops(self.county, self.landing_dir, day)
            fill(self._postgres.owner_dsn, self.county, day, self.polls_since)
            self._cases.set_clock(midnight_after(day))

    def land_old_polls(self) -> int:
        """Put the polls of all nights before the database's where landing puts them."""
        return self.past.land_polls(self.polls_since - DAY)

    def save(self) -> None:
        """Keep the data directory as it is now, to begin again from here."""
        shutil.rmtree(self._saved, ignore_errors=True)
        _copy(self.data_dir, self._saved)

    def restore(self) -> None:
        """Put the data directory back as it was saved."""
        shutil.rmtree(self.data_dir, ignore_errors=True)
        _copy(self._saved, self.data_dir)


def _copy(source: Path, target: Path) -> None:
    """Copy a data directory; files that are only ever replaced whole are linked."""
    shutil.copytree(source, target, symlinks=True, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    if source.endswith((".parquet", ".json")):
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)
