"""Parameters: what decides a county to the last row."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from simulator.shape import CountyShape
from simulator.zhushan import ZHUSHAN


@dataclass(frozen=True)
class Faults:
    """Shares of the case platform's answers that go wrong, and how."""

    too_many_requests: float = 0.0
    server_error: float = 0.0
    html_page: float = 0.0
    slow: float = 0.0
    slow_seconds: float = 0.3
    retry_after_seconds: int = 1
    repeated_record: float = 0.1


_MANNERS = {"end", "faults", "every_version"}
MOODY = Faults(too_many_requests=0.03, server_error=0.03, html_page=0.02, slow=0.02)


@dataclass(frozen=True)
class CountyParameters:
    """The same parameters always give the same county.

    `dirt` is the share of rows broken on purpose; when it is not 0, every rule of the
    contract is also planted in turn, and offices write in their own forms: totals and
    notes, other encodings, dates, numbers and codes that nobody knows. `late`,
    `missing` and `resent` are shares of files (and of cases and of lamp circuits for
    `late`).
    """

    seed: int = 420323
    start: date = date(2025, 1, 1)
    end: date = date(2025, 12, 31)
    scale: float = 0.05
    dirt: float = 0.002
    late: float = 0.02
    missing: float = 0.003
    resent: float = 0.03
    faults: Faults = field(default_factory=Faults)
    every_version: bool = False
    reference_changes: bool = True
    edges: bool = True
    telemetry_from: date | None = None
    shape: CountyShape = ZHUSHAN

    def __post_init__(self) -> None:
        if not 0.0 < self.scale <= 1.0:
            msg = f"scale must lie in (0, 1], not {self.scale}"
            raise ValueError(msg)
        if self.end < self.start:
            msg = f"the county ends {self.end}, before it starts {self.start}"
            raise ValueError(msg)

    @property
    def fingerprint(self) -> str:
        """A short name of what files and lamps say: equal for equal counties.

        How the platform answers and how long the county lives are left out.
        """
        facts = {name: vars(self)[name] for name in vars(self).keys() - _MANNERS}
        facts["shape"] = {
            # A frozenset prints in any order.
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in vars(self.shape).items()
        }
        text = repr(sorted(facts.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]
