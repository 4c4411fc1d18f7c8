"""Landing files enter the warehouse once and whole, whatever happens meanwhile."""

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from cityledger import landed, warehouse
from cityledger.progress import SILENT
from cityledger.settings import DataDir

ROWS = """
copy (
    select
        '{load}' as load_id, date '{day}' as load_date, now()::timestamp as landed_at,
        '{owner}' as owner, '{owner}/' || (n % 3) || '.csv' as file, 'h' as file_hash,
        date '{day}' as file_date, null::varchar as sheet, n as line,
        null::varchar as defect, '{{}}' as raw
    from range({count}) as _ (n)
) to '{path}' (format parquet)
"""
LAMPS = """
copy (
    select
        '{load}' as load_id, date '2025-06-30' as load_date,
        now()::timestamp as landed_at, 'L' || n as lamp_id, 60.5 as power_w,
        'P' as pole_no, 'C' as circuit_id, 'S' as segment_id, 'T' as town_code,
        '主干道' as road_class, 110.1 as lon, 32.2 as lat, '单灯' as control,
        date '2020-01-01' as in_service_from, null::date as in_service_to,
        timestamp '2025-01-01' as updated_at, 'extra' as maker
    from range({count}) as _ (n)
) to '{path}' (format parquet)
"""


@pytest.fixture
def folders(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def land_tickets(folders: DataDir, load: str, count: int = 4) -> Path:
    path = folders.landing / "weighbridge" / "tickets" / f"{load}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    day = f"{load[:4]}-{load[4:6]}-{load[6:8]}"
    duckdb.execute(
        ROWS.format(load=load, day=day, owner="FS01", count=count, path=path)
    )
    return path


def append(folders: DataDir) -> landed.Appended:
    with warehouse.connect(folders, SILENT) as connection:
        return landed.append(connection, folders)


def tickets(folders: DataDir) -> tuple[int, int]:
    with duckdb.connect(str(folders.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select count(*), count(distinct row_id) from restricted.landed_tickets"
        ).fetchone()
    assert found
    return found


def test_a_landing_file_is_taken_once(folders: DataDir) -> None:
    land_tickets(folders, "20250630-20250630T180000000000-weighbridge")
    assert append(folders) == landed.Appended(files=1, rows=4)
    land_tickets(folders, "20250701-20250701T180000000000-weighbridge")

    assert append(folders) == landed.Appended(files=1, rows=4)
    assert append(folders) == landed.Appended()
    assert tickets(folders) == (8, 8)


def test_a_file_still_being_written_is_not_seen(folders: DataDir) -> None:
    whole = land_tickets(folders, "20250630-20250630T180000000000-weighbridge")
    whole.with_name(f".{whole.name}").write_bytes(b"PAR1 half a file")

    assert append(folders).files == 1


def test_a_row_is_named_by_load_table_file_and_line(folders: DataDir) -> None:
    land_tickets(folders, "20250630-x-weighbridge", count=4)
    append(folders)

    with duckdb.connect(str(folders.warehouse)) as connection:
        ids = connection.execute(
            "select row_id from restricted.landed_tickets order by line"
        ).fetchall()

    assert [i for (i,) in ids] == [
        "20250630-x-weighbridge:tickets:1:0",
        "20250630-x-weighbridge:tickets:2:1",
        "20250630-x-weighbridge:tickets:3:2",
        "20250630-x-weighbridge:tickets:1:3",
    ]


def test_a_rebuild_names_every_row_as_before(folders: DataDir) -> None:
    for number in range(5):
        land_tickets(folders, f"2025061{number}-x-weighbridge", count=7)
        append(folders)
    with duckdb.connect(str(folders.warehouse)) as connection:
        before = set(connection.execute("from restricted.landed_tickets").fetchall())
    folders.warehouse.unlink()

    append(folders)

    with duckdb.connect(str(folders.warehouse)) as connection:
        after = set(connection.execute("from restricted.landed_tickets").fetchall())
    assert after == before
    assert len(after) == 35


def test_a_database_table_keeps_its_types_and_may_have_more_columns(
    folders: DataDir,
) -> None:
    path = folders.landing / "lighting" / "lamp" / "20250630-x-lighting.parquet"
    path.parent.mkdir(parents=True)
    duckdb.execute(LAMPS.format(load="20250630-x-lighting", count=2, path=path))
    append(folders)

    with duckdb.connect(str(folders.warehouse)) as connection:
        rows = connection.execute(
            "select row_id, lamp_id, power_w, in_service_to "
            "from restricted.landed_lamp order by lamp_id"
        ).fetchall()

    assert rows == [
        ("20250630-x-lighting:lamp:1", "L0", 60.5, None),
        ("20250630-x-lighting:lamp:2", "L1", 60.5, None),
    ]


def test_telemetry_is_listed_and_not_copied(folders: DataDir) -> None:
    folder = folders.landing / "lighting" / "lamp_telemetry" / "2025-06-29"
    folder.mkdir(parents=True)
    (folder / "20250630-x-lighting.parquet").touch()
    (folder / ".20250701-x-lighting.parquet").touch()
    with warehouse.connect(folders, SILENT) as connection:
        landed.list_telemetry(connection, folders)
        landed.list_telemetry(connection, folders)
        rows = connection.execute("from ops.telemetry_files").fetchall()

    assert rows == [
        (
            str(folder / "20250630-x-lighting.parquet"),
            date(2025, 6, 29),
            "20250630-x-lighting",
            date(2025, 6, 30),
        )
    ]


def test_a_build_killed_while_appending_loses_and_repeats_nothing(
    folders: DataDir,
) -> None:
    loads = [f"202506{day:02}-x-weighbridge" for day in range(1, 31)]
    for load in loads:
        land_tickets(folders, load, count=2000)
    append_slowly = (
        "import sys, time; from pathlib import Path;"
        "from cityledger import landed, warehouse;"
        "from cityledger.progress import SILENT;"
        "from cityledger.settings import DataDir;"
        "landed._BATCH = 1; folders = DataDir(Path(sys.argv[1]));"
        "c = warehouse.connect(folders, SILENT); print('go', flush=True);"
        "landed.append(c, folders); time.sleep(60)"
    )

    for patience in (0.02, 0.1, 0.25):
        process = subprocess.Popen(
            [sys.executable, "-c", append_slowly, str(folders.root)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(patience)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

    append(folders)

    assert tickets(folders) == (60_000, 60_000)
    with duckdb.connect(str(folders.warehouse)) as connection:
        assert connection.execute(
            "select count(*) from ops.loaded_files"
        ).fetchone() == (30,)


def test_a_file_that_is_no_warehouse_is_put_aside(folders: DataDir) -> None:
    land_tickets(folders, "20250630-x-weighbridge")
    folders.warehouse.write_bytes(b"not a database" * 1000)
    warehouse.aside(folders).write_text("an older broken one")
    said: list[str] = []

    class Listener:
        def doing(self, text: str) -> None: ...

        def note(self, text: str) -> None:
            said.append(text)

    with warehouse.connect(folders, Listener()) as connection:
        assert landed.append(connection, folders).rows == 4

    assert "移开并从落地文件重建" in said[0]
    assert warehouse.aside(folders).read_bytes().startswith(b"not a database")


def test_marts_that_cannot_be_read_are_begun_anew(folders: DataDir) -> None:
    warehouse.connect(folders, SILENT).close()
    folders.marts.write_bytes(b"not a database" * 1000)

    with warehouse.connect(folders, SILENT) as connection:
        connection.execute("create table marts.one as select 1")

    with warehouse.read(folders) as connection:
        assert connection.execute("from marts.one").fetchall() == [(1,)]


def test_a_warehouse_of_an_older_shape_is_built_again(folders: DataDir) -> None:
    land_tickets(folders, "20250630-x-weighbridge")
    append(folders)
    with duckdb.connect(str(folders.warehouse)) as connection:
        connection.execute("update ops.build_state set shape = 0")

    assert append(folders).files == 1
    assert tickets(folders) == (4, 4)
