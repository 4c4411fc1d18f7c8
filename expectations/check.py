"""Check: some rows of the marts, and what is expected of them."""

from dataclasses import dataclass

from great_expectations import ExpectationSuite


@dataclass(frozen=True)
class Check:
    """A query over the warehouse with its suite; `where` says which row is meant."""

    title: str
    rows: str
    where: tuple[str, ...]
    suite: ExpectationSuite
