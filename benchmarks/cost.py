"""Cost: what a piece of work took, in this process or in one of its own."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

# getrusage counts memory in KiB on Linux.
_KIB_PER_MB = 1024


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of processors, and the most memory at once."""

    wall_s: float
    cpu_s: float
    peak_mb: float = 0.0

    def plus(self, other: "Cost") -> "Cost":
        """Add what came after."""
        return Cost(
            self.wall_s + other.wall_s,
            self.cpu_s + other.cpu_s,
            max(self.peak_mb, other.peak_mb),
        )

    def as_json(self) -> dict[str, float]:
        """Return the raw numbers, rounded to what can be measured."""
        return {name: round(number, 3) for name, number in vars(self).items()}


class CommandError(RuntimeError):
    """A command under measurement did not end well."""


def median(costs: Sequence[Cost]) -> Cost:
    """Return the medians of repeats; the most memory counts, not the middle one."""
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        max(cost.peak_mb for cost in costs),
    )


def of_command(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    good: Sequence[int] = (0,),
) -> Cost:
    """Run a command to its end and return what it and its children took."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, env=environment and {**os.environ, **environment}
    )
    # wait4 instead of wait(): it tells what this child used, not all of them.
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        msg = f"{' '.join(command)}: exit code {process.returncode}"
        raise CommandError(msg)
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _KIB_PER_MB)


def of_call(work: Callable[[], object]) -> Cost:
    """Call something in this process and return what it took."""
    began, used = time.monotonic(), time.process_time()
    work()
    return Cost(time.monotonic() - began, time.process_time() - used)


class Stages:
    """Stages of a process, each with what it took."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}
        self._began: dict[str, tuple[float, float]] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        self._began[name] = (time.monotonic(), time.process_time())
        try:
            yield
        finally:
            self.costs[name] = self.since_beginning_of(name)

    def since_beginning_of(self, name: str) -> Cost:
        """Return what a stage has taken up to now."""
        began, used = self._began[name]
        return Cost(time.monotonic() - began, time.process_time() - used)

    def as_json(self) -> dict[str, dict[str, float]]:
        """Return the stages in the order in which they began."""
        return {name: cost.as_json() for name, cost in self.costs.items()}
