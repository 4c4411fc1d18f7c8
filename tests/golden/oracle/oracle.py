"""Oracle: observes the sources night after night and recomputes the numbers."""

import pickle
from datetime import date
from functools import lru_cache
from pathlib import Path

import httpx
import pandas as pd
import psycopg

from tests.golden.oracle import case_platform, counts, database, drops, table
from tests.golden.oracle.memory import Memory
from tests.golden.oracle.night import Night
from tests.golden.oracle.rules_cases import SHAPES
from tests.golden.oracle.settings import Settings


class NotObservedError(ValueError):
    """The oracle is asked about a night before the first it has observed."""


class Oracle:
    """An independent reader of the sources of one county."""

    def __init__(
        self,
        api_url: str,
        token: str,
        landing_dir: str,
        lighting_dsn: str,
        settings: Settings | None = None,
    ) -> None:
        self.api_url = api_url
        self.token = token
        self.landing_dir = landing_dir
        self.lighting_dsn = lighting_dsn
        self.settings = settings
        self.memory = Memory()
        self.observed: set[date] = set()
        self.failures: list[tuple[date, str, str]] = []
        self._night = lru_cache(maxsize=1)(self._judge)

    def observe(self, day: date) -> None:
        """Read every source as it stands on the night of a day."""
        self._observe_platform(day)
        for path, content in drops.list_files(self.landing_dir).items():
            self.memory.keep_file(path, content, day)
        self._observe_lights(day)
        self.observed.add(day)
        self._night.cache_clear()

    def _observe_platform(self, day: date) -> None:
        for name in SHAPES:
            try:
                rows = case_platform.read_table(self.api_url, self.token, name)
            except (case_platform.PlatformError, httpx.HTTPError) as error:
                self.failures.append((day, name, str(error)))
                continue
            self.memory.keep_records(name, rows, day)
            self.memory.loads[name].add(day)

    def _observe_lights(self, day: date) -> None:
        try:
            with database.connect(self.lighting_dsn) as link:
                for name, rows in database.read_small_tables(link).items():
                    self.memory.keep_records(name, rows, day)
                self.memory.keep_polls(link, day)
        except psycopg.Error as error:
            self.failures.append((day, "lighting", str(error)))
        else:
            self.memory.loads["lighting"].add(day)

    def night(self, day: date) -> Night:
        """Return what is known at 24:00 of a day."""
        return self._night(day)

    def _judge(self, day: date) -> Night:
        if not any(seen <= day for seen in self.observed):
            raise NotObservedError(day)
        return Night(self.memory, day, self.settings)

    def values(self, day: date) -> pd.DataFrame:
        """Return `indicator_values` of a day, cell by cell."""
        return table.values(self.night(day))

    def counts(self, day: date) -> pd.DataFrame:
        """Return received rows by source, fate and rule."""
        return counts.counts(self.night(day))

    def save(self, path: Path) -> None:
        """Keep the memory for the next night."""
        path.write_bytes(pickle.dumps((self.memory, self.observed)))

    def load(self, path: Path) -> None:
        """Take up the memory of earlier nights."""
        self.memory, self.observed = pickle.loads(path.read_bytes())  # noqa: S301
        self._night.cache_clear()
