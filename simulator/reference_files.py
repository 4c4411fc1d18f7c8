"""Reference files: a whole table again, each day that it differs from yesterday's."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from simulator.county import County
from simulator.drops import Content, Drop
from simulator.reference import TABLES, columns, table


def drops(county: County, day: date) -> Iterator[Drop]:
    """Return the reference tables that arrive on a day."""
    for name in TABLES:
        if day == county.start or _text(county, name, day) != _text(
            county, name, day - timedelta(days=1)
        ):
            yield Drop(
                f"reference/{name}.csv",
                day,
                partial(_content, county, name, day),
            )


def _content(county: County, name: str, day: date) -> Content:
    text = _text(county, name, day)
    rows = len(table(county, name, day))
    return Content(text.encode, {"reference_rows": rows})


def _text(county: County, name: str, day: date) -> str:
    return county.remember(("reference", name, day), lambda: _csv(county, name, day))


def _csv(county: County, name: str, day: date) -> str:
    rows = table(county, name, day)
    if name == "towns" and day.day >= 20:
        # The same table in another order is the same table.
        rows.reverse()
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns(name, rows), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
