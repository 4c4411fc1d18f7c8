"""The DAG names the county's day, whatever the clock in Greenwich says."""

import importlib.util
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from cityledger.airflow_local import NIGHT_BEGINS, WRITER_POOL
from cityledger.landed import SOURCES

ROOT = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def dag_module(name: str) -> Iterator[ModuleType]:
    """A DAG's module, loaded without an Airflow of one's own."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("AIRFLOW_HOME", home)
        path = ROOT / "dags" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def nightly() -> Iterator[ModuleType]:
    yield from dag_module("nightly_load")


@pytest.fixture(scope="module")
def weekly() -> Iterator[ModuleType]:
    yield from dag_module("weekly_full_compare")


@dataclass
class Run:
    """The little that the DAG asks of a run."""

    logical_date: datetime | None
    run_after: datetime


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def interval_of(nightly: ModuleType, now: datetime) -> tuple[datetime, datetime]:
    """Return the interval that Airflow would schedule last before a moment."""
    from airflow.timetables.interval import (  # noqa: PLC0415 - needs the fixture
        CronDataIntervalTimetable,
    )

    asked = nightly.nightly_load().timetable
    timetable = CronDataIntervalTimetable(asked.expression, asked.timezone)
    interval = timetable.infer_manual_data_interval(run_after=now)
    return interval.start, interval.end


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2025-06-04 02:30", "2025-06-03"),
        ("2025-06-04 07:59", "2025-06-03"),
        ("2025-06-04 08:01", "2025-06-03"),
        ("2025-06-04 23:59", "2025-06-03"),
        ("2025-07-01 02:30", "2025-06-30"),
        ("2026-01-01 02:30", "2025-12-31"),
        ("2024-03-01 02:30", "2024-02-29"),
    ],
)
def test_a_scheduled_night_is_for_the_county_day_that_ended(
    nightly: ModuleType, now: str, day: str
) -> None:
    begin, end = interval_of(nightly, local(now))

    assert nightly.county_day(Run(begin, end)) == date.fromisoformat(day)
    assert begin.astimezone(SHANGHAI).time() == NIGHT_BEGINS
    assert end == local(now).replace(hour=2, minute=30)


@pytest.mark.parametrize("zone", [UTC, SHANGHAI])
@pytest.mark.parametrize(
    ("logical", "now", "day"),
    [
        # By hand, without choosing: the moment of the trigger.
        ("2025-06-04 00:10", "2025-06-04 00:10", "2025-06-03"),
        ("2025-06-04 07:59", "2025-06-04 07:59", "2025-06-03"),
        ("2025-06-04 23:50", "2025-06-04 23:50", "2025-06-03"),
        # By hand, choosing a day: midnight there, or midnight in Greenwich.
        ("2025-06-03 00:00", "2025-06-20 10:00", "2025-06-03"),
        ("2025-06-03 08:00", "2025-06-20 10:00", "2025-06-03"),
        ("2025-06-03 23:59", "2025-06-20 10:00", "2025-06-03"),
        # A day that is not over is not done.
        ("2025-06-20 00:00", "2025-06-20 10:00", "2025-06-19"),
        ("2025-08-01 00:00", "2025-06-20 10:00", "2025-06-19"),
    ],
)
def test_a_night_by_hand_is_for_the_day_asked_for_if_it_is_over(
    nightly: ModuleType, zone: ZoneInfo, logical: str, now: str, day: str
) -> None:
    run = Run(local(logical).astimezone(zone), local(now).astimezone(zone))

    assert nightly.county_day(run) == date.fromisoformat(day)


def test_a_night_without_a_logical_date_is_for_yesterday(nightly: ModuleType) -> None:
    run = Run(None, local("2025-06-04 00:01").astimezone(UTC))

    assert nightly.county_day(run) == date(2025, 6, 3)


def test_a_night_cleared_weeks_later_is_still_for_its_day(nightly: ModuleType) -> None:
    begin, end = interval_of(nightly, local("2025-06-04 02:30"))
    before = nightly.county_day(Run(begin, end))

    assert nightly.county_day(Run(begin.astimezone(UTC), end)) == before


def test_every_source_lands_by_itself(nightly: ModuleType) -> None:
    tasks = nightly.nightly_load().task_dict

    landing = {name.removeprefix("land.") for name in tasks if name.startswith("land.")}

    assert landing == set(SOURCES)
    assert all(tasks[f"land.{source}"].retries > 0 for source in SOURCES)


def test_only_one_task_at_a_time_may_write_the_warehouse(nightly: ModuleType) -> None:
    tasks = nightly.nightly_load().tasks
    writers = {task.task_id for task in tasks if task.pool == WRITER_POOL}
    pools = json.loads((ROOT / "dags" / "pools.json").read_text(encoding="utf-8"))

    assert writers == {"catch_up", "build", "audit", "publish"}
    assert pools[WRITER_POOL]["slots"] == 1


def test_a_refusal_is_not_tried_again(nightly: ModuleType) -> None:
    assert nightly.nightly_load().task_dict["audit"].retries == 0


def test_every_task_has_a_time_limit_and_says_only_a_command(
    nightly: ModuleType,
) -> None:
    for task in nightly.nightly_load().tasks:
        assert task.execution_timeout, task.task_id
        if task.task_id != "turn":
            command = (
                task.python_callable(**task.op_kwargs)
                if task.op_kwargs
                else (task.python_callable(*task.op_args))
            )
            assert command.startswith("cityledger "), task.task_id
            assert "{{ county_day(dag_run) }}" in command


def test_every_source_is_asked_for_everything_once_a_week_before_a_night(
    weekly: ModuleType,
) -> None:
    compare = weekly.weekly_full_compare()

    commands = {task.python_callable(*task.op_args) for task in compare.tasks}

    assert commands == {f"cityledger land {source} --full" for source in SOURCES}
    assert compare.dagrun_timeout
    begins = timedelta(hours=int(compare.timetable.expression.split()[1]))
    assert begins + compare.dagrun_timeout <= timedelta(
        days=1, hours=NIGHT_BEGINS.hour, minutes=NIGHT_BEGINS.minute
    )
