"""County: the one area code that every number has, and who speaks for it."""

from typing import Final

COUNTY: Final = "420323000000"
COUNTY_NAME: Final = "竹山县"
COUNTY_NAME_EN: Final = "Zhushan County"
PUBLISHER: Final = "竹山县城市管理执法局"
PUBLISHER_EN: Final = "Zhushan County Urban Management Bureau"
