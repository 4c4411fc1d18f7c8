"""Compare: a published `leaders.duckdb` against the oracle, cell by cell.

    python -m tests.golden.compare --leaders FILE --environment env.json --day D

`--state FILE` keeps the oracle's memory, for a county followed night after night:
run it once after every night. Differences are grouped by indicator and column, the
widespread ones first; the exit code is 1 when there are any.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from tests.golden.oracle import Oracle
from tests.golden.oracle.settings import Settings

KEY = ["indicator_id", "period_type", "period", "area_code"]
NUMBERS = ["numerator", "denominator", "value", "target", "completeness"]
WHOLE = ["excluded", "n"]
WORDS = ["null_reason", "status", "stage"]
RELATIVE_TOLERANCE = 1e-9
FATES = ["received", "accepted", "quarantined", "superseded", "ignored"]
Cell = Hashable | None


@dataclass(frozen=True)
class Difference:
    """One cell that two programs do not agree on."""

    group: str
    column: str
    place: str
    published: Cell
    oracle: Cell


def same(published: Cell, expected: Cell) -> bool:
    """Tell whether two cells agree; nothing agrees only with nothing."""
    if _is_null(published) or _is_null(expected):
        return _is_null(published) and _is_null(expected)
    if isinstance(published, str) or isinstance(expected, str):
        return str(published) == str(expected)
    return math.isclose(
        float(published), float(expected), rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-12
    )


def _is_null(cell: Cell) -> bool:
    return bool(pd.isna(cell))


def value_differences(
    published: pd.DataFrame, expected: pd.DataFrame
) -> Iterator[Difference]:
    """Compare `indicator_values` row by row and column by column."""
    ours = _by_key(published)
    theirs = _by_key(expected)
    for key in sorted(ours.keys() | theirs.keys()):
        place = " ".join(key[1:])
        if key not in ours:
            yield Difference(key[0], "row", place, "missing", "present")
        elif key not in theirs:
            yield Difference(key[0], "row", place, "present", "missing")
        else:
            for column in [*NUMBERS, *WHOLE, *WORDS]:
                pair = ours[key].get(column), theirs[key].get(column)
                if not same(*pair):
                    yield Difference(key[0], column, place, *pair)


def _by_key(frame: pd.DataFrame) -> dict[tuple[str, ...], Mapping[str, Cell]]:
    rows = frame.to_dict("records")
    keyed = {tuple(str(row[name]) for name in KEY): row for row in rows}
    if len(keyed) != len(rows):
        message = "indicator_values has more than one row for some key"
        raise ValueError(message)
    return keyed


def count_differences(
    quarantine: pd.DataFrame, health: pd.DataFrame, expected: pd.DataFrame
) -> Iterator[Difference]:
    """Compare rows by source and fate, quarantined rows by rule, and warned cases."""
    theirs = expected.set_index("source")
    rules = [column for column in theirs.columns if column[0].isupper()]
    ours = health.groupby("source")[FATES].sum()
    for source in sorted(set(ours.index) | set(theirs.index)):
        for fate, mine in _fates(ours, source).items():
            wanted = _expected_fates(theirs, source)[fate]
            if mine != wanted:
                yield Difference("source_health", fate, source, mine, wanted)
    found = quarantine.groupby(["source", "rule"])["rows_quarantined"].sum()
    wanted = theirs[rules].stack()
    for key in sorted(set(found.index) | set(wanted[wanted > 0].index)):
        pair = int(found.get(key, 0)), int(wanted.get(key, 0))
        if pair[0] != pair[1]:
            yield Difference("quarantine_summary", key[0], key[1], *pair)
    warned = quarantine[quarantine["rule"].str.startswith("AW")]
    for row in warned[warned["open"] > 0].to_dict("records"):
        # A warned row stands: nobody has to mend it.
        yield Difference("quarantine_summary", row["rule"], "open", row["open"], 0)


def _fates(counts: pd.DataFrame, source: str) -> dict[str, int]:
    if source not in counts.index:
        return dict.fromkeys([*FATES, "believed"], 0)
    row = {fate: int(counts.loc[source, fate]) for fate in FATES}
    return row | {"believed": row["accepted"] + row["superseded"]}


def _expected_fates(counts: pd.DataFrame, source: str) -> dict[str, int]:
    row = _fates(counts, source)
    pending = int(counts.loc[source, "pending"]) if source in counts.index else 0
    return row | {"believed": row["believed"] + pending}


def report(differences: Iterable[Difference], limit: int) -> Iterator[str]:
    """Yield the differences as lines, widespread groups first."""
    groups: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for difference in differences:
        groups[difference.group, difference.column].append(difference)
    for (group, column), found in sorted(groups.items(), key=lambda g: -len(g[1])):
        yield f"{group}.{column}: {len(found)} different"
        for each in found[:limit]:
            yield (
                f"    {each.place:30}  published {_show(each.published):>24}"
                f"  oracle {_show(each.oracle):>24}"
            )
        if len(found) > limit:
            yield f"    … {len(found) - limit} more"
    yield f"{sum(map(len, groups.values()))} differences in {len(groups)} groups"


def _show(cell: Cell) -> str:
    if _is_null(cell):
        return "null"
    return repr(cell) if isinstance(cell, float) else str(cell)


def read_published(leaders: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read what the pipeline has published."""
    with duckdb.connect(str(leaders), read_only=True) as marts:
        return (
            marts.sql("select * from indicator_values").df(),
            marts.sql("select * from quarantine_summary").df(),
            marts.sql("select * from source_health").df(),
        )


def differences(leaders: Path, oracle: Oracle, day: date) -> list[Difference]:
    """Compare everything a night has published with the oracle."""
    values, quarantine, health = read_published(leaders)
    expected = oracle.counts(day)
    return [
        *value_differences(values, oracle.values(day)),
        *count_differences(quarantine, health, expected),
    ]


def main() -> int:
    """Compare as the command line asks."""
    asked = _arguments()
    environment = json.loads(asked.environment.read_text())
    oracle = Oracle(
        environment["CASES_API_URL"],
        environment["CASES_API_TOKEN"],
        environment["LANDING_DIR"],
        environment["LIGHTING_DSN"],
        Settings(asked.history_from, frozenset(asked.stored_tare)),
    )
    if asked.state and asked.state.exists():
        oracle.load(asked.state)
    if not asked.remembered:
        oracle.observe(asked.day)
    if asked.state:
        oracle.save(asked.state)
    for day, source, reason in oracle.failures:
        sys.stdout.write(f"{day} {source} not read: {reason}\n")
    found = differences(asked.leaders, oracle, asked.day)
    sys.stdout.writelines(f"{line}\n" for line in report(found, asked.limit))
    return int(bool(found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaders", type=Path, required=True)
    parser.add_argument("--environment", type=Path, required=True)
    parser.add_argument("--day", type=date.fromisoformat, required=True)
    parser.add_argument("--state", type=Path, help="memory of earlier nights")
    parser.add_argument(
        "--remembered", action="store_true", help="use --state without observing"
    )
    parser.add_argument(
        "--history-from", type=date.fromisoformat, default=Settings.history_from
    )
    parser.add_argument(
        "--stored-tare", nargs="*", default=(), help="facilities with a stored tare"
    )
    parser.add_argument("--limit", type=int, default=5, help="examples a group")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
