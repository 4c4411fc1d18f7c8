"""Whatever one file does to who reads it, that file is refused and nothing else."""

import ctypes
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import fsspec
import pytest
from landed_content import rows, unfinished

from cityledger import load_log
from cityledger.land import land
from cityledger.load_log import FileCounts, NotTaken
from cityledger.settings import Settings
from cityledger.sources import file_listing
from cityledger.sources.contracts import SANITATION, WEIGHBRIDGE
from cityledger.sources.file_content import RefusedFileError
from cityledger.sources.file_reader import FileReader, Limits
from cityledger.sources.job import SourceError
from tests.unit import raw_workbook as raw

DAY = date(2025, 6, 3)
TICKETS = WEIGHBRIDGE.tables[0].columns
TABLES = SANITATION.tables
NAMES = raw.header(*TABLES[0].columns)
SHEET = "xl/worksheets/sheet1.xml"
MANY = 4_000_000
LIMITS = Limits(memory=120 << 20, processor_s=1, clock_s=60)
BOMB = f"<row {'r' * 60_000_000}='1'/>"
SLOW = raw.workbook(NAMES + "<row><c/><c/><c/></row>" * 900_000)


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    (tmp_path / "drop" / "weighbridge" / "ZZ1").mkdir(parents=True)
    (tmp_path / "drop" / "sanitation" / "C1").mkdir(parents=True)
    return tmp_path / "drop"


@pytest.fixture
def settings(drop: Path, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", landing_dir=str(drop))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[FileReader]:
    with FileReader("xlsx", LIMITS) as reading:
        yield reading


def sound() -> bytes:
    return raw.workbook(NAMES + raw.row(2, raw.text("A2", "2025-06-03")))


def read(reader: FileReader, folder: Path, content: bytes) -> int:
    """Read a workbook and return how many rows it has."""
    path = folder / "content"
    path.write_bytes(content)
    reader.ask(path, folder / "rows", TABLES)
    return sum(1 for _ in reader.answer())


def day_file(drop: Path, ticket: str, name: str = "weigh_ZZ1_20250603.csv") -> Path:
    path = drop / "weighbridge" / "ZZ1" / name
    line = ticket + "," * (len(TICKETS) - 1)
    path.write_text(f"{','.join(TICKETS)}\n{line}\n", "utf-8")
    return path


def tickets(settings: Settings) -> list[str]:
    found = rows(settings.data_dir, "weighbridge", "tickets")
    return [str(json.loads(str(row["raw"]))["磅单号"]) for row in found]


def laughs() -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e19;</x>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SLOW, "1 秒以上"),
        (
            raw.workbook(NAMES, strings=f"<si><t>{'y' * 30_000}</t></si>" * 9000),
            "内存超过限额",
        ),
        (raw.workbook("", parts={SHEET: laughs()}), "DOCTYPE"),
        (raw.workbook("<x>" * MANY), "内存超过限额|1 秒以上"),
        (raw.workbook(BOMB), "内存超过限额|1 秒以上"),
    ],
    ids=["time", "memory", "entities", "nesting", "name"],
)
def test_a_bomb_is_refused_and_the_next_file_is_read(
    reader: FileReader, tmp_path: Path, content: bytes, reason: str
) -> None:
    started = time.monotonic()

    with pytest.raises(RefusedFileError, match=reason):
        read(reader, tmp_path, content)

    assert time.monotonic() - started < LIMITS.clock_s
    assert read(reader, tmp_path, sound()) == 1


def test_files_asked_for_together_do_not_share_a_fate(
    reader: FileReader, tmp_path: Path
) -> None:
    contents = [sound(), SLOW, sound(), b"%PDF", raw.workbook(BOMB), sound()]
    for number, content in enumerate(contents):
        path = tmp_path / f"content-{number}"
        path.write_bytes(content)
        reader.ask(path, tmp_path / f"rows-{number}", TABLES)

    answers = []
    for _ in contents:
        try:
            answers.append(sum(1 for _ in reader.answer()))
        except RefusedFileError as error:
            answers.append(str(error)[:8])

    assert answers == [1, "读取它要用 1 ", 1, "这是PDF 文件", answers[4], 1]
    assert str(answers[4]).startswith("读取它要用")


