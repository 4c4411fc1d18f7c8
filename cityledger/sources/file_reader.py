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
from collections import deque
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


@dataclass
class _Asked:
    """One file to read: the request, where its rows will be, how often it was tried."""

    request: bytes
    rows: Path
    attempts: int = 0


class FileReader:
    """A process that reads files of one kind, replaced when a file has killed it.

    Files may be asked for before the answers to earlier ones are taken, so that it
    reads while what it has read is written; answers come in the order of asking.
    """

    def __init__(self, kind: Kind, limits: Limits | None = None) -> None:
        self._kind = kind
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: deque[_Asked] = deque()
        self._heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def ask(self, content: Path, rows: Path, tables: tuple[FileTable, ...]) -> None:
        """Ask for a file to be read, its rows to be left in a file of their own."""
        request = {
            "reader": self._kind,
            "content": str(content),
            "rows": str(rows),
            "tables": [[table.table, table.columns, table.sheet] for table in tables],
        }
        asked = _Asked(f"{json.dumps(request)}\n".encode(), rows)
        self._asked.append(asked)
        if self._process is not None:
            self._send(self._process, asked)

    def answer(self) -> Iterator[ReadRow]:
        """Return the rows of the file asked for first, or refuse it; none by halves.

        Take the rows before their file is asked to hold others.
        """
        asked = self._asked[0]
        refused, fault = self._answer(asked)
        self._asked.popleft()
        if fault is not None:
            _log.error("reading failed: %s", fault)
            self._end()
        if refused is not None:
            raise RefusedFileError(refused)
        if fault is not None:
            raise SourceError(f"读写中间文件出错：{fault}")
        return _taken(asked.rows)

    def _answer(self, asked: _Asked) -> tuple[str | None, str | None]:
        """Return why a file is refused, and what fault there was in reading it."""
        while asked.attempts < _ATTEMPTS:
            asked.attempts += 1
            answer = self._said(self._running(), self._limits.clock_s)
            if answer.endswith(b"\n"):
                refused, fault = json.loads(answer)
                return refused, fault
            # Who is killed from outside was not killed by the file: once more.
            died = self._end()
            if died != -signal.SIGKILL:
                break
        if died >= 0:
            raise SourceError(f"读取文件的进程自己退出了（{died}），请查看安装是否完好")
        return _cause(-died, self._limits), None

    def _running(self) -> "subprocess.Popen[bytes]":
        """Return the process; a new one is asked all that has no answer yet."""
        if self._process is None:
            self._process, self._heard = _start(self._limits), b""
            if self._said(self._process, _START_S) != b"\n":
                self._end()
                raise SourceError("读取文件的进程无法启动，请查看内存和安装是否完好")
            for asked in self._asked:
                self._send(self._process, asked)
        return self._process

    def _send(self, process: "subprocess.Popen[bytes]", asked: _Asked) -> None:
        """Send a request; one that is dead is found so when its answer is taken."""
        # Removed and not overwritten: emptying a file makes some systems wait.
        asked.rows.unlink(missing_ok=True)
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(asked.request)

    def _said(self, process: "subprocess.Popen[bytes]", seconds: float) -> bytes:
        """Return the next line the process says, or less if it dies or dawdles."""
        if process.stdout is None:
            raise AssertionError("the process was started with pipes")
        ready = select.poll()
        ready.register(process.stdout, select.POLLIN)
        while b"\n" not in self._heard:
            if not ready.poll(seconds * 1000):
                # Not SIGKILL: it must be told from a kill by someone else.
                process.send_signal(signal.SIGALRM)
            piece = process.stdout.read(select.PIPE_BUF)
            if not piece:
                return b""
            self._heard += piece
        line, end, self._heard = self._heard.partition(b"\n")
        return line + end

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


def _taken(rows: Path) -> Iterator[ReadRow]:
    table, sheet = "", None
    with rows.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.startswith("["):
                table, sheet = json.loads(line)
                continue
            number, defect, raw = line.rstrip("\n").split("\t")
            yield ReadRow(table, sheet, int(number), raw, defect or None)


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
