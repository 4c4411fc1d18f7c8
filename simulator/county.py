"""County: one synthetic county, a pure function of its parameters."""

import random
import threading
from collections.abc import Callable, Hashable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from simulator.dice import array_dice, dice
from simulator.parameters import CountyParameters
from simulator.shape import CountyShape

if TYPE_CHECKING:
    from simulator.planted import Planted

__all__ = ["County", "CountyParameters"]

_T = TypeVar("_T")
_REMEMBERED = 4_000


class County:
    """A county: its shape, its calendar and its dice.

    The subjects (cases, tickets, lamps …) are functions of a county in modules of
    their own; a county only remembers what they have worked out.
    """

    def __init__(self, parameters: CountyParameters | None = None) -> None:
        self.parameters = parameters or CountyParameters()
        self.shape: CountyShape = self.parameters.shape
        self.start: date = self.parameters.start
        self.scale: float = self.parameters.scale
        # A tenth of the traffic at least: shares of waste would be noise below it.
        self.traffic: float = max(self.scale, 0.1)
        self._memory: dict[Hashable, object] = {}
        self._memory_lock = threading.Lock()

    def dice(self, *key: object) -> random.Random:
        """Return this county's dice for a name."""
        return dice(self.parameters.seed, *key)

    def arrays(self, *key: object) -> np.random.Generator:
        """Return this county's numpy dice for a name."""
        return array_dice(self.parameters.seed, *key)

    def days(self, *, until: date, since: date | None = None) -> Iterator[date]:
        """Iterate over the county's days, both ends included."""
        day = max(self.start, since or self.start)
        while day <= until:
            yield day
            day += timedelta(days=1)

    def day_number(self, day: date) -> int:
        """Count the days since the county's first day."""
        return (day - self.start).days

    def remember(self, key: Hashable, work: Callable[[], _T]) -> _T:
        """Work something out once; the oldest memories go first."""
        with self._memory_lock:
            if key in self._memory:
                return self._memory[key]  # type: ignore[return-value]
        # Two threads may both work: they come to the same result.
        result = work()
        with self._memory_lock:
            while len(self._memory) >= _REMEMBERED:
                del self._memory[next(iter(self._memory))]
            self._memory[key] = result
        return result

    def planted(self, day: date) -> "list[Planted]":
        """List every broken row that a night for `day` and those before have met."""
        from simulator.truth import planted  # noqa: PLC0415 (truth reads counties)

        return planted(self, day)

    def counts(self, day: date) -> dict[str, int]:
        """Count the rows that the nights up to `day` have received, by table."""
        from simulator.truth import counts  # noqa: PLC0415 (truth reads counties)

        return counts(self, day)
