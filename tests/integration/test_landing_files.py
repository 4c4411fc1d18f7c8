"""The file drops land version by version; what is wrong with a file is written down."""

import json
import os
import shutil
from datetime import date
from pathlib import Path

import fsspec
import pytest
import xlsxwriter
from landed_content import content, rows

from cityledger.land import land
from cityledger.load_log import FileCounts
from cityledger.settings import Settings
from cityledger.sources.contracts import (
    INSPECTIONS,
    REFERENCE,
    REGISTERS,
    SANITATION,
    WEIGHBRIDGE,
    FileTable,
)

DAY = date(2025, 6, 3)
TICKETS = WEIGHBRIDGE.tables[0].columns


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    for source in ("weighbridge", "sanitation", "inspections", "registers"):
        (folder / source).mkdir(parents=True)
    (folder / "reference").mkdir()
    return folder


@pytest.fixture
def settings(drop: Path, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", landing_dir=str(drop))


def day_file(drop: Path, *tickets: str, facility: str = "ZZ1", day: date = DAY) -> Path:
    path = drop / "weighbridge" / facility / f"weigh_{facility}_{day:%Y%m%d}.csv"
    path.parent.mkdir(exist_ok=True)
    empty = "," * (len(TICKETS) - 1)
    lines = [",".join(TICKETS), *(f"{ticket}{empty}" for ticket in tickets)]
    path.write_text("\n".join(lines), "utf-8")
    return path


def workbook(path: Path, tables: tuple[FileTable, ...], *rows: tuple[str, ...]) -> None:
    path.parent.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for table in tables:
            page = book.add_worksheet(table.sheet or "台账")
            for number, row in enumerate((table.columns, *rows)):
                page.write_row(number, 0, row)


def tickets(settings: Settings) -> list[str]:
    found = rows(settings.data_dir, "weighbridge", "tickets")
    return [str(json.loads(str(row["raw"]))["磅单号"]) for row in found]


def test_a_day_file_lands_with_every_mark_of_where_it_came_from(
    drop: Path, settings: Settings
) -> None:
    day_file(drop, "T1", "T2")

    load = land("weighbridge", DAY, settings)

    assert (load.outcome, load.rows, load.files) == ("ok", 2, FileCounts(new=1))
    row = rows(settings.data_dir, "weighbridge", "tickets")[1]
    (version,) = rows(settings.data_dir, "weighbridge", "files")
    assert list(row) == [
        *("load_id", "load_date", "landed_at", "owner", "file", "file_hash"),
        *("file_date", "sheet", "line", "defect", "raw"),
    ]
    assert (row["owner"], row["file_date"], row["line"]) == ("ZZ1", DAY, 3)
    assert row["file"] == "weighbridge/ZZ1/weigh_ZZ1_20250603.csv"
    assert row["file_hash"] == version["file_hash"]
    assert (version["row_count"], version["defect"]) == (2, None)
    assert version["bytes"] == load.bytes


def test_each_kind_of_file_lands_in_its_tables(drop: Path, settings: Settings) -> None:
    workbook(drop / "sanitation/C1/sweeping_20250603.xlsx", SANITATION.tables, ("a",))
    workbook(
        drop / "inspections/inspections_202506.xlsx", INSPECTIONS.tables, ("a",), ("b",)
    )
    toilets = REGISTERS.tables_of("toilets")
    workbook(drop / "registers/toilets_202506.xlsx", toilets, ("G1",))
    towns = ",".join(REFERENCE.tables_of("towns")[0].columns)
    (drop / "reference/towns.csv").write_text(f"{towns}\n420323001000,城关镇,是\n")

    loads = {
        source: land(source, DAY, settings)
        for source in ("sanitation", "inspections", "registers", "reference")
    }

    assert {source: load.rows for source, load in loads.items()} == {
        "sanitation": 1,
        "inspections": 4,
        "registers": 1,
        "reference": 1,
    }
    (sweeping,) = rows(settings.data_dir, "sanitation", "sweeping")
    assert (sweeping["owner"], sweeping["sheet"]) == ("C1", "作业日报")
    (toilet,) = rows(settings.data_dir, "registers", "rows")
    assert (toilet["owner"], toilet["file_date"]) == ("toilets", date(2025, 6, 1))
    (town,) = rows(settings.data_dir, "reference", "rows")
    assert (town["owner"], town["file_date"]) == ("towns", None)
    assert len(rows(settings.data_dir, "inspections", "deductions")) == 2


def test_landing_twice_changes_nothing(drop: Path, settings: Settings) -> None:
    day_file(drop, "T1")
    land("weighbridge", DAY, settings)
    before = content(settings.data_dir, "weighbridge")

    again = land("weighbridge", DAY, settings)

    assert (again.rows, again.files) == (0, FileCounts(unchanged=1))
    assert content(settings.data_dir, "weighbridge") == before


def test_the_cache_of_hashes_may_be_lost(drop: Path, settings: Settings) -> None:
    path = day_file(drop, "T1")
    land("weighbridge", DAY, settings)
    shutil.rmtree(settings.folders.state)
    os.utime(path, (1, 1))

    again = land("weighbridge", DAY, settings)

    assert again.files == FileCounts(unchanged=1)


def test_a_file_that_looks_unchanged_is_not_read_again(tmp_path: Path) -> None:
    storage = fsspec.filesystem("memory")
    path = "/still/weighbridge/ZZ1/weigh_ZZ1_20250603.csv"
    storage.pipe(path, f"{','.join(TICKETS)}\n".encode())
    settings = Settings(data_dir=tmp_path, landing_dir="memory://still")
    land("weighbridge", DAY, settings)
    # Only reading could tell: size and time stay as they were.
    storage.store[path].getbuffer()[:3] = b"???"

    remembered = land("weighbridge", DAY, settings)
    shutil.rmtree(settings.folders.state)
    read = land("weighbridge", DAY, settings)

    assert remembered.files == FileCounts(unchanged=1)
    assert read.files == FileCounts(changed=1, refused=1)


def test_a_version_that_comes_back_is_a_third_version(
    drop: Path, settings: Settings
) -> None:
    for ticket in ("T1", "T2", "T1"):
        day_file(drop, ticket)
        land("weighbridge", DAY, settings)

    assert tickets(settings) == ["T1", "T2", "T1"]
    assert len(rows(settings.data_dir, "weighbridge", "files")) == 3


def test_a_backfill_sees_its_own_day(drop: Path, settings: Settings) -> None:
    day_file(drop, "T1")
    land("weighbridge", date(2025, 6, 9), settings)
    replayed = land("weighbridge", DAY, settings)
    day_file(drop, "T2")
    corrected = [land("weighbridge", DAY, settings) for _ in range(2)]
    later = [land("weighbridge", date(2025, 6, 9), settings) for _ in range(2)]

    assert replayed.rows == 0
    assert [load.rows for load in corrected] == [1, 0]
    # For 9 June the first version was still in force.
    assert [load.rows for load in later] == [1, 0]


def test_files_of_later_days_wait_for_their_day(drop: Path, settings: Settings) -> None:
    day_file(drop, "T1")
    day_file(drop, "T2", day=date(2025, 6, 4))
    workbook(
        drop / "registers/toilets_202507.xlsx", REGISTERS.tables_of("toilets"), ("G1",)
    )

    today = land("weighbridge", DAY, settings)
    registers = land("registers", DAY, settings)
    tomorrow = land("weighbridge", date(2025, 6, 4), settings)

    assert (today.files.new, registers.files.new, tomorrow.files.new) == (1, 0, 1)
    assert "日期晚于 2025-06-03" in today.message


def test_other_names_are_left_alone_but_named(drop: Path, settings: Settings) -> None:
    day_file(drop, "T1")
    for name in ("weigh_ZZ1_20250603.csv.tmp", "weigh_ZZ2_20250603.csv", "读我.txt"):
        (drop / "weighbridge/ZZ1" / name).write_text("x")
    (drop / "weighbridge/ZZ1/weigh_ZZ1_20250230.csv").write_text("x")

    load = land("weighbridge", DAY, settings)

    assert load.files == FileCounts(new=1, not_taken=4)
    assert "读我.txt" in load.message


def test_a_refused_file_leaves_its_version_and_no_rows(
    drop: Path, settings: Settings
) -> None:
    good = day_file(drop, "T1")
    bad = day_file(drop, "T2", facility="ZZ2")
    bad.write_text(bad.read_text("utf-8").replace("净重kg", "重量"), "utf-8")
    broken = drop / "weighbridge/ZZ1/weigh_ZZ1_20250602.csv"
    broken.write_bytes(b"\xff\xfe\xff")

    loads = [land("weighbridge", DAY, settings) for _ in range(2)]

    versions = rows(settings.data_dir, "weighbridge", "files")
    assert {str(v["file"])[-16:]: v["defect"] for v in versions} == {
        good.name[-16:]: None,
        "ZZ2_20250603.csv": "缺少列：净重kg",
        broken.name[-16:]: "无法解码：既不是 UTF-8、GB18030，也不是带 BOM 的 UTF-16；"
        "请另存为“CSV UTF-8（逗号分隔）”后再交",
    }
    assert tickets(settings) == ["T1"]
    assert [load.files.refused for load in loads] == [2, 0]
    assert "缺少列：净重kg" in loads[0].message


def test_rows_of_a_workbook_with_one_bad_sheet_do_not_land(
    drop: Path, settings: Settings
) -> None:
    path = drop / "inspections/inspections_202506.xlsx"
    workbook(path, INSPECTIONS.tables[:1], ("J1",))

    load = land("inspections", DAY, settings)

    (version,) = rows(settings.data_dir, "inspections", "files")
    assert (version["defect"], version["row_count"]) == ("缺少工作表：扣分明细", 0)
    assert load.rows == 0
    assert rows(settings.data_dir, "inspections", "sheets") == []


def test_a_readable_file_without_rows_has_come(drop: Path, settings: Settings) -> None:
    day_file(drop)

    land("weighbridge", DAY, settings)

    (version,) = rows(settings.data_dir, "weighbridge", "files")
    assert (version["row_count"], version["defect"]) == (0, None)


def test_a_folder_that_is_not_there_fails_the_load(
    drop: Path, settings: Settings
) -> None:
    shutil.rmtree(drop / "weighbridge")

    load = land("weighbridge", DAY, settings)

    assert load.outcome == "failed"
    assert f"{drop}/weighbridge：不存在" in load.message


def test_the_drop_may_lie_on_any_storage(tmp_path: Path) -> None:
    storage = fsspec.filesystem("memory")
    text = ",".join(TICKETS) + "\nT1" + "," * (len(TICKETS) - 1)
    path = "/drop/weighbridge/ZZ1/weigh_ZZ1_20250603.csv"
    storage.pipe(path, text.encode("gb18030"))
    settings = Settings(data_dir=tmp_path, landing_dir="memory://drop")

    first, again = (land("weighbridge", DAY, settings) for _ in range(2))
    storage.pipe(path, text.replace("T1", "T2").encode())
    changed = land("weighbridge", DAY, settings)

    assert [load.rows for load in (first, again, changed)] == [1, 0, 1]
    assert changed.files == FileCounts(changed=1)
    (one, _) = rows(tmp_path, "weighbridge", "files")
    assert one["file"] == "weighbridge/ZZ1/weigh_ZZ1_20250603.csv"
