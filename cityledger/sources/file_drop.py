"""File drop: lands the new and changed files of a source.

A file has changed when its SHA-256 differs from the version in force for the
logical date: v1, v2, v1 again are three versions, and a backfill sees its own day.
"""

import hashlib
import json
import time
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from cityledger import load_log
from cityledger.files import write_text
from cityledger.landing_files import landed_files, workbench
from cityledger.landing_rows import LandedFile, LandedRow, TableWriter
from cityledger.load_log import FileCounts, NotTaken
from cityledger.sources.contracts import FileSource
from cityledger.sources.file_content import ReadRow, RefusedFileError
from cityledger.sources.file_listing import (
    Copied,
    DroppedFile,
    FileDrop,
    Listing,
    NotTakenError,
)
from cityledger.sources.file_reader import FileReader, Kind
from cityledger.sources.job import Fetched, Job

_MANIFEST: Final = "files"
# Files that are read while others land.
_READ_AHEAD: Final = 8
_NAMES_SHOWN: Final = 5
# Enough for any folder that people keep; a load log must not grow with rubbish.
_NAMES_LOGGED: Final = 1000
_IN_FORCE: Final = """
select
    file,
    coalesce(
        max_by(file_hash, load_id) filter (where load_date <= $day),
        min_by(file_hash, load_id)
    )
from read_parquet($manifests)
group by file
"""


def fetch_files(job: Job, contract: FileSource, kind: Kind) -> Fetched:
    """Land every version of a file that is not in force yet."""
    drop = FileDrop(job.settings)
    listing = drop.list(contract, job.load.load_date)
    hashes = _Hashes(job.settings.folders.state / f"file_hashes_{contract.source}.json")
    in_force = _in_force(job)
    with ExitStack() as closing:
        reader = closing.enter_context(FileReader(kind))
        landing = _Landing(job, contract, reader, closing)
        for file in listing.files:
            known = in_force.get(file.path)
            if known is not None and hashes.of(file) == known:
                landing.unchanged += 1
                continue
            try:
                copied = landing.copy(drop, file)
            except NotTakenError as error:
                landing.not_taken.append(NotTaken(file.path, str(error)))
            else:
                hashes.learn(file, copied.digest)
                landing.take(file, copied, known)
        landing.finish()
    hashes.save()
    return landing.result(listing)


class _Waiting(NamedTuple):
    """A file that is being read."""

    file: DroppedFile
    copied: Copied
    is_new: bool


