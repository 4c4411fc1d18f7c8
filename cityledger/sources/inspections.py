"""Inspections: one workbook a month, sent again as it fills (contract section C)."""

from cityledger.sources.contracts import INSPECTIONS
from cityledger.sources.file_drop import fetch_files
from cityledger.sources.job import Fetched, Job


def fetch(job: Job) -> Fetched:
    """Land the sheets and deductions of every new or changed month."""
    return fetch_files(job, INSPECTIONS, "xlsx")
