"""Reader process: reads foreign files where nothing but the one file can suffer.

Started by `file_reader`. It takes one request a line, answers one line each, and may
die of what a file does to it: its memory, its time, a crash.
"""

import errno
import json
import resource
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from cityledger.sources.contracts import FileTable
from cityledger.sources.csv_file import read_csv
from cityledger.sources.file_content import ReadRow, RefusedFileError
from cityledger.sources.xlsx_file import read_xlsx

_MOST_WRITTEN: Final = 2 << 30

Reader = Callable[[BinaryIO, tuple[FileTable, ...]], Iterator[ReadRow]]
_READERS: Final[Mapping[str, Reader]] = {"csv": read_csv, "xlsx": read_xlsx}


def serve(memory: int, processor_s: int, requests: TextIO, answers: TextIO) -> None:
    """Read files until there are no more requests, or one has gone wrong.

    An answer says why the file is refused, if it is, and what fault there was: one
    without refusal is ours. After a fault nothing in this process is to be relied on.
    """
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, _MOST_WRITTEN)
    _limit(resource.RLIMIT_CORE, 0)
    answers.write("\n")
    answers.flush()
    for request in requests:
        _limit(resource.RLIMIT_CPU, _used_s() + processor_s)
        refused, fault = _answer(json.loads(request))
        answers.write(json.dumps([refused, fault]) + "\n")
        answers.flush()
        if fault is not None:
            return


def _answer(request: Mapping[str, str]) -> tuple[str | None, str | None]:
    try:
        _read(request)
    except RefusedFileError as error:
        return str(error), None
    except MemoryError:
        return "读取它要用的内存超过限额，不读取", "MemoryError"
    except OSError as error:
        # Any other is about our own files, and says nothing about this one.
        too_much = f"读出的内容超过 {_MOST_WRITTEN >> 30} GB，不读取"
        return too_much if error.errno == errno.EFBIG else None, str(error)
    except Exception as error:
        return f"无法读取（{type(error).__name__}）", traceback.format_exc()
    return None, None


def _read(request: Mapping[str, str]) -> None:
    tables = tuple(FileTable(*table) for table in request["tables"])
    read = _READERS[request["reader"]]
    with (
        Path(request["content"]).open("rb") as content,
        Path(request["rows"]).open("x", encoding="utf-8", errors="replace") as rows,
    ):
        rows.writelines(_lines(read(content, tables)))


def _lines(found: Iterator[ReadRow]) -> Iterator[str]:
    """Yield rows as lines of three fields; one of JSON says where those after it are.

    The rows are JSON already, which holds neither tabs nor line breaks.
    """
    place = None
    for row in found:
        if place != (row.table, row.sheet):
            place = (row.table, row.sheet)
            yield f"{json.dumps(place)}\n"
        yield f"{row.line}\t{row.defect or ''}\t{row.raw}\n"


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most, hard))


def _used_s() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int(used.ru_utime + used.ru_stime)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), sys.stdin, sys.stdout)