@dataclass
class _Landing:
    """What a load of files has landed so far."""

    job: Job
    contract: FileSource
    reader: FileReader
    closing: ExitStack
    new: int = 0
    changed: int = 0
    refused: list[str] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    unchanged: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256()
        self.deadline = time.monotonic() + self.job.settings.source_time_limit_s
        self.waiting: deque[_Waiting] = deque()
        self.slot = 0
        self.manifest = self._writer(_MANIFEST, LandedFile)
        self.rows = {t: self._writer(t, LandedRow) for t in self.contract.row_tables}

    def copy(self, drop: FileDrop, file: DroppedFile) -> Copied:
        """Copy a file, unless the load has taken too long: what has landed must stay.

        Files that cost the most time are refused once and not read again.
        """
        if time.monotonic() > self.deadline:
            raise NotTakenError("本次采集已到总时限，下次再取")
        return drop.copy(file, self._scratch("content"))

    def take(self, file: DroppedFile, copied: Copied, known: str | None) -> None:
        """Have the copied content read unless it is the version in force."""
        if copied.digest == known:
            self.unchanged += 1
            return
        tables = self.contract.tables_of(file.owner)
        self.reader.ask(self._scratch("content"), self._scratch("rows"), tables)
        self.waiting.append(_Waiting(file, copied, is_new=known is None))
        self.slot += 1
        if len(self.waiting) == _READ_AHEAD:
            self._land_next()

    def finish(self) -> None:
        """Land what is still being read."""
        while self.waiting:
            self._land_next()

    def _scratch(self, name: str) -> Path:
        """Return where a file stays until its rows have landed."""
        return self.job.draft.scratch(f"{name}-{self.slot % _READ_AHEAD}")

    def _land_next(self) -> None:
        file, copied, is_new = self.waiting.popleft()
        before, defect = self._rows_landed, None
        try:
            found = self.reader.answer()
        except RefusedFileError as error:
            found, defect = iter(()), str(error)
            self.refused.append(f"{file.path}（{defect}）")
        for table, rows in groupby(found, key=attrgetter("table")):
            self.rows[table].write(_landed(row, file, copied.digest) for row in rows)
        count = self._rows_landed - before
        self.manifest.write([_version(file, copied, count, defect)])
        self._count(file, copied, is_new=is_new)

    def result(self, listing: Listing) -> Fetched:
        """Say what was landed, in the words of the load log."""
        not_taken = self._compared(sorted([*listing.not_taken, *self.not_taken]))
        return Fetched(
            window=f"文件日期不晚于 {self.job.load.load_date}",
            rows=self._rows_landed,
            rows_fetched=self._rows_landed,
            bytes=self.size,
            hash=self.digest.hexdigest(),
            message=self._message(not_taken, listing.later),
            files=FileCounts(
                new=self.new,
                changed=self.changed,
                refused=len(self.refused),
                unchanged=self.unchanged,
                not_taken=len(not_taken),
            ),
            not_taken=tuple(not_taken[:_NAMES_LOGGED]),
        )

    @property
    def _rows_landed(self) -> int:
        return sum(writer.count for writer in self.rows.values())

    def _writer(self, table: str, kind: type[LandedRow | LandedFile]) -> TableWriter:
        path = partial(self.job.draft.file_of, table)
        return self.closing.enter_context(TableWriter(self.job.load, kind, path))

    def _count(self, file: DroppedFile, copied: Copied, *, is_new: bool) -> None:
        self.new += is_new
        self.changed += not is_new
        self.size += copied.size
        self.digest.update(f"{file.path}\0{copied.digest}\n".encode())

    def _compared(self, found: list[NotTaken]) -> list[NotTaken]:
        """Say of each whether the load before found the same."""
        data_dir = self.job.settings.data_dir
        previous = load_log.last_ok(data_dir, self.job.load.source)
        known = {(n.name, n.reason) for n in previous.not_taken} if previous else set()
        return [replace(n, is_new=(n.name, n.reason) not in known) for n in found]

    def _message(self, not_taken: list[NotTaken], later: int) -> str:
        parts = [f"新文件 {self.new}，更正 {self.changed}，未变 {self.unchanged}"]
        if self.refused:
            parts.append(f"整份退回 {len(self.refused)}：{_some(self.refused)}")
        if not_taken:
            names = _some([f"{n.name}（{n.reason}）" for n in not_taken])
            parts.append(f"未取 {len(not_taken)}：{names}")
        if later:
            parts.append(f"日期晚于 {self.job.load.load_date} 而未取 {later}")
        return "；".join(parts)


class _Hashes:
    """Remembered hashes of unchanged files: saves reading, may be lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        if path.exists():
            self._known = json.loads(path.read_bytes())

    def of(self, file: DroppedFile) -> str | None:
        """Return the hash of a file whose stamp has been seen before."""
        digest = self._known.get(_key(file)) if file.stamp else None
        if digest is not None:
            self._kept[_key(file)] = digest
        return digest

    def learn(self, file: DroppedFile, digest: str) -> None:
        """Remember the hash of a file's content."""
        if file.stamp:
            self._kept[_key(file)] = digest

    def save(self) -> None:
        """Keep the hashes of the files seen by this load."""
        write_text(self._path, json.dumps(self._kept))


def _key(file: DroppedFile) -> str:
    return f"{file.path}\0{file.stamp}"


def _in_force(job: Job) -> dict[str, str]:
    """Return the hash of each file's version that the logical date sees."""
    manifests = landed_files(job.settings.data_dir, job.load.source, _MANIFEST)
    if not manifests:
        return {}
    with workbench(job.draft) as duck:
        found = duck.execute(
            _IN_FORCE,
            {"day": job.load.load_date, "manifests": [str(path) for path in manifests]},
        ).fetchall()
    return dict(found)


def _landed(row: ReadRow, file: DroppedFile, digest: str) -> LandedRow:
    return LandedRow(
        owner=file.owner,
        file=file.path,
        file_hash=digest,
        file_date=file.file_date,
        sheet=row.sheet,
        line=row.line,
        defect=row.defect,
        raw=row.raw,
    )


def _version(
    file: DroppedFile, copied: Copied, row_count: int, defect: str | None
) -> LandedFile:
    return LandedFile(
        owner=file.owner,
        file=file.path,
        file_hash=copied.digest,
        file_date=file.file_date,
        bytes=copied.size,
        row_count=row_count,
        defect=defect,
    )


def _some(names: list[str]) -> str:
    more = "……" if len(names) > _NAMES_SHOWN else ""
    return "、".join(names[:_NAMES_SHOWN]) + more
