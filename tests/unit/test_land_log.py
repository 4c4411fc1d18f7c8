"""The load log tells what became of every attempt, also of one that was killed."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from cityledger import load_log
from cityledger.land import land
from cityledger.load_log import FileCounts, Load
from cityledger.settings import Settings

LOAD = Load(
    load_id="20250603-20250603T170000000000-cases",
    source="cases",
    load_date=date(2025, 6, 3),
    started_at=datetime.fromisoformat("2025-06-04 01:00"),
    files=FileCounts(new=2),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    load_log.write(tmp_path, replace(LOAD, outcome="ok", rows=3, message="三行"))

    assert load_log.read(tmp_path) == [
        replace(LOAD, outcome="ok", rows=3, message="三行")
    ]


def test_a_load_whose_process_died_has_failed(tmp_path: Path) -> None:
    load_log.write(tmp_path, LOAD)

    (load,) = load_log.read(tmp_path)

    assert load.outcome == "failed"
    assert "中断" in load.message


def test_a_load_that_still_runs_is_running(tmp_path: Path) -> None:
    load_log.write(tmp_path, LOAD)

    with load_log.source_lock(tmp_path, "cases"):
        (load,) = load_log.read(tmp_path)

    assert load.outcome == "running"


def test_the_last_successful_load_is_the_one_of_the_latest_date(
    tmp_path: Path,
) -> None:
    for day, outcome in ((1, "ok"), (2, "ok"), (3, "failed")):
        load_id = f"2025060{day}-20250609T170000000000-cases"
        load = replace(LOAD, load_id=load_id, load_date=date(2025, 6, day))
        load_log.write(tmp_path, replace(load, outcome=outcome))
    load_log.write(
        tmp_path,
        replace(LOAD, load_id="20250609-20250609T17-case_events", outcome="ok"),
    )

    last = load_log.last_ok(tmp_path, "cases")

    assert last is not None
    assert last.load_date == date(2025, 6, 2)


def test_an_unknown_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="没有这个数据源：weather"):
        land("weather", date(2025, 6, 3), Settings(data_dir=tmp_path))


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("cases", "CASES_API_URL"),
        ("weighbridge", "LANDING_DIR"),
        ("lighting", "LIGHTING_DSN"),
    ],
)
def test_a_source_without_its_address_fails_and_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    variable: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(variable, raising=False)

    load = land(source, date(2025, 6, 3), Settings(data_dir=tmp_path))

    assert load.outcome == "failed"
    assert f"缺少环境变量 {variable}" in load.message
    assert load_log.read(tmp_path) == [load]
