"""A night on rows written by hand: land them, check them, ask what became of them."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cityledger import landed, scheme_tables, warehouse
from cityledger.progress import SILENT
from cityledger.settings import DataDir

PROJECT = Path(__file__).parents[2] / "dbt_project"

Value = str | float | date | None
Row = Mapping[str, Any]


class HandMadeNight:
    """A scratch warehouse, one logical date at a time."""

    def __init__(self, folder: Path, day: date) -> None:
        self.day = day
        self._folders = DataDir(folder / "data")
        self._scratch = folder
        with self._open() as connection:
            landed.create_tables(connection)
            scheme_tables.write(connection, self._folders)
            connection.execute(
                "insert into ops.parameters by name select "
                "cast(? as date) as as_of_date, cast(? as timestamp) as as_of, "
                "'by-hand' as run_id, date '2000-01-01' as history_from, "
                "['F8'] as stored_tare_facilities",
                [day, end_of(day)],
            )
            connection.execute(
                "insert into ops.calendar "
                "select cast(day as date), isodow(day) < 6, true from range("
                "date '2024-01-01', cast(? as date) + 400, interval 1 day) as _ (day)",
                [day],
            )

    def move_to(self, day: date) -> None:
        """Turn the page to another logical date."""
        self.day = day
        with self._open() as connection:
            connection.execute(
                "update ops.parameters set as_of_date = ?, as_of = ?",
                [day, end_of(day)],
            )

    def note_load(self, source: str, day: date, outcome: str = "ok") -> None:
        """Write an attempt to land a source into the load log."""
        load = {
            "load_id": load_id(source, day),
            "source": source,
            "load_date": day,
            "finished_at": end_of(day) + timedelta(hours=2),
            "outcome": outcome,
        }
        self._insert("ops.loads", [load])

    def land_records(
        self, source: str, items: Sequence[Row | str], day: date, nth: int = 1
    ) -> None:
        """Land items of the case platform; a string is landed as it is."""
        load = _load(source, day, nth) | {"file": f"/{source}"}
        self._insert(f"restricted.landed_{source}", _lines(source, items, load))

    def land_file(
        self,
        source: str,
        name: tuple[str | None, date | None],
        rows: Mapping[str, Sequence[Row]],
        day: date,
        nth: int = 1,
        defect: str | None = None,
    ) -> None:
        """Land one version of one file, named by its owner and date."""
        owner, file_date = name
        load = _load(source, day, nth) | {
            "owner": owner,
            "file": f"{source}/{owner}/{file_date}",
            "file_date": file_date,
        }
        version = load | {
            "row_id": f"{load['load_id']}:{load['file']}",
            "source": source,
            "row_count": sum(map(len, rows.values())),
            "defect": defect,
        }
        self._insert("restricted.landed_files", [version])
        for table, cells in rows.items():
            self._insert(f"restricted.landed_{table}", _lines(table, cells, load))

    def land_typed(
        self, table: str, rows: Sequence[Row], day: date, nth: int = 1
    ) -> None:
        """Land rows of the street-light database."""
        load = _load("lighting", day, nth)
        typed = [
            load | {"row_id": f"{load['load_id']}:{table}:{line}"} | dict(row)
            for line, row in enumerate(rows, start=1)
        ]
        self._insert(f"restricted.landed_{table}", typed)

    def land_polls(self, polled: date, polls: Sequence[Row], nth: int = 1) -> None:
        """Land polls of one calendar day, as the file that a load leaves for it."""
        load = load_id("lighting", self.day, nth)
        path = self._scratch / f"{polled}-{nth}.parquet"
        pq.write_table(
            pa.Table.from_pylist(
                [{**poll, "load_id": load, "load_date": self.day} for poll in polls]
            ),
            path,
        )
        file = {
            "path": str(path),
            "day": polled,
            "load_id": load,
            "load_date": self.day,
        }
        self._insert("ops.telemetry_files", [file])

    def waive(self, source: str, key: str, day: date) -> None:
        """Answer for whatever is in quarantine under a record's key."""
        with self._open() as connection:
            connection.execute(
                "insert into ops.waivers select quarantine_id, ?, '核实', '局长' "
                "from quarantine where source = ? and record_key = ?",
                [day, source, key],
            )

    def keep(self, table: str, name: str) -> None:
        """Keep a table as it is now under another name."""
        with self._open() as connection:
            connection.execute(f"create table {name} as from {table}")

    def run(self, *select: str) -> None:
        """Build seeds, models and data tests; what fails fails the test."""
        from dbt.adapters.duckdb.connections import (  # noqa: PLC0415 - slow imports
            DuckDBConnectionManager,
        )
        from dbt.cli.main import dbtRunner  # noqa: PLC0415

        os.environ["DATA_DIR"] = str(self._folders.root)
        os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        result = dbtRunner().invoke(
            [
                "--log-level", "none",
                "--log-path", str(self._scratch / "logs"),
                "build",
                "--project-dir", str(PROJECT),
                "--profiles-dir", str(PROJECT),
                "--target-path", str(self._scratch / "target"),
                "--exclude-resource-type", "unit_test",
                "--indirect-selection", "cautious",
                "--select", *select,
            ]
        )  # fmt: skip
        DuckDBConnectionManager.close_all_connections()
        failures = [
            f"{node.node.name}: {node.message}"
            for node in getattr(result.result, "results", [])
            if str(node.status) in ("error", "fail", "runtime error")
        ]
        assert result.exception is None, result.exception
        assert not failures, failures

    def ask(self, sql: str, *values: Value) -> list[tuple[Any, ...]]:
        """Query the warehouse."""
        with warehouse.read(self._folders) as connection:
            return connection.execute(sql, list(values)).fetchall()

    def rules(self, table: str) -> dict[str, str]:
        """Return the broken rule, or else the verdict, of each record key."""
        judged = f"restricted.checked_{table}"
        return dict(
            self.ask(f"select record_key, coalesce(rule, verdict) from {judged}")  # noqa: S608
        )

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        with self._open() as connection:
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                connection.execute(
                    f"insert into {table} ({names}) values ({marks})",  # noqa: S608
                    list(row.values()),
                )

    def _open(self) -> duckdb.DuckDBPyConnection:
        return warehouse.connect(self._folders, SILENT)


def end_of(day: date) -> datetime:
    """Return 24:00 of a day."""
    return datetime.combine(day, datetime.min.time()) + timedelta(days=1)


def load_id(source: str, day: date, nth: int = 1) -> str:
    """Name a load so that it sorts by its day, then by its number."""
    return f"{day:%Y%m%d}-{day:%Y%m%d}T02000{nth}000000-{source}"


def _load(source: str, day: date, nth: int) -> dict[str, Any]:
    return {
        "load_id": load_id(source, day, nth),
        "load_date": day,
        "landed_at": end_of(day) + timedelta(hours=2, seconds=nth),
    }


def _lines(table: str, rows: Sequence[Row | str], load: Row) -> list[Row]:
    """Write out rows as landing does; a row with `_fields` has the wrong number."""
    return [
        {
            **load,
            "row_id": f"{load['load_id']}:{table}:{load['file']}:{line}",
            "line": line,
            "defect": "field_count" if "_fields" in row else None,
            "raw": row if isinstance(row, str) else json.dumps(row, ensure_ascii=False),
        }
        for line, row in enumerate(rows, start=2)
    ]
