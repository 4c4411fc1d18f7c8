"""Landing rows: rows and file versions as received, written to Parquet in batches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from cityledger.load_log import Load

if TYPE_CHECKING:
    import pyarrow.parquet

_BATCH: Final = 20_000
# Rows of a foreign file may be long: what waits in memory is bounded too.
_BATCH_CHARACTERS: Final = 16_000_000
_TYPES: Final = {
    "load_id": "string",
    "load_date": "date32",
    "landed_at": "timestamp[us]",
    "owner": "string",
    "file": "string",
    "file_hash": "string",
    "file_date": "date32",
    "sheet": "string",
    "line": "int64",
    "bytes": "int64",
    "row_count": "int64",
    "defect": "string",
    "raw": "string",
    "updated_at": "timestamp[us]",
}
_OF_THE_LOAD: Final = ("load_id", "load_date", "landed_at")


@dataclass(frozen=True)
class LandedRow:
    """One row as received, and where it stood."""

    owner: str | None
    file: str
    file_hash: str | None
    file_date: date | None
    sheet: str | None
    line: int
    defect: str | None
    raw: str


@dataclass(frozen=True)
class LandedItem(LandedRow):
    """One JSON item; `updated_at` (UTC) only serves to find repeats."""

    updated_at: datetime | None


@dataclass(frozen=True)
class LandedFile:
    """One version of a file; `defect` says why it was refused."""

    owner: str | None
    file: str
    file_hash: str
    file_date: date | None
    bytes: int
    row_count: int
    defect: str | None


class TableWriter:
    """Parquet writer for one table of one load; without rows there is no file."""

    def __init__(
        self,
        load: Load,
        kind: type[LandedRow | LandedFile],
        path: Callable[[], Path],
    ) -> None:
        self._of_the_load = (load.load_id, load.load_date, load.started_at)
        self._columns = tuple(kind.__dataclass_fields__)
        self._path = path
        self._waiting: list[LandedRow | LandedFile] = []
        self._characters = 0
        self._file: pyarrow.parquet.ParquetWriter | None = None
        self.count = 0

    def write(self, rows: Iterable[LandedRow | LandedFile]) -> None:
        """Take rows, writing them out batch by batch."""
        for row in rows:
            self._waiting.append(row)
            self._characters += len(row.raw) if isinstance(row, LandedRow) else 0
            self.count += 1
            if len(self._waiting) >= _BATCH or self._characters >= _BATCH_CHARACTERS:
                self._write_out()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None and self._waiting:
            self._write_out()
        if self._file is not None:
            self._file.close()

    def _write_out(self) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        names = _OF_THE_LOAD + self._columns
        schema = pa.schema([(name, pa.type_for_alias(_TYPES[name])) for name in names])
        if self._file is None:
            self._file = pq.ParquetWriter(self._path(), schema, compression="zstd")
        self._file.write_table(pa.table(self._arrays(), schema=schema))
        self._waiting.clear()
        self._characters = 0

    def _arrays(self) -> dict[str, list[object]]:
        rows = self._waiting
        constant = zip(_OF_THE_LOAD, self._of_the_load, strict=True)
        return {name: [value] * len(rows) for name, value in constant} | {
            name: [getattr(row, name) for row in rows] for name in self._columns
        }
