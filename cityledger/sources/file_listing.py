"""File listing: the files of one source in the drop, by the names of the contract.

Regular files under the root are taken and nothing else: no link is followed, wherever
it leads, and what is no file is never opened.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Final

import fsspec
from fsspec.implementations.local import LocalFileSystem

from cityledger.load_log import NotTaken
from cityledger.settings import Settings, without_password
from cityledger.sources.contracts import FileSource
from cityledger.sources.job import SourceError

LARGEST_FILE: Final = 256 << 20
_PIECE: Final = 1 << 20
# What the kinds of storage call the things that change when a file is replaced.
_MARKS_OF_CHANGE: Final = (
    *("mtime", "created", "modified", "updated", "modify", "last_write_time"),
    *("LastModified", "last_modified", "ETag", "etag", "md5Hash", "content_md5", "ino"),
)
_UNKNOWN_NAME: Final = "文件名不合约定"
_UNPRINTABLE: Final = "名称含控制字符或不是 UTF-8"
_NOT_REGULAR: Final = "不是普通文件（链接、管道、设备等一律不取）"
_FOLDER: Final = "是文件夹，不是文件"
_TOO_LARGE: Final = f"超过 {LARGEST_FILE >> 20} MB"
_CHANGING: Final = "读取时内容还在变化，下次再取"
# No room, no memory, no descriptors: ours to mend, and no word about the file.
_OUR_OWN: Final = {errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
# On storage far away any other error may be the network's.
_OF_THE_FILE: Final = (PermissionError, FileNotFoundError, IsADirectoryError)
_SWAPPED: Final = {errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO}
_FOLDERS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILES: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class NotTakenError(Exception):
    """One file cannot be taken; the others can."""


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
class Copied:
    """What a file held when it was copied."""

    digest: str
    size: int


@dataclass(frozen=True)
class Listing:
    """What lies in a source's folder on a logical date."""

    files: list[DroppedFile]
    not_taken: list[NotTaken]
    later: int


@dataclass(frozen=True)
class _Entry:
    """One name in a folder, and why it cannot be a file of ours, if that is plain."""

    path: str
    stamp: str | None = None
    reason: str | None = None


class FileDrop:
    """The root of the file drops, on any storage fsspec knows."""

    def __init__(self, settings: Settings) -> None:
        url = settings.required("LANDING_DIR")
        self._shown = without_password(url).rstrip("/")
        try:
            self._storage, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            kind = type(error).__name__
            raise SourceError(
                f"LANDING_DIR 无法使用：{self._shown}（{kind}）"
            ) from None
        self._root = str(root).rstrip("/")

    def list(self, contract: FileSource, day: date) -> Listing:
        """List a source's files dated that day or earlier, and what is none."""
        files: list[DroppedFile] = []
        not_taken: list[NotTaken] = []
        for entry in self._entries(contract):
            file = None if entry.reason else _parse(contract, entry)
            if file is None:
                reason = entry.reason or _UNKNOWN_NAME
                not_taken.append(NotTaken(printable(entry.path), reason))
            else:
                files.append(file)
        due = [f for f in files if f.file_date is None or f.file_date <= day]
        due.sort(key=lambda file: file.path)
        not_taken.sort(key=lambda entry: entry.name)
        return Listing(due, not_taken, later=len(files) - len(due))

    def copy(self, file: DroppedFile, to: Path) -> Copied:
        """Copy a file as it is at one moment, or say why that cannot be."""
        to.unlink(missing_ok=True)
        with to.open("xb") as copy:
            try:
                with self._opened(file.path) as content:
                    return _copied(content, copy)
            except OSError as error:
                if error.errno in _OUR_OWN:
                    raise
                if self._is_local or isinstance(error, _OF_THE_FILE):
                    raise NotTakenError(_why(error)) from error
                raise self._unreadable(file.path, error) from error

    @property
    def _is_local(self) -> bool:
        return isinstance(self._storage, LocalFileSystem)

    def _entries(self, contract: FileSource) -> Iterator[_Entry]:
        folder = f"{self._root}/{contract.source}"
        if self._is_local and Path(folder).is_symlink():
            raise SourceError(f"{self._shown}/{contract.source} 是链接，不取")
        try:
            found = self._storage.ls(folder, detail=True)
        except OSError as error:
            raise self._unreadable(contract.source, error) from error
        for info in found:
            yield from self._entry(contract, info, is_folder_of_files=False)

    def _entry(
        self, contract: FileSource, info: dict[str, object], *, is_folder_of_files: bool
    ) -> Iterator[_Entry]:
        """Yield an entry, or what is in it where it is a folder of files."""
        path = str(info["name"]).removeprefix(self._root).lstrip("/")
        if not path.isprintable():
            yield _Entry(path, reason=_UNPRINTABLE)
        elif info.get("islink") or info["type"] not in {"file", "directory"}:
            yield _Entry(path, reason=_NOT_REGULAR)
        elif info["type"] == "file":
            yield _sized(path, info)
        elif is_folder_of_files or contract.path.fullmatch(path):
            yield _Entry(path, reason=_FOLDER)
        else:
            yield from self._within(contract, path, str(info["name"]))

    def _within(self, contract: FileSource, path: str, folder: str) -> Iterator[_Entry]:
        try:
            found = self._storage.ls(folder, detail=True)
        except OSError as error:
            yield _Entry(path, reason=_why(error))
            return
        for info in found:
            yield from self._entry(contract, info, is_folder_of_files=True)

    @contextmanager
    def _opened(self, path: str) -> Iterator[BinaryIO]:
        if self._is_local:
            with _open_regular(self._root, path) as file:
                yield file
        else:
            with self._storage.open(f"{self._root}/{path}", "rb") as file:
                yield file

    def _unreadable(self, path: str, error: OSError) -> SourceError:
        return SourceError(f"读不到 {self._shown}/{path}：{_why(error)}")


