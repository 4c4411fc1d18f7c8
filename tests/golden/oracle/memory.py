"""Memory: everything the oracle has seen, and the night it first saw it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from tests.golden.oracle import database
from tests.golden.oracle.drops import (
    Line,
    Name,
    RefusedFileError,
    read_lines,
    read_name,
)
from tests.golden.oracle.workdays import as_of


@dataclass(frozen=True)
class Seen:
    """One version of one record."""

    night: date
    order: int
    record: Mapping


@dataclass
class FileVersion:
    """One content of one file."""

    name: Name
    night: date
    digest: str
    content: bytes

    @cached_property
    def refusal(self) -> str | None:
        """The code the whole file is refused under, if it is."""
        try:
            read_lines(self.name, self.content)
        except RefusedFileError as error:
            return str(error)
        return None

    @cached_property
    def lines(self) -> list[Line]:
        """The rows; none when the file is refused."""
        return [] if self.refusal else read_lines(self.name, self.content)


@dataclass
class Memory:
    """The versions of records and files, the polls, and the loads that worked."""

    records: dict[str, dict[str, Seen]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    files: dict[str, list[FileVersion]] = field(
        default_factory=lambda: defaultdict(list)
    )
    loads: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    polls: pd.DataFrame | None = None

    def keep_records(self, table: str, rows: Iterable[Mapping], night: date) -> None:
        """Remember versions; an exact repeat is the same version."""
        known = self.records[table]
        for row in rows:
            identity = json.dumps(row, sort_keys=True, default=str, ensure_ascii=False)
            known.setdefault(identity, Seen(night, len(known), row))

    def keep_file(self, path: str, content: bytes, night: date) -> None:
        """Remember a file when it says something else than before."""
        name = read_name(path)
        digest = hashlib.sha256(content).hexdigest()
        versions = self.files[path]
        if name and not (versions and versions[-1].digest == digest):
            versions.append(FileVersion(name, night, digest, content))

    def keep_polls(self, link: database.psycopg.Connection, night: date) -> None:
        """Remember polls; all are read again when the late window missed some."""
        until = as_of(night)
        if self.loads["lighting"]:
            since = as_of(max(self.loads["lighting"])) - database.LATE
            self._merge(database.read_polls(link, since, until), night)
        if self._count(until) != database.count_polls(link, until):
            first = datetime.combine(date(1970, 1, 1), datetime.min.time())
            self._merge(database.read_polls(link, first, until), night)

    def _merge(self, fresh: pd.DataFrame, night: date) -> None:
        self.polls = database.merge_polls(self.polls, fresh, night)

    def _count(self, until: datetime) -> int:
        if self.polls is None:
            return -1
        return int((self.polls["ts"] < pd.Timestamp(until).timestamp()).sum())

    def versions(self, table: str, night: date) -> Iterator[Seen]:
        """Yield the versions a night knows."""
        return (v for v in self.records[table].values() if v.night <= night)

    def file_versions(self, source: str, night: date) -> Iterator[list[FileVersion]]:
        """Yield, file by file, the contents a night knows."""
        for path in sorted(self.files):
            found = [v for v in self.files[path] if v.night <= night]
            if found and found[0].name.source == source and _dated(found[0], night):
                yield found


def _dated(version: FileVersion, night: date) -> bool:
    name = version.name
    if name.day is not None:
        return name.day <= night
    return name.month is None or name.month.first <= night


def in_force(versions: Iterable[FileVersion]) -> FileVersion | None:
    """Return the last content that was not refused."""
    accepted = [version for version in versions if version.refusal is None]
    return accepted[-1] if accepted else None
