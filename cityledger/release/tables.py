"""Tables: a dataset with the type and meaning of each of its columns."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from cityledger.release.datasets import Dataset
from cityledger.release.opened import Row

_KINDS: Final = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "double"),
    (Decimal, "double"),
    (datetime, "datetime"),
    (date, "date"),
)
_SQL_KINDS: Final = {
    "varchar": "string", "double": "double", "bigint": "integer", "integer": "integer",
    "boolean": "boolean", "date": "date", "timestamp": "datetime",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One column: its name, its type and its meaning in Chinese."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Table:
    """One dataset of a release, ready to be written."""

    slug: str
    catalogue: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    frequency: str
    keys: tuple[str, ...]
    fields: tuple[Field, ...]
    rows: list[Row]


def table(
    dataset: Dataset, rows: list[Row], dictionary: dict[str, dict[str, Row]]
) -> Table:
    """Describe a dataset's rows with the words of the marts they come from."""
    return Table(
        slug=dataset.slug,
        catalogue=dataset.catalogue,
        title_zh=dataset.title_zh,
        title_en=dataset.title_en,
        about_zh=dataset.about_zh,
        about_en=dataset.about_en,
        frequency=dataset.frequency,
        keys=dataset.keys,
        fields=tuple(
            _field(name, source, rows, dictionary)
            for name, source in dataset.fields.items()
        ),
        rows=rows,
    )


def plain(value: Any) -> Any:  # noqa: ANN401 - cells of any type
    """Return a cell as a file may hold it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _field(
    name: str, source: str, rows: list[Row], dictionary: dict[str, dict[str, Row]]
) -> Field:
    mart, _, column = source.partition(".")
    described = dictionary.get(mart, {}).get(column)
    declared = _SQL_KINDS.get(str(described["type"])) if described else None
    kind = declared or _kind(name, rows)
    return Field(name, kind, str(described["description"]) if described else source)


def _kind(name: str, rows: list[Row]) -> str:
    for row in rows:
        for python, kind in _KINDS:
            if isinstance(row[name], python):
                return kind
    return "string"
