"""File reader: has foreign files read by a process of its own, one after the other.

Whatever a file does to the libraries that read it (an error, a crash, memory without
end, time without end), that one file is refused; the next is read by a new process.
"""

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

from cityledger.sources import reader_process
from cityledger.sources.contracts import FileTable
from cityledger.sources.file_content import ReadRow, RefusedFileError
from cityledger.sources.job import SourceError

Kind = Literal["csv", "xlsx"]
_START_S: Final = 60
_FAREWELL_S: Final = 2
_ATTEMPTS: Final = 2
_PASSED_ON: Final = ("PATH", "HOME", "LD_LIBRARY_PATH")
_HOME: Final = Path(__file__).parents[2]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: bytes of memory, seconds.

    A busy machine may take longer by the clock than it works.
    """

    memory: int = 1 << 30
    processor_s: int = 60
    clock_s: int = 300


class FileReader:
    """A process that reads files of one kind, replaced when a file has killed it."""

    def __init__(self, kind: Kind, rows: Path, limits: Limits | None = None) -> None:
        """Remember where the process may leave the rows of a file."""
        self._kind = kind
        self._rows = rows
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, content: Path, tables: tuple[FileTable, ...]) -> Iterator[ReadRow]:
        """Read a file and return its rows, or refuse it; nothing is half read.

        Take the rows before the next file is read.
        """
        request = {
            "reader": self._kind,
            "content": str(content),
            "rows": str(self._rows),
            "tables": [[table.table, table.columns, table.sheet] for table in tables],
        }
        refused, fault = self._ask(f"{json.dumps(request)}\n".encode())
        if fault is not None:
            _log.error("reading failed: %s", fault)
            self._end()
        if refused is not None:
            raise RefusedFileError(refused)
        if fault is not None:
            raise SourceError(f"读写中间文件出错：{fault}")
        return self._taken()

    def _taken(self) -> Iterator[ReadRow]:
        with self._rows.open(encoding="utf-8") as lines:
            for line in lines:
                yield ReadRow(*json.loads(line))

    def _ask(self, request: bytes) -> tuple[str | None, str | None]:
        """Return why a file is refused, and what fault there was in reading it."""
        for _ in range(_ATTEMPTS):
            # Removed and not overwritten: emptying a file makes some systems wait.
            self._rows.unlink(missing_ok=True)
            answer = self._said(self._running(), request, self._limits.clock_s)
            if answer:
                refused, fault = json.loads(answer)
                return refused, fault
            # Who is killed from outside was not killed by the file: once more.
            died = self._end()
            if died != -signal.SIGKILL:
                break
        if died >= 0:
            raise SourceError(f"读取文件的进程自己退出了（{died}），请查看安装是否完好")
        raise RefusedFileError(_cause(-died, self._limits))

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = _start(self._limits)
            if self._said(self._process, b"", _START_S) != b"\n":
                self._end()
                raise SourceError("读取文件的进程无法启动，请查看内存和安装是否完好")
        return self._process

    def _said(
        self, process: "subprocess.Popen[bytes]", request: bytes, seconds: float
    ) -> bytes:
        """Return the next line the process says, or less if it dies or dawdles."""
        if process.stdin is None or process.stdout is None:
            raise AssertionError("the process was started with pipes")
        said = b""
        try:
            process.stdin.write(request)
            ready = select.poll()
            ready.register(process.stdout, select.POLLIN)
            while not said.endswith(b"\n"):
                if not ready.poll(seconds * 1000):
                    # Not SIGKILL: it must be told from a kill by someone else.
                    process.send_signal(signal.SIGALRM)
                piece = process.stdout.read(select.PIPE_BUF)
                if not piece:
                    break
                said += piece
        except OSError:
            return b""
        return said

    def _end(self) -> int:
        """End the process and return how it ended."""
        process, self._process = self._process, None
        if process is None:
            return 0
        # Without requests it ends by itself, unless it is at work.
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            process.communicate(timeout=_FAREWELL_S)
        process.kill()
        return process.wait()


def _start(limits: Limits) -> "subprocess.Popen[bytes]":
    """Start a process that has none of our secrets and hears no terminal."""
    return subprocess.Popen(  # noqa: S603 - ourselves
        [
            *(sys.executable, "-P", "-X", "utf8", "-m", reader_process.__name__),
            *(str(limits.memory), str(limits.processor_s)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        | {"PYTHONPATH": str(_HOME)},
        start_new_session=True,
    )


def _cause(died: int, limits: Limits) -> str:
    if died == signal.SIGXCPU:
        return f"读取它要用 {limits.processor_s} 秒以上，不读取"
    if died == signal.SIGALRM:
        return f"读取它超过了 {limits.clock_s} 秒，不读取"
    return f"读取它的进程被终止（{signal.Signals(died).name}），不读取"
