"""Land: take what a source gives, untouched, into immutable Parquet files."""

from datetime import date
from typing import Final

from cityledger.load_log import Load
from cityledger.settings import Settings

SOURCES: Final = (
    "cases",
    "case_events",
    "callbacks",
    "weighbridge",
    "sanitation",
    "inspections",
    "lighting",
    "registers",
    "reference",
)


def land(source: str, day: date, settings: Settings) -> Load:
    """Land one source for one logical date; a source's failure is in the result."""
    if source not in SOURCES:
        raise ValueError(f"没有这个数据源：{source}；可选：{'、'.join(SOURCES)}")
    raise NotImplementedError(day, settings)
