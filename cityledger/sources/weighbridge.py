"""Weighbridges: one CSV per facility and day (contract section B)."""

from cityledger.sources.contracts import WEIGHBRIDGE
from cityledger.sources.file_drop import fetch_files
from cityledger.sources.job import Fetched, Job


def fetch(job: Job) -> Fetched:
    """Land the tickets of every new or changed day file."""
    return fetch_files(job, WEIGHBRIDGE, "csv")
