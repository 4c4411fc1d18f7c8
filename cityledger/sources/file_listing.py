"""File listing: the files of one source in the drop, by the names of the contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import fsspec

from cityledger.settings import Settings, without_password
from cityledger.sources.contracts import FileSource
from cityledger.sources.job import SourceError

# What the kinds of storage call the things that change when a file is replaced.
_MARKS_OF_CHANGE: Final = (
    *("mtime", "created", "modified", "updated", "modify", "last_write_time"),
    *("LastModified", "last_modified", "ETag", "etag", "md5Hash", "content_md5", "ino"),
)


@dataclass(frozen=True)
class DroppedFile:
    """A file with a name of the contract; `path` is relative to LANDING_DIR.

    `stamp` stays the same while the file does; None where the storage cannot tell.
    """

    path: str
    owner: str | None
    file_date: date | None
    stamp: str | None


@dataclass(frozen=True)
class Listing:
    """What lies in a source's folder on a logical date."""

    files: list[DroppedFile]
    ignored: list[str]
    later: int


class FileDrop:
    """The root of the file drops, on any storage fsspec knows."""

    def __init__(self, settings: Settings) -> None:
        url = settings.required("LANDING_DIR")
        try:
            self._storage, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            raise SourceError(f"LANDING_DIR 无法使用：{error}") from error
        self._root = str(root).rstrip("/")
        self._shown = without_password(url).rstrip("/")

    def list(self, contract: FileSource, day: date) -> Listing:
        """List a source's files dated that day or earlier."""
        folder = f"{self._root}/{contract.source}"
        try:
            found = sorted(self._walk(folder))
        except OSError as error:
            raise self._unreadable(contract.source, error) from error
        named = [(path, _parse(contract, path, stamp)) for path, stamp in found]
        files = [file for _, file in named if file is not None]
        due = [f for f in files if f.file_date is None or f.file_date <= day]
        ignored = [path for path, file in named if file is None]
        return Listing(due, ignored, later=len(files) - len(due))

    def read(self, path: str) -> bytes:
        """Return a file's bytes; what cannot be read is not a defect of the file."""
        try:
            return bytes(self._storage.cat_file(f"{self._root}/{path}"))
        except OSError as error:
            raise self._unreadable(path, error) from error

    def _walk(self, folder: str, levels: int = 2) -> Iterator[tuple[str, str | None]]:
        for info in self._storage.ls(folder, detail=True):
            if info["type"] != "directory":
                path = str(info["name"]).removeprefix(self._root).lstrip("/")
                yield path, _stamp(info)
            elif levels > 1:
                yield from self._walk(info["name"], levels - 1)

    def _unreadable(self, path: str, error: OSError) -> SourceError:
        why = error.strerror or type(error).__name__
        if isinstance(error, FileNotFoundError):
            why = "不存在"
        return SourceError(f"读不到 {self._shown}/{path}：{why}")


def _parse(contract: FileSource, path: str, stamp: str | None) -> DroppedFile | None:
    """Return the file, or None if its name is not one of the contract's."""
    match = contract.path.fullmatch(path)
    if match is None:
        return None
    parts = match.groupdict()
    digits = parts.get("stamp")
    try:
        file_date = _date(digits) if digits else None
    except ValueError:
        return None
    return DroppedFile(path, parts.get("owner"), file_date, stamp)


def _date(digits: str) -> date:
    """Return the day of YYYYMMDD, the first of the month of YYYYMM."""
    return datetime.strptime(f"{digits}01"[:8], "%Y%m%d").date()  # noqa: DTZ007


def _stamp(info: dict[str, object]) -> str | None:
    marks = [f"{key}={info[key]}" for key in _MARKS_OF_CHANGE if key in info]
    return " ".join([f"size={info.get('size')}", *marks]) if marks else None
