"""A night killed at any moment is mended by running it again, and leaves nothing."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from cityledger import ledger
from cityledger.settings import DataDir
from simulator.parameters import CountyParameters
from simulator.serve import RunningCounty, run_county

FIRST = date(2025, 6, 6)
SECOND = date(2025, 6, 7)
KILLS = int(os.environ.get("CITYLEDGER_TEST_KILLS", "2"))

# When a night was recorded and by which run: a killed night may have done it first.
OWN_TIME = {"recorded_at", "run_id", "loaded_at", "landed_at"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    home = tmp_path_factory.mktemp("county")
    parameters = CountyParameters(start=date(2025, 5, 28), end=SECOND, scale=0.01)
    with run_county(parameters, home, until=FIRST) as running:
        yield running


class Nights:
    """Nights of one DATA_DIR, each in a process of its own."""

    def __init__(self, county: RunningCounty, root: Path) -> None:
        self.folders = DataDir(root)
        self._environment = {**os.environ, **county.environment, "DATA_DIR": str(root)}

    def begin(self, day: date) -> "subprocess.Popen[bytes]":
        """Start a night."""
        return subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from cityledger.cli import main; main()",
                "nightly",
                f"--date={day}",
            ],
            env=self._environment,
        )

    def run(self, day: date) -> None:
        """Run a night to its good end."""
        assert self.begin(day).wait(timeout=600) in (0, 5)

    def kill(self, day: date, moment: Callable[[], bool]) -> None:
        """Start a night and kill it when the moment has come, or let it end."""
        process = self.begin(day)
        while process.poll() is None and not moment():
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def published(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row that a page may read, but for when it was written."""
        path = self.folders.published / "leaders.duckdb"
        with duckdb.connect(str(path), read_only=True) as marts:
            names = {
                n for (n,) in marts.execute("select name from (show tables)").fetchall()
            }
            # It tells of every run that was tried, the killed ones too.
            names -= {"runs"}
            tables = {name: marts.table(name) for name in sorted(names)}
            return {
                name: table.project(
                    ", ".join(f'"{c}"' for c in table.columns if c not in OWN_TIME)
                )
                .order("all")
                .fetchall()
                for name, table in tables.items()
            }

    def hidden_files(self) -> list[Path]:
        """Return the halves that a killed process left behind."""
        return [path for path in self.folders.root.rglob(".*") if path.is_file()]


@pytest.fixture(scope="module")
def undisturbed(
    county: RunningCounty, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Nights, Path, float]:
    """Two nights without a fault; the state between them; what the second took."""
    nights = Nights(county, tmp_path_factory.mktemp("undisturbed") / "data")
    nights.run(FIRST)
    between = tmp_path_factory.mktemp("between") / "data"
    shutil.copytree(nights.folders.root, between, symlinks=True)
    county.advance_to(SECOND)
    began = time.monotonic()
    nights.run(SECOND)
    return nights, between, time.monotonic() - began


def after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def more_files(folder: Path, pattern: str) -> Callable[[], bool]:
    known = len(list(folder.glob(pattern)))
    return lambda: len(list(folder.glob(pattern))) > known


def test_killed_nights_leave_the_same_figures(
    county: RunningCounty,
    undisturbed: tuple[Nights, Path, float],
) -> None:
    sound, between, duration = undisturbed
    nights = Nights(county, between)
    folders = nights.folders
    dice = random.Random(420323)  # noqa: S311 - the same moments each time

    for _ in range(KILLS):
        nights.kill(SECOND, after(dice.uniform(0, duration)))
    # The moments that a random one is least likely to find.
    nights.kill(SECOND, more_files(folders.landing, "*/*/*.parquet"))
    nights.kill(SECOND, more_files(folders.versions, ".building-*"))
    nights.kill(SECOND, more_files(folders.ledger, "[0-9]*"))
    nights.run(SECOND)

    expected, found = sound.published(), nights.published()
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    assert ledger.verify(folders) == []
    assert nights.hidden_files() == []
    assert not folders.warehouse.with_name("warehouse.duckdb.tmp").exists()
    # Freed blocks are used again: a file that was killed over does not keep growing.
    limit = 2 * sound.folders.warehouse.stat().st_size
    assert folders.warehouse.stat().st_size < limit


def test_the_warehouse_can_be_deleted(undisturbed: tuple[Nights, Path, float]) -> None:
    nights, _, _ = undisturbed
    before = nights.published()
    editions = ledger.read(nights.folders)
    nights.folders.warehouse.unlink()

    nights.run(SECOND)

    after_all = nights.published()
    assert [name for name in before if after_all[name] != before[name]] == []
    assert ledger.read(nights.folders) == editions
