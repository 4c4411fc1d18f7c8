"""File content: what a reader makes of one file's bytes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cityledger.sources.contracts import FileTable


class RefusedFileError(Exception):
    """The file as a whole cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class ReadRow:
    """One row of a file as JSON text, the line it starts on and its defect."""

    table: str
    sheet: str | None
    line: int
    raw: str
    defect: str | None = None


@dataclass(frozen=True)
class Header:
    """The column names of a table, as written but stripped."""

    names: tuple[str, ...]

    def check(self, table: FileTable) -> None:
        """Refuse a file that lacks a column of the contract or names one twice."""
        missing = [name for name in table.columns if name not in self.names]
        if missing:
            raise RefusedFileError(f"缺少列：{'、'.join(missing)}")
        named = [name for name in self.names if name]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise RefusedFileError(f"列名重复：{'、'.join(twice)}")

    def as_json(self, cells: Sequence[str | None]) -> str:
        """Return a row as a JSON object; a nameless column is kept when it is used."""
        return to_json(dict(self._fields(cells)))

    def _fields(self, cells: Sequence[str | None]) -> Iterator[tuple[str, str | None]]:
        for number, (name, cell) in enumerate(
            zip(self.names, cells, strict=True), start=1
        ):
            if name or cell is not None:
                yield name or f"第{number}列", cell


def to_json(value: object) -> str:
    """Return compact JSON that keeps Chinese readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
