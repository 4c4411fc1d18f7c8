"""Reference: one CSV per table, whole each time (contract section F)."""

from cityledger.sources.contracts import REFERENCE
from cityledger.sources.file_drop import fetch_files
from cityledger.sources.job import Fetched, Job


def fetch(job: Job) -> Fetched:
    """Land every edition of a table not landed yet."""
    return fetch_files(job, REFERENCE, "csv")
