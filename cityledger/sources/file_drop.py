"""File drop: lands the new and changed files of a source.

A file has changed when its SHA-256 differs from the version in force for the
logical date: v1, v2, v1 again are three versions, and a backfill sees its own day.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from cityledger.files import write_text
from cityledger.landing_files import landed_files, workbench
from cityledger.landing_rows import LandedFile, LandedRow, TableWriter
from cityledger.load_log import FileCounts
from cityledger.sources.contracts import FileSource, FileTable
from cityledger.sources.file_content import ReadRow, RefusedFileError
from cityledger.sources.file_listing import DroppedFile, FileDrop, Listing
from cityledger.sources.job import Fetched, Job

Reader = Callable[[bytes, tuple[FileTable, ...]], list[ReadRow]]
_MANIFEST: Final = "files"
_NAMES_SHOWN: Final = 5
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


def fetch_files(job: Job, contract: FileSource, read: Reader) -> Fetched:
    """Land every version of a file that is not in force yet."""
    drop = FileDrop(job.settings)
    listing = drop.list(contract, job.load.load_date)
    hashes = _Hashes(job.settings.folders.state / f"file_hashes_{contract.source}.json")
    in_force = _in_force(job)
    with ExitStack() as closing:
        landing = _Landing(job, contract, read, closing)
        for file in listing.files:
            known = in_force.get(file.path)
            if known is not None and hashes.of(file) == known:
                landing.unchanged += 1
                continue
            content = drop.read(file.path)
            digest = hashes.learn(file, content)
            landing.take(file, content, digest, known)
    hashes.save()
    return landing.result(listing)


@dataclass
class _Landing:
    """What a load of files has landed so far."""

    job: Job
    contract: FileSource
    read: Reader
    closing: ExitStack
    new: int = 0
    changed: int = 0
    refused: list[str] = field(default_factory=list)
    unchanged: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256()
        self.manifest = self._writer(_MANIFEST, LandedFile)
        self.rows = {t: self._writer(t, LandedRow) for t in self.contract.row_tables}

    def take(
        self, file: DroppedFile, content: bytes, digest: str, known: str | None
    ) -> None:
        """Land one file's content unless it is the version in force."""
        if digest == known:
            self.unchanged += 1
            return
        rows, defect = self._read(file, content)
        for table, writer in self.rows.items():
            writer.write(
                _landed(row, file, digest) for row in rows if row.table == table
            )
        self.manifest.write([_version(file, content, digest, len(rows), defect)])
        self._count(file, content, digest, is_new=known is None)

    def result(self, listing: Listing) -> Fetched:
        """Say what was landed, in the words of the load log."""
        rows = sum(writer.count for writer in self.rows.values())
        return Fetched(
            window=f"文件日期不晚于 {self.job.load.load_date}",
            rows=rows,
            rows_fetched=rows,
            bytes=self.size,
            hash=self.digest.hexdigest(),
            message=self._message(listing),
            files=FileCounts(
                new=self.new,
                changed=self.changed,
                refused=len(self.refused),
                unchanged=self.unchanged,
                ignored=len(listing.ignored),
            ),
        )

    def _writer(self, table: str, kind: type[LandedRow | LandedFile]) -> TableWriter:
        path = partial(self.job.draft.file_of, table)
        return self.closing.enter_context(TableWriter(self.job.load, kind, path))

    def _read(
        self, file: DroppedFile, content: bytes
    ) -> tuple[list[ReadRow], str | None]:
        try:
            return self.read(content, self.contract.tables_of(file.owner)), None
        except RefusedFileError as error:
            self.refused.append(f"{file.path}（{error}）")
            return [], str(error)

    def _count(
        self, file: DroppedFile, content: bytes, digest: str, *, is_new: bool
    ) -> None:
        self.new += is_new
        self.changed += not is_new
        self.size += len(content)
        self.digest.update(f"{file.path}\0{digest}\n".encode())

    def _message(self, listing: Listing) -> str:
        parts = [f"新文件 {self.new}，更正 {self.changed}，未变 {self.unchanged}"]
        if self.refused:
            parts.append(f"整份退回 {len(self.refused)}：{_some(self.refused)}")
        if listing.ignored:
            ignored = _some(listing.ignored)
            parts.append(f"文件名不合约定而未取 {len(listing.ignored)}：{ignored}")
        if listing.later:
            parts.append(f"日期晚于 {self.job.load.load_date} 而未取 {listing.later}")
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

    def learn(self, file: DroppedFile, content: bytes) -> str:
        """Return the hash of a file's content, to be remembered."""
        digest = hashlib.sha256(content).hexdigest()
        if file.stamp:
            self._kept[_key(file)] = digest
        return digest

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
    file: DroppedFile, content: bytes, digest: str, row_count: int, defect: str | None
) -> LandedFile:
    return LandedFile(
        owner=file.owner,
        file=file.path,
        file_hash=digest,
        file_date=file.file_date,
        bytes=len(content),
        row_count=row_count,
        defect=defect,
    )


def _some(names: list[str]) -> str:
    more = "……" if len(names) > _NAMES_SHOWN else ""
    return "、".join(names[:_NAMES_SHOWN]) + more
