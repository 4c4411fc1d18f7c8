"""Registers: one workbook per register and month (contract section E)."""

from cityledger.sources.contracts import REGISTERS
from cityledger.sources.file_drop import fetch_files
from cityledger.sources.job import Fetched, Job


def fetch(job: Job) -> Fetched:
    """Land the rows of every new or changed register."""
    return fetch_files(job, REGISTERS, "xlsx")
