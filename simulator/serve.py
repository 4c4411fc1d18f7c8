"""Serve: all sources of a county at once, and the nights one by one."""

import json
import signal
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from simulator.county import County
from simulator.drops import write_drops, written_until
from simulator.lighting import fill
from simulator.parameters import CountyParameters
from simulator.ports import free_port
from simulator.postgres import PostgresServer
from simulator.server import CasesServer
from simulator.versions import midnight_after

_ENVIRONMENT = "environment.json"


@dataclass(frozen=True)
class _Addresses:
    token: str | None = None
    api_port: int | None = None
    database_port: int | None = None
    reader_password: str | None = None


class RunningCounty:
    """A county whose sources are up; use it in a `with` block or call `stop()`."""

    def __init__(
        self, parameters: CountyParameters, home: Path, port: int | None = None
    ) -> None:
        self.county = County(parameters)
        self.home = home
        self.landing_dir = home / "landing_dir"
        self.day: date | None = None
        # A county taken up again is found at its old addresses, where they are free.
        before = _addresses(home)
        self.cases = CasesServer(
            self.county,
            token=before.token,
            port=port or free_port(before.api_port),
        )
        self.cases.on_advance = self.advance_to
        self.postgres = PostgresServer(
            home, free_port(before.database_port), before.reader_password
        )
        self._moving = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """What a pipeline needs to know of the sources."""
        return {
            "CASES_API_URL": self.cases.url,
            "CASES_API_TOKEN": self.cases.token,
            "LANDING_DIR": str(self.landing_dir),
            "LIGHTING_DSN": self.postgres.dsn,
        }

    def start(self, until: date) -> "RunningCounty":
        """Start the sources and let the county live until the end of a day.

        A home that is already further stays where it is: time does not go back.
        """
        until = max(until, written_until(self.county, self.landing_dir) or until)
        self.home.mkdir(parents=True, exist_ok=True)
        self.postgres.start()
        try:
            self.advance_to(until)
            self.cases.start()
        except BaseException:
            self.stop()
            raise
        text = json.dumps(self.environment, ensure_ascii=False, indent=2)
        said_where = self.home / _ENVIRONMENT
        said_where.touch(mode=0o600)
        said_where.write_text(text + "\n")
        return self

    def advance_to(self, day: date) -> None:
        """Let the county live until the end of a day: files, lamps, then the clock."""
        with self._moving:
            write_drops(self.county, self.landing_dir, day)
            fill(self.postgres.owner_dsn, self.county, day)
            self.cases.set_clock(midnight_after(day))
            self.day = day

    def wait(self) -> None:
        """Stay until Ctrl-C or SIGTERM, then stop our own processes."""
        done = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: done.set())
        done.wait()
        self.stop()

    def stop(self) -> None:
        """Stop what was started here, nothing else."""
        self.cases.stop()
        self.postgres.stop()

    def __enter__(self) -> "RunningCounty":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _addresses(home: Path) -> _Addresses:
    """Read where the county of a home was found the last time."""
    said_where = home / _ENVIRONMENT
    if not said_where.exists():
        return _Addresses()
    environment = json.loads(said_where.read_text())
    dsn = urlsplit(environment["LIGHTING_DSN"])
    return _Addresses(
        token=environment["CASES_API_TOKEN"],
        api_port=urlsplit(environment["CASES_API_URL"]).port,
        database_port=dsn.port,
        reader_password=dsn.password,
    )


def run_county(
    parameters: CountyParameters,
    home: Path,
    until: date | None = None,
    port: int | None = None,
) -> RunningCounty:
    """Start all sources of a county, living until the end of a day (or its last)."""
    return RunningCounty(parameters, home, port).start(until or parameters.end)
