"""Lighting copy: from the database's CSV to the Parquet files of one load."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from psycopg import sql

from cityledger.sources.job import Job, SourceError
from cityledger.sources.lighting_database import LightingDatabase

if TYPE_CHECKING:
    import duckdb

# The line ends must be told: a value may hold other ones in its quotes.
_TYPED: Final = r"""
from read_csv(
    $path,
    columns = $columns,
    auto_detect = false,
    header = false,
    delim = ',',
    quote = '"',
    escape = '"',
    new_line = '\n',
    nullstr = '',
    allow_quoted_nulls = false
)
"""
_WRITE: Final = """
copy (
    select
        *,
        $load_id as load_id,
        cast($load_date as date) as load_date
    from new_rows
    order by all
) to $path (format parquet, compression zstd)
"""


class Copies:
    """What one load has received and landed, table by table.

    `receive` fills the DuckDB table `received`; whoever calls `land` has put what is
    new of it into the table `new_rows`.
    """

    def __init__(
        self, job: Job, database: LightingDatabase, duck: "duckdb.DuckDBPyConnection"
    ) -> None:
        self.duck = duck
        self.landed: Counter[str] = Counter()
        self.received = 0
        self.remarks: list[str] = []
        self.bytes = 0
        self.digest = hashlib.sha256()
        self._job = job
        self._database = database

    def receive(
        self,
        columns: Mapping[str, str],
        query: sql.Composable,
        values: Mapping[str, object],
    ) -> None:
        """Copy rows that may have to land out of the source."""
        self.received += self.ask("received", columns, query, values)

    def ask(
        self,
        name: str,
        columns: Mapping[str, str],
        query: sql.Composable,
        values: Mapping[str, object],
    ) -> int:
        """Copy a query's rows into a table of ours; return how many they are."""
        path = self._job.draft.scratch("received.csv")
        sent = self._database.copy(query, values, path)
        self.bytes += path.stat().st_size
        with path.open("rb") as file:
            self.digest.update(hashlib.file_digest(file, "sha256").digest())
        made = f"create or replace temp table {name} as {_TYPED}"
        csv = {"path": str(path), "columns": dict(columns)}
        (count,) = self.duck.execute(made, csv).fetchall()[0]
        path.unlink()
        if count != sent:
            raise SourceError(f"路灯库给出 {sent} 行，读成 {count} 行，本次不落地")
        return sent

    def land(self, table: str, folder: str) -> None:
        """Write `new_rows` to this load's file in a folder, if there are any."""
        (count,) = self.duck.execute("select count(*) from new_rows").fetchall()[0]
        if not count:
            return
        self.landed[table] += count
        load = self._job.load
        values = {"load_id": load.load_id, "load_date": load.load_date}
        path = str(self._job.draft.file_of(folder))
        self.duck.execute(_WRITE, values | {"path": path})