def kill_readers(reader: FileReader, *signals: int) -> threading.Thread:
    """Kill the process that reads, and the one after it, in the midst of their work."""

    def kill() -> None:
        killed: set[int] = set()
        for sent in signals:
            process = reader._process
            while process is None or process.pid in killed or not at_work(process.pid):
                time.sleep(0.01)
                process = reader._process
            killed.add(process.pid)
            os.kill(process.pid, sent)

    def at_work(pid: int) -> bool:
        """Say whether it has spent more time than it takes to start."""
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) > 0.4 * os.sysconf("SC_CLK_TCK")

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


def test_a_crash_of_the_library_is_the_files_fault(tmp_path: Path) -> None:
    with FileReader("xlsx") as reader:
        killing = kill_readers(reader, signal.SIGABRT)

        with pytest.raises(RefusedFileError, match="SIGABRT"):
            read(reader, tmp_path, SLOW)

        killing.join()
        assert read(reader, tmp_path, sound()) == 1


def test_a_reader_killed_by_someone_else_is_asked_again(tmp_path: Path) -> None:
    with FileReader("xlsx") as reader:
        killing = kill_readers(reader, signal.SIGKILL)
        assert read(reader, tmp_path, SLOW) == 0
        killing.join()

        killing = kill_readers(reader, signal.SIGKILL, signal.SIGKILL)
        with pytest.raises(RefusedFileError, match="SIGKILL"):
            read(reader, tmp_path, SLOW)
        killing.join()


def test_a_reader_that_does_not_answer_is_ended(tmp_path: Path) -> None:
    limits = Limits(clock_s=1)
    with FileReader("xlsx", limits) as reader:
        with pytest.raises(RefusedFileError, match="超过了 1 秒"):
            read(reader, tmp_path, SLOW)

        assert read(reader, tmp_path, sound()) == 1


def test_a_reader_that_cannot_start_is_no_files_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with (
        FileReader("xlsx") as reader,
        pytest.raises(SourceError, match="无法启动"),
    ):
        read(reader, tmp_path, sound())


def test_a_folder_of_ours_that_is_gone_is_no_files_fault(tmp_path: Path) -> None:
    with FileReader("xlsx") as reader:
        reader.ask(tmp_path / "content", tmp_path / "gone" / "rows", TABLES)
        with pytest.raises(SourceError, match="中间文件"):
            reader.answer()


def test_a_reader_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASES_API_TOKEN", "s3cret")
    with FileReader("xlsx") as reader:
        assert read(reader, tmp_path, sound()) == 1
        process = reader._process
        assert process is not None
        environment = Path(f"/proc/{process.pid}/environ").read_text()

    assert "s3cret" not in environment
    assert "PYTHONPATH" in environment


def test_a_refused_workbook_is_remembered_and_the_others_land(
    drop: Path, settings: Settings
) -> None:
    folder = drop / "sanitation" / "C1"
    corner = raw.row(1_048_576, raw.text("XFD1048576", " "))
    contents = {
        "20250601": raw.workbook(NAMES + raw.row(2, raw.number("A2", "-2.5e11", 1))),
        "20250602": raw.workbook("", parts={SHEET: laughs()}),
        "20250603": raw.workbook(NAMES + raw.row(2, raw.text("A2", "a")) + corner),
    }
    for day, content in contents.items():
        (folder / f"sweeping_{day}.xlsx").write_bytes(content)

    loads = [land("sanitation", DAY, settings) for _ in range(2)]

    versions = rows(settings.data_dir, "sanitation", "files")
    assert [(v["row_count"], v["defect"]) for v in versions] == [
        (1, None),
        (0, "文件损坏：含有 DOCTYPE 声明，工作簿里不会有；请重新导出并发送"),
        (1, None),
    ]
    (odd, _) = rows(settings.data_dir, "sanitation", "sweeping")
    assert json.loads(str(odd["raw"]))["_unreadable"] == "日期=-250000000000"
    assert [load.files for load in loads] == [
        FileCounts(new=3, refused=1),
        FileCounts(unchanged=3),
    ]


