"""County: the one area code that every number has."""

from typing import Final

COUNTY: Final = "420323000000"
