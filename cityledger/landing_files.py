"""Landing files: Parquet that appears whole or not at all.

A load writes temporary files beside their final names. Its journal is the commit:
before it the files are rubbish, after it whoever comes next finishes the renames.
"""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityledger import load_log
from cityledger.files import sync, write_text
from cityledger.load_log import Load
from cityledger.settings import DataDir

if TYPE_CHECKING:
    import duckdb

_JOURNALS: Final = ".*.journal"
# Nine sources land at once.
_MEMORY: Final = "768MB"
_LANDED: Final = "[0-9]*.parquet"


@dataclass(frozen=True)
class Draft:
    """The temporary files of one load, until it is committed."""

    data_dir: Path
    load: Load
    _renames: list[tuple[Path, Path]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where the source lands."""
        return DataDir(self.data_dir).landing / self.load.source

    def scratch(self, name: str) -> Path:
        """Return a path for working data that never becomes visible."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f".{self.load.load_id}.{name}"

    def file_of(self, table: str) -> Path:
        """Return the temporary path of what will be this load's file of a table."""
        folder = self.folder / table
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{self.load.load_id}.parquet.tmp"
        self._renames.append((temporary, folder / f"{self.load.load_id}.parquet"))
        return temporary

    def commit(self, finished: Load) -> None:
        """Make every file of the load visible, and the load successful."""
        for temporary, _ in self._renames:
            sync(temporary)
        journal = {
            "load": json.loads(load_log.to_json(finished)),
            "renames": [
                [self._inside(path) for path in pair] for pair in self._renames
            ],
        }
        write_text(self.scratch("journal"), json.dumps(journal))
        finish_interrupted(self.data_dir, self.load.source)

    def _inside(self, path: Path) -> str:
        return str(path.relative_to(self.folder))


def finish_interrupted(data_dir: Path, source: str) -> None:
    """Finish committed loads of a source, remove what uncommitted ones left.

    Only the holder of the source's lock may call this.
    """
    folder = DataDir(data_dir).landing / source
    for journal in folder.glob(_JOURNALS):
        _finish(journal, data_dir)
    for leftover in list(folder.rglob(".*")):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)


def landed_files(data_dir: Path, source: str, table: str) -> list[Path]:
    """Return the landed files of a table, in order of load id."""
    return sorted((DataDir(data_dir).landing / source / table).glob(_LANDED))


def workbench(draft: Draft) -> "duckdb.DuckDBPyConnection":
    """Open a DuckDB in memory that spills into the load's own scratch folder."""
    import duckdb  # noqa: PLC0415

    spill = str(draft.scratch("spill"))
    return duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill})


def _finish(journal: Path, data_dir: Path) -> None:
    """Do the renames that are left; doing them twice changes nothing."""
    committed = json.loads(journal.read_text("utf-8"))
    for temporary, final in committed["renames"]:
        if (journal.parent / temporary).exists():
            (journal.parent / temporary).replace(journal.parent / final)
    load_log.write(data_dir, load_log.from_json(json.dumps(committed["load"])))
    journal.unlink()