def test_only_regular_files_under_the_root_are_taken(
    drop: Path, settings: Settings, tmp_path: Path
) -> None:
    outside = day_file(drop, "T9").rename(tmp_path / "outside.csv")
    folder = drop / "weighbridge" / "ZZ1"
    day_file(drop, "T1")
    os.mkfifo(folder / "weigh_ZZ1_20250501.csv")
    (folder / "weigh_ZZ1_20250502.csv").symlink_to("/dev/zero")
    (folder / "weigh_ZZ1_20250503.csv").symlink_to("gone.csv")
    (folder / "weigh_ZZ1_20250504.csv").symlink_to(outside)
    (folder / "weigh_ZZ1_20250505.csv").symlink_to("weigh_ZZ1_20250505.csv")
    (folder / "weigh_ZZ1_20250506.csv").symlink_to("weigh_ZZ1_20250603.csv")
    (folder / "weigh_ZZ1_20250507.csv").mkdir()
    (drop / "weighbridge" / "ZZ2").symlink_to(tmp_path)
    (drop / "weighbridge" / "loop").symlink_to(drop)
    listening = socket.socket(socket.AF_UNIX)
    # The address of a socket must be short.
    here = Path.cwd()
    os.chdir(folder)
    listening.bind("weigh_ZZ1_20250508.csv")
    os.chdir(here)

    load = land("weighbridge", DAY, settings)
    listening.close()

    assert (load.outcome, load.files.new) == ("ok", 1)
    assert tickets(settings) == ["T1"]
    reasons = {n.name.removeprefix("weighbridge/"): n.reason for n in load.not_taken}
    link = "不是普通文件（链接、管道、设备等一律不取）"
    assert reasons == {
        **{f"ZZ1/weigh_ZZ1_2025050{n}.csv": link for n in (1, 2, 3, 4, 5, 6, 8)},
        "ZZ1/weigh_ZZ1_20250507.csv": "是文件夹，不是文件",
        "ZZ2": link,
        "loop": link,
    }
    assert unfinished(settings.data_dir) == []


def test_a_file_swapped_after_it_was_listed_is_not_followed(
    drop: Path, settings: Settings, tmp_path: Path
) -> None:
    listed = file_listing.FileDrop(settings).list
    paths = [day_file(drop, "T", f"weigh_ZZ1_2025060{n}.csv") for n in (1, 2, 3)]
    files = listed(WEIGHBRIDGE, DAY).files
    for path in paths:
        path.unlink()
    paths[0].symlink_to("/etc/passwd")
    os.mkfifo(paths[1])

    for file, reason in zip(files, ("普通文件", "普通文件", "不存在"), strict=True):
        with pytest.raises(file_listing.NotTakenError, match=reason):
            file_listing.FileDrop(settings).copy(file, tmp_path / "copy")

    (drop / "weighbridge" / "ZZ1").rename(tmp_path / "elsewhere")
    (drop / "weighbridge" / "ZZ1").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(file_listing.NotTakenError, match="普通文件"):
        file_listing.FileDrop(settings).copy(files[0], tmp_path / "copy")


def test_a_source_that_is_a_link_is_not_entered(
    drop: Path, settings: Settings, tmp_path: Path
) -> None:
    (drop / "weighbridge").rename(tmp_path / "elsewhere")
    (drop / "weighbridge").symlink_to(tmp_path / "elsewhere")

    load = land("weighbridge", DAY, settings)

    assert load.outcome == "failed"
    assert "weighbridge 是链接" in load.message


def test_a_file_that_may_not_be_read_keeps_no_other_from_landing(
    drop: Path, settings: Settings
) -> None:
    day_file(drop, "T1")
    day_file(drop, "T2", "weigh_ZZ1_20250602.csv").chmod(0)
    closed = drop / "weighbridge" / "ZZ3"
    closed.mkdir()
    closed.chmod(0)
    # Imported before the rights to see them are gone.
    land("weighbridge", date(2020, 1, 1), settings)

    with without_rights():
        load = land("weighbridge", DAY, settings)

    assert [(n.name[-22:], n.reason) for n in load.not_taken] == [
        ("weigh_ZZ1_20250602.csv", "没有读取权限"),
        ("weighbridge/ZZ3", "没有读取权限"),
    ]
    assert tickets(settings) == ["T1"]


@contextmanager
def without_rights() -> Iterator[None]:
    """Give up this thread's right to pass over the permissions of files."""
    libc = ctypes.CDLL(None, use_errno=True)
    version, both = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(version, both)
    effective = both[0]
    both[0] = effective & ~0b110
    assert libc.capset(version, both) == 0
    yield
    both[0] = effective
    assert libc.capset(version, both) == 0


def test_a_file_beyond_the_limit_is_never_read(drop: Path, settings: Settings) -> None:
    day_file(drop, "T1")
    large = day_file(drop, "T2", "weigh_ZZ1_20250602.csv")
    os.truncate(large, (256 << 20) + 1)

    load = land("weighbridge", DAY, settings)

    assert [(n.name, n.reason) for n in load.not_taken] == [
        (f"weighbridge/ZZ1/{large.name}", "超过 256 MB")
    ]
    assert tickets(settings) == ["T1"]


