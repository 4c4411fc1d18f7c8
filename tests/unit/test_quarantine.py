"""Broken rows go back to their owner; a waiver has a name, a reason and a date."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from marts_by_hand import built_night, settings_in
from python_calamine import CalamineWorkbook

from cityledger import ops, quarantine, runs, warehouse
from cityledger.errors import UsageError
from cityledger.progress import SILENT
from cityledger.quarantine import Filter, QuarantineError
from cityledger.settings import Settings

D = date(2025, 6, 30)

RAW = json.dumps({"磅单号": "T1", "车牌号": "鄂C12345", "毛重kg": "=1+1"})
TABLES = """
create table main.quarantine as
from (values
    ('aa11', 'weighbridge', 'tickets', 'r1', 'B02', '毛重kg 不是数：=1+1',
     'weighbridge/FS01/weigh_FS01_20250630.csv', null, '10', 'open', $raw),
    ('aa22', 'weighbridge', 'tickets', 'r2', 'B03', '相差 40 kg',
     'weighbridge/FS01/weigh_FS01_20250630.csv', null, '9', 'open', $raw),
    ('bb33', 'weighbridge', 'files', 'r3', 'B10', '无法解码',
     'weighbridge/FS02/weigh_FS02_20250630.csv', null, null, 'resubmitted', null),
    ('cc44', 'cases', 'cases', 'r4', 'A02', 'channel 不在代码表：电话',
     '/cases', null, 'C1', 'open', '{"case_id": "C1", "reporter_name": "张三"}')
) as q (
    quarantine_id, source, source_table, row_id, rule, message, file, sheet,
    line_or_key, status, raw
)
cross join (select date '2025-06-30' as first_seen_as_of);
create table restricted.verdicts as
from (values
    ('r1', 'FS01', 'quarantined'), ('r2', 'FS01', 'quarantined'),
    ('r3', 'FS02', 'quarantined'), ('r4', null, 'quarantined')
) as v (row_id, owner, verdict);
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    built_night(settings, D)
    with duckdb.connect(str(settings.folders.warehouse)) as connection:
        connection.execute(TABLES.replace("$raw", f"'{RAW}'"))
    return settings


def ids(settings: Settings, wanted: Filter) -> list[str]:
    return [unit.quarantine_id for unit in quarantine.units(settings, wanted)]


def test_broken_rows_are_listed_by_owner_and_line(settings: Settings) -> None:
    assert ids(settings, Filter()) == ["aa22", "aa11", "cc44"]
    assert ids(settings, Filter(status="")) == ["aa22", "aa11", "bb33", "cc44"]
    assert ids(settings, Filter(rule="B02")) == ["aa11"]
    assert ids(settings, Filter(owner="FS01")) == ["aa22", "aa11"]
    assert quarantine.summary(quarantine.units(settings, Filter())) == [
        ("FS01", "weighbridge", "B02", 1),
        ("FS01", "weighbridge", "B03", 1),
        ("案卷平台", "cases", "A02", 1),
    ]


def test_each_owner_gets_a_workbook_with_file_line_and_rule(
    settings: Settings,
) -> None:
    paths = quarantine.export(settings, Filter())

    assert [path.name for path in paths] == [
        "2025-06-30-FS01.xlsx",
        "2025-06-30-案卷平台.xlsx",
    ]
    book = CalamineWorkbook.from_path(str(paths[0]))
    assert book.sheet_names == ["说明", "地磅-tickets"]
    assert "个人信息" in str(book.get_sheet_by_name("说明").to_python()[0][0])
    head, first, second = book.get_sheet_by_name("地磅-tickets").to_python()
    assert head[-3:] == ["磅单号", "车牌号", "毛重kg"]
    assert first[1:6] == [
        "weighbridge/FS01/weigh_FS01_20250630.csv",
        "",
        "9",
        "B03",
        "相差 40 kg",
    ]
    assert second[-1] == "=1+1"


def test_only_its_writer_may_read_a_workbook(settings: Settings) -> None:
    (path, _) = quarantine.export(settings, Filter())

    assert path.stat().st_mode & 0o077 == 0


def test_a_waiver_is_known_to_the_next_build(settings: Settings) -> None:
    (waiver,) = quarantine.waive(settings, ["aa1"], "磅秤检修日", "张主任")
    assert (waiver.quarantine_id, waiver.waived_as_of) == ("aa11", D)

    run = runs.start(D, settings.folders)
    with warehouse.connect(settings.folders, SILENT) as connection:
        ops.write(connection, run, settings)
        rows = connection.execute("from ops.waivers").fetchall()

    assert rows == [("aa11", D, "磅秤检修日", "张主任")]
    assert list(quarantine.waivers(settings.folders)) == [waiver]


def test_a_waiver_can_be_taken_back(settings: Settings) -> None:
    quarantine.waive(settings, ["aa11"], "磅秤检修日", "张主任")

    assert quarantine.unwaive(settings, ["aa"]) == ["aa11"]
    assert list(quarantine.waivers(settings.folders)) == []


def test_a_waiver_needs_a_known_row_a_reason_and_a_name(settings: Settings) -> None:
    with pytest.raises(QuarantineError, match="没有编号为 zz 的记录"):
        quarantine.waive(settings, ["zz"], "因为", "张主任")
    with pytest.raises(QuarantineError, match="编号 aa 不唯一"):
        quarantine.waive(settings, ["aa"], "因为", "张主任")
    with pytest.raises(UsageError, match="--reason"):
        quarantine.waive(settings, ["aa11"], " ", "张主任")


def test_before_the_first_night_there_is_no_quarantine(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "new")
    built_night(settings, D)

    with pytest.raises(QuarantineError, match="还没有隔离表"):
        quarantine.units(settings, Filter())
