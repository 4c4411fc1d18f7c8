"""Oracle: every indicator cell from the source records, without the pipeline's code."""

from tests.golden.oracle.oracle import Oracle

__all__ = ["Oracle"]
