"""A load killed at any moment is made good by running it again."""

import itertools
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import dying_process
import psycopg
import xlsxwriter
from faulty_platform import TOKEN, FaultyPlatform
from landed_content import content, unfinished

from cityledger import load_log
from cityledger.land import land
from cityledger.landing_files import landed_files
from cityledger.settings import Settings
from cityledger.sources.contracts import INSPECTIONS
from simulator.postgres import PostgresServer

DAY = date(2025, 6, 3)
LIGHTS = """
create table lamp as
select 'L1' as lamp_id, '' as pole_no, '' as circuit_id, '' as segment_id,
    '' as town_code, '' as road_class, 80.5 as power_w, 110.2 as lon, 32.2 as lat,
    '单灯' as control, date '2020-01-01' as in_service_from,
    cast(null as date) as in_service_to, timestamp '2025-06-01' as updated_at;
create table switch_plan (
    circuit_id text, night_date date, on_at timestamp, off_at timestamp,
    updated_at timestamp
);
create table planned_outage (
    outage_id text, circuit_id text, starts_at timestamp, ends_at timestamp,
    reason text, approver text, updated_at timestamp
);
create table lamp_fault (
    fault_id text, lamp_id text, found_at timestamp, found_by text, grade text,
    due_at timestamp, fixed_at timestamp, cause text, case_id text,
    updated_at timestamp
);
create table lamp_telemetry as
select 'L' || lamp as lamp_id, day + time '20:00' as ts, 'on' as power_state,
    true as online, 80.5 as power_w
from generate_series(1, 20) as lamp,
    unnest(array[date '2025-06-01', date '2025-06-02', date '2025-06-03']) as day;
"""


def inspections(folder: Path, status: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(folder / "inspections_202506.xlsx") as book:
        for table in INSPECTIONS.tables:
            page = book.add_worksheet(table.sheet)
            page.write_row(0, 0, table.columns)
            page.write_row(1, 0, ["J1", *[status] * (len(table.columns) - 1)])


def test_a_load_of_files_killed_before_any_rename_is_made_good(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    inspections(drop / "inspections", "已确认")
    honest = Settings(data_dir=tmp_path / "honest", landing_dir=str(drop))
    land("inspections", DAY, honest)
    inspections(drop / "inspections", "已撤销")
    shutil.copytree(honest.data_dir, tmp_path / "prepared")
    land("inspections", DAY, honest)
    expected = content(honest.data_dir, "inspections")

    seen = []
    for renames in itertools.count():
        killed = Settings(data_dir=tmp_path / f"{renames}", landing_dir=str(drop))
        shutil.copytree(tmp_path / "prepared", killed.data_dir)
        environment = {"DATA_DIR": str(killed.data_dir), "LANDING_DIR": str(drop)}
        if not dying_process.dies("inspections", DAY, environment, renames):
            break
        before = [load.outcome for load in load_log.read(killed.data_dir)]
        visible = sum(
            len(landed_files(killed.data_dir, "inspections", table)) - 1
            for table in ("sheets", "deductions", "files")
        )
        again = land("inspections", DAY, killed)
        seen.append((before[1:], visible, again.rows))
        assert again.outcome == "ok"
        assert content(killed.data_dir, "inspections") == expected
        assert unfinished(killed.data_dir) == []

    # Until the journal nothing counts; from then on everything comes, but once.
    assert seen == [
        ([], 0, 2),
        (["failed"], 0, 2),
        (["failed"], 0, 2),
        (["failed"], 0, 0),
        (["failed"], 1, 0),
        (["failed"], 2, 0),
        (["failed"], 3, 0),
    ]
    last = load_log.read(tmp_path / "6")
    assert [(load.outcome, load.rows) for load in last[1:]] == [("ok", 2), ("ok", 0)]


def test_a_load_killed_between_pages_is_made_good(tmp_path: Path) -> None:
    with FaultyPlatform().serving() as platform:
        platform.items = [
            {"case_id": f"A{n}", "updated_at": f"2025-06-03T08:00:{n:02}+08:00"}
            for n in range(50)
        ]
        environment = {
            "DATA_DIR": str(tmp_path / "killed"),
            "CASES_API_URL": platform.url,
            "CASES_API_TOKEN": TOKEN,
            "CITYLEDGER_API_PAGE_SIZE": "10",
        }
        reached, go_on = threading.Event(), threading.Event()

        def halt_at_the_third_page(query: dict[str, str]) -> None:
            if query.get("page_token") == "20":
                reached.set()
                go_on.wait(timeout=60)

        platform.before_answer = halt_at_the_third_page
        process = dying_process.start("cases", DAY, environment)
        assert reached.wait(timeout=60)
        (running,) = load_log.read(tmp_path / "killed")
        process.kill()
        process.wait()
        go_on.set()
        platform.before_answer = lambda _: None
        (killed,) = load_log.read(tmp_path / "killed")

        loads = [
            land("cases", DAY, platform_settings(tmp_path / folder, platform))
            for folder in ("killed", "killed", "honest")
        ]

    assert (running.outcome, killed.outcome) == ("running", "failed")
    assert [load.rows for load in loads] == [50, 0, 50]
    assert content(tmp_path / "killed", "cases") == content(
        tmp_path / "honest", "cases"
    )
    assert unfinished(tmp_path / "killed") == []


def platform_settings(data_dir: Path, platform: FaultyPlatform) -> Settings:
    return Settings(
        data_dir=data_dir, cases_api_url=platform.url, cases_api_token=TOKEN
    )


def test_the_days_of_telemetry_are_completed_and_none_is_doubled(
    tmp_path: Path,
) -> None:
    with PostgresServer(tmp_path) as server:
        with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
            connection.execute(LIGHTS)
        environment = {"LIGHTING_DSN": server.dsn}
        honest = Settings(data_dir=tmp_path / "honest", lighting_dsn=server.dsn)
        land("lighting", DAY, honest)
        expected = content(honest.data_dir, "lighting")

        # The log, the journal, the lamps, then the polls of three days.
        for renames in range(1, 6):
            data_dir = tmp_path / f"killed-{renames}"
            environment["DATA_DIR"] = str(data_dir)
            assert dying_process.dies("lighting", DAY, environment, renames)
            killed = Settings(data_dir=data_dir, lighting_dsn=server.dsn)
            assert land("lighting", DAY, killed).outcome == "ok"
            assert content(data_dir, "lighting") == expected
            assert unfinished(data_dir) == []

    assert len(expected["lamp_telemetry"]) == 3 * 20


def test_two_loads_of_a_source_take_turns(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    inspections(drop / "inspections", "已确认")
    settings = Settings(data_dir=tmp_path / "data", landing_dir=str(drop))

    with ThreadPoolExecutor() as pool:
        loads = list(pool.map(lambda _: land("inspections", DAY, settings), range(4)))

    assert sorted(load.rows for load in loads) == [0, 0, 0, 2]
    assert {load.outcome for load in loads} == {"ok"}
