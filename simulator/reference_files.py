"""Reference files: a whole table again, each day that it differs from yesterday's."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from simulator.county import County
from simulator.drops import Content, Drop
from simulator.planted import Planted
from simulator.reference import TABLES, columns, table
from simulator.reference_dirt import Line, soiled


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
    edition = _edition(county, name, day)
    path = f"reference/{name}.csv"
    planted = [
        Planted(
            "reference", name, line.rule, day, line.cells[0] or None, path, line=number
        )
        for number, line in enumerate(edition, start=2)
        if line.rule
    ]
    text = _text(county, name, day)
    return Content(text.encode, {"reference_rows": len(edition)}, planted)


def _text(county: County, name: str, day: date) -> str:
    return county.remember(("reference", name, day), lambda: _csv(county, name, day))


def _csv(county: County, name: str, day: date) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns(name, table(county, name, day)))
    writer.writerows(line.cells for line in _edition(county, name, day))
    return buffer.getvalue()


def _edition(county: County, name: str, day: date) -> list[Line]:
    """Return the rows of a table's file, some of them broken."""
    rows = table(county, name, day)
    if name == "towns" and day.day >= 20:
        # The same table in another order is the same table.
        rows.reverse()
    lines = [Line(list(row.values())) for row in rows]
    return soiled(county, name, day, lines) if county.parameters.dirt else lines