def test_a_file_that_grows_beyond_the_limit_while_it_is_read_is_dropped(
    drop: Path, settings: Settings, tmp_path: Path
) -> None:
    path = day_file(drop, "T1")
    (file,) = file_listing.FileDrop(settings).list(WEIGHBRIDGE, DAY).files
    os.truncate(path, 300 << 20)

    with pytest.raises(file_listing.NotTakenError, match="超过 256 MB"):
        file_listing.FileDrop(settings).copy(file, tmp_path / "copy")

    assert (tmp_path / "copy").stat().st_size <= 256 << 20


def test_a_file_still_being_written_waits_for_the_next_night(
    drop: Path, settings: Settings
) -> None:
    day_file(drop, "T1")
    path = day_file(drop, "T2", "weigh_ZZ1_20250602.csv")
    os.truncate(path, 100 << 20)
    stop = threading.Event()

    def write() -> None:
        with path.open("ab") as file:
            while not stop.is_set():
                file.write(b"x")
                file.flush()

    writing = threading.Thread(target=write)
    writing.start()
    load = land("weighbridge", DAY, settings)
    stop.set()
    writing.join()

    assert [n.reason for n in load.not_taken] == ["读取时内容还在变化，下次再取"]
    assert tickets(settings) == ["T1"]


def test_names_of_any_bytes_are_told_and_stored(drop: Path, settings: Settings) -> None:
    day_file(drop, "T1")
    odd = drop / "weighbridge" / os.fsdecode(b"\xff\xfe\n\x1b[31m")
    odd.mkdir()
    (odd / "weigh_x_20250603.csv").write_text("x")
    (drop / "weighbridge/ZZ1/weigh_ZZ1_20250603\u202e.csv").write_text("x")

    load = land("weighbridge", DAY, settings)

    assert [n.name for n in load.not_taken] == [
        "weighbridge/ZZ1/weigh_ZZ1_20250603\\x202e.csv",
        "weighbridge/\\xdcff\\xdcfe\\x0a\\x1b[31m",
    ]
    assert load_log.read(settings.data_dir)[0].not_taken == load.not_taken
    assert tickets(settings) == ["T1"]


def test_what_is_not_taken_is_new_once(drop: Path, settings: Settings) -> None:
    (drop / "weighbridge" / "读我.txt").write_text("x")
    loads = [land("weighbridge", DAY, settings) for _ in range(2)]
    (drop / "weighbridge" / "再读.txt").write_text("x")
    loads.append(land("weighbridge", DAY, settings))

    name = NotTaken("weighbridge/读我.txt", "文件名不合约定")
    assert loads[0].not_taken == (name,)
    assert [n.is_new for n in loads[1].not_taken] == [False]
    assert [(n.name[-6:], n.is_new) for n in loads[2].not_taken] == [
        ("再读.txt", True),
        ("读我.txt", False),
    ]
    assert "文件名不合约定" in loads[0].message


def test_a_thousand_names_are_logged_and_all_are_counted(
    drop: Path, settings: Settings
) -> None:
    for number in range(1200):
        (drop / "weighbridge" / f"{number:04}.txt").touch()

    load = land("weighbridge", DAY, settings)

    assert (load.files.not_taken, len(load.not_taken)) == (1200, 1000)


def test_a_load_that_takes_too_long_keeps_what_it_has(
    drop: Path, settings: Settings
) -> None:
    day_file(drop, "T1")
    hurried = settings.model_copy(update={"source_time_limit_s": 1e-9})

    late = land("weighbridge", DAY, hurried)
    then = land("weighbridge", DAY, settings)

    assert [n.reason for n in late.not_taken] == ["本次采集已到总时限，下次再取"]
    assert (late.outcome, late.rows, then.rows) == ("ok", 0, 1)


def test_storage_far_away_is_bounded_too(tmp_path: Path) -> None:
    storage = fsspec.filesystem("memory")
    folder = "/hostile/weighbridge/ZZ1"
    line = ",".join(TICKETS) + "\nT1" + "," * (len(TICKETS) - 1)
    storage.pipe(f"{folder}/weigh_ZZ1_20250603.csv", line.encode())
    storage.pipe(f"{folder}/weigh_ZZ1_20250602.csv", bytes((256 << 20) + 1))
    settings = Settings(data_dir=tmp_path, landing_dir="memory://hostile")

    load = land("weighbridge", DAY, settings)

    assert [n.reason for n in load.not_taken] == ["超过 256 MB"]
    assert tickets(settings) == ["T1"]
