"""Sanitation: one workbook per contractor and day (contract section C)."""

from cityledger.sources.contracts import SANITATION
from cityledger.sources.file_drop import fetch_files
from cityledger.sources.job import Fetched, Job


def fetch(job: Job) -> Fetched:
    """Land the sweeping rows of every new or changed day file."""
    return fetch_files(job, SANITATION, "xlsx")
