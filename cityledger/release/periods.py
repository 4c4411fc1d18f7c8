"""Periods: months, quarters and years, by the month they end in."""

import calendar
import re
from typing import Final

from cityledger.errors import UsageError

_PERIOD: Final = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|Q([1-4]))?")

_MONTHS_EN: Final = tuple(calendar.month_abbr)[1:]

# The same in SQL, for a table with `period_type` and `period`.
LAST_MONTH: Final = """
case period_type
    when 'M' then period
    when 'Q' then period[1:4] || '-' || printf('%02d', 3 * cast(period[6] as integer))
    else period || '-12'
end
"""


def last_month(period: str) -> str:
    """Return the month a period ends with."""
    found = _PERIOD.fullmatch(period)
    if not found:
        raise UsageError(f"{period} 不是周期；应写成 2025-06、2025Q2 或 2025")
    year, month, quarter = found.groups()
    if month:
        return period
    return f"{year}-{3 * int(quarter):02d}" if quarter else f"{year}-12"


def kind(period: str) -> str:
    """Return M, Q or Y."""
    if "Q" in period:
        return "Q"
    return "M" if "-" in period else "Y"


def months(period: str) -> list[str]:
    """Return the months of a period."""
    last = last_month(period)
    count = {"M": 1, "Q": 3, "Y": 12}[kind(period)]
    year, month = int(last[:4]), int(last[5:])
    return [f"{year}-{one:02d}" for one in range(month - count + 1, month + 1)]


def name_zh(period: str) -> str:
    """Say a period in Chinese."""
    if "Q" in period:
        return f"{period[:4]} 年第{'一二三四'[int(period[5]) - 1]}季度"
    if "-" in period:
        return f"{period[:4]} 年 {int(period[5:])} 月"
    return f"{period} 年"


def name_en(period: str) -> str:
    """Say a period in English."""
    if "Q" in period:
        return f"Q{period[5]} {period[:4]}"
    if "-" in period:
        return f"{_MONTHS_EN[int(period[5:]) - 1]} {period[:4]}"
    return period
