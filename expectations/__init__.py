"""Expectations: could we defend these numbers as a whole?

dbt has already proved keys, types and formulas while building. Here stands what is left
to doubt before a leader sees a number. One module per subject; `CHECKS` is the gate.
"""

from expectations.canary import CANARY
from expectations.check import Check
from expectations.conservation import CONSERVATION
from expectations.departments import DEPARTMENTS
from expectations.indicator_values import INDICATOR_VALUES
from expectations.ledger import LEDGER
from expectations.lighting import LIGHTING
from expectations.periods import PERIODS
from expectations.personal import PERSONAL
from expectations.plausible import PLAUSIBLE
from expectations.sources import SOURCES
from expectations.waste import WASTE

CHECKS = (
    *SOURCES,
    *CONSERVATION,
    *INDICATOR_VALUES,
    *PERIODS,
    *WASTE,
    *PLAUSIBLE,
    *LIGHTING,
    *LEDGER,
    *DEPARTMENTS,
    *PERSONAL,
)

__all__ = ["CANARY", "CHECKS", "Check"]
