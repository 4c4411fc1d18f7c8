"""File content: what a reader makes of one file's bytes."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cityledger.sources.contracts import FileTable

# What Excel itself can hold, but for the columns: no table of the county is wider.
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 256
LONGEST_CELL: Final = 32_767

CELL_TOO_LONG: Final = "cell_too_long"
# Keys of a landed row that are ours: no column may pass for one of them.
_FIELDS: Final = "_fields"
_UNREADABLE: Final = "_unreadable"

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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


class Header:
    """The columns of a table: where they stand and under which key they land.

    A column of the contract lands under the contract's own spelling, any other under
    its own; of two with one name the second lands as `name#2`.
    """

    def __init__(self, names: Mapping[int, str], table: FileTable) -> None:
        """Take the names by position; refuse a file that lacks a column or has two."""
        self._contract = {folded(name): name for name in table.columns}
        self._check([folded(name) for name in names.values()], table)
        self._taken = {_FIELDS, _UNREADABLE, *table.columns}
        self._keys = {at: self._key(names[at]) for at in sorted(names)}
        self._all_named = tuple(self._keys) == tuple(range(len(self._keys)))

    def row(
        self,
        cells: Mapping[int, str | None],
        unreadable: Mapping[int, str] | None = None,
    ) -> str:
        """Return a row as a JSON object; a nameless column is kept when it is used.

        `unreadable` are the texts of cells that hold no value. In a column of the
        contract they are told under a key of their own, for they are not what the
        sheet says; in any other they are only kept.
        """
        found = {key: cells.get(at) for at, key in self._keys.items()}
        if len(cells) > len(found) or not self._keys.keys() >= cells.keys():
            found |= self._nameless(cells)
        return _encode(found | self._told(unreadable) if unreadable else found)

    def row_of_list(self, cells: Sequence[str | None]) -> str:
        """Return a row whose cells stand side by side from the first column on."""
        if self._all_named and len(cells) == len(self._keys):
            return _encode(dict(zip(self._keys.values(), cells, strict=True)))
        return self.row(dict(enumerate(cells)))

    def _check(self, names: Sequence[str], table: FileTable) -> None:
        missing = [name for name in table.columns if folded(name) not in names]
        if missing:
            raise RefusedFileError(f"缺少列：{'、'.join(missing)}")
        twice = [name for name in table.columns if names.count(folded(name)) > 1]
        if twice:
            raise RefusedFileError(f"列名重复：{'、'.join(twice)}")
        if len(names) > MOST_COLUMNS:
            raise RefusedFileError(f"超过 {MOST_COLUMNS} 列")

    def _key(self, name: str) -> str:
        return self._contract.get(folded(name)) or self._free(name.strip())

    def _free(self, name: str) -> str:
        """Return the name, numbered where another column has it already."""
        key, number = name, 1
        while key in self._taken:
            number += 1
            key = f"{name}#{number}"
        self._taken.add(key)
        return key

    def _nameless(self, cells: Mapping[int, str | None]) -> Iterator[tuple[str, str]]:
        for at in sorted(cells.keys() - self._keys.keys()):
            cell = cells[at]
            if cell and cell.strip():
                key = f"第{at + 1}列"
                yield (f"{key}#2" if key in self._taken else key), cell

    def _told(self, unreadable: Mapping[int, str]) -> dict[str, str]:
        told = [
            f"{key}={unreadable[at]}"
            for at, key in self._keys.items()
            if at in unreadable and folded(key) in self._contract
        ]
        return {_UNREADABLE: "；".join(told)} if told else {}


@lru_cache(maxsize=1024)
def folded(name: str) -> str:
    """Return a column's or a sheet's name as names are compared.

    Full-width letters, digits and brackets are the half-width ones; line breaks and
    characters that cannot be seen are nothing.
    """
    seen = (c for c in name if unicodedata.category(c) not in {"Cc", "Cf"})
    return unicodedata.normalize("NFKC", "".join(seen)).strip()


def loose_fields(cells: Sequence[str]) -> str:
    """Return a row whose cells belong to no column, as a JSON object."""
    return _encode({_FIELDS: list(cells)})


def shortened(cell: str) -> str:
    """Return a cell of at most the length that a cell may have, saying what is gone."""
    if len(cell) <= LONGEST_CELL:
        return cell
    return f"{cell[:LONGEST_CELL]}……（单元格超过 {LONGEST_CELL:,} 个字符，其余未保留）"