def printable(name: str) -> str:
    """Return a name that can be shown and stored, whatever bytes it is made of."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in name)


def _sized(path: str, info: dict[str, object]) -> _Entry:
    size = info.get("size")
    if isinstance(size, int) and size > LARGEST_FILE:
        return _Entry(path, reason=_TOO_LARGE)
    return _Entry(path, _stamp(info))


@contextmanager
def _open_regular(root: str, path: str) -> Iterator[BinaryIO]:
    """Open a regular file below a folder, step by step and through no link.

    What is swapped for something else meanwhile is refused, and never waited for.
    """
    *folders, name = path.split("/")
    with ExitStack() as closing:
        folder = os.open(root, _FOLDERS)
        closing.callback(os.close, folder)
        for part in folders:
            folder = os.open(part, _FOLDERS | os.O_NOFOLLOW, dir_fd=folder)
            closing.callback(os.close, folder)
        descriptor = os.open(name, _FILES | os.O_NOFOLLOW, dir_fd=folder)
        file = closing.enter_context(os.fdopen(descriptor, "rb"))
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise NotTakenError(_NOT_REGULAR)
        yield file
        after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise NotTakenError(_CHANGING)


def _copied(content: BinaryIO, copy: BinaryIO) -> Copied:
    digest, size = hashlib.sha256(), 0
    while piece := content.read(_PIECE):
        size += len(piece)
        if size > LARGEST_FILE:
            raise NotTakenError(_TOO_LARGE)
        digest.update(piece)
        copy.write(piece)
    return Copied(digest.hexdigest(), size)


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "不存在"
    if isinstance(error, PermissionError):
        return "没有读取权限"
    if error.errno in _SWAPPED:
        return _NOT_REGULAR
    return f"无法读取（{error.strerror or type(error).__name__}）"


def _parse(contract: FileSource, entry: _Entry) -> DroppedFile | None:
    """Return the file, or None if its name is not one of the contract's."""
    match = contract.path.fullmatch(entry.path)
    if match is None:
        return None
    parts = match.groupdict()
    digits = parts.get("stamp")
    try:
        file_date = _date(digits) if digits else None
    except ValueError:
        return None
    return DroppedFile(entry.path, parts.get("owner"), file_date, entry.stamp)


def _date(digits: str) -> date:
    """Return the day of YYYYMMDD, the first of the month of YYYYMM."""
    return datetime.strptime(f"{digits}01"[:8], "%Y%m%d").date()  # noqa: DTZ007


def _stamp(info: dict[str, object]) -> str | None:
    marks = [f"{key}={info[key]}" for key in _MARKS_OF_CHANGE if key in info]
    return " ".join([f"size={info.get('size')}", *marks]) if marks else None
