"""Locks: one process writes the warehouse, one night or backfill runs at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from cityledger.errors import OperatorError
from cityledger.progress import SILENT, Teller
from cityledger.settings import DataDir

WAIT_S: Final = 2 * 3600.0


class BusyError(OperatorError):
    """Another process holds the lock."""


@contextmanager
def writer(
    folders: DataDir, tell: Teller = SILENT, wait_s: float = WAIT_S
) -> Iterator[None]:
    """Hold the only right to write the warehouse, the ledger and what is published."""
    with _held(folders.state / "writer.lock", "写入仓库", tell, wait_s):
        yield


@contextmanager
def night(
    folders: DataDir, tell: Teller = SILENT, wait_s: float = WAIT_S
) -> Iterator[None]:
    """Hold the right to run nights; a backfill keeps it from first to last."""
    with _held(folders.state / "night.lock", "运行夜间任务", tell, wait_s):
        yield


def is_busy(folders: DataDir) -> bool:
    """Say whether some process runs a night or writes the warehouse right now."""
    try:
        with night(folders, wait_s=0), writer(folders, wait_s=0):
            return False
    except BusyError:
        return True


@contextmanager
def _held(path: Path, name: str, tell: Teller, wait_s: float) -> Iterator[None]:
    """Hold a lock; the same process may take it again inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, is_singleton=True, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _wait(lock, name, tell, wait_s)
    try:
        yield
    finally:
        lock.release()


def _wait(lock: FileLock, name: str, tell: Teller, wait_s: float) -> None:
    if wait_s > 0:
        tell.note(f"另一个进程正在{name}，等待中（最多 {wait_s / 60:.0f} 分钟）……")
    try:
        lock.acquire(timeout=max(wait_s, 0), poll_interval=0.2)
    except Timeout:
        raise BusyError(
            f"另一个进程正在{name}，等了很久还没有结束；"
            "请等它结束后再试，用 cityledger status 查看是哪一个"
        ) from None
