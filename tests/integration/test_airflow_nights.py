"""Nights in a real scheduler: they finish, fail alone, are refused, and are repeated.

One Airflow and one small county serve the whole story, which is told in order.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
import xlsxwriter

from cityledger import ledger, load_log, runs, versions
from cityledger.airflow_local import LocalAirflow
from cityledger.landed import SOURCES
from cityledger.settings import DataDir
from simulator.parameters import CountyParameters
from simulator.serve import RunningCounty, run_county
from tests.readable import readable_by_others

NIGHT = "nightly_load"
WEEKLY = "weekly_full_compare"
PUBLISHED = "cityledger://published/leaders"
FIRST = date(2025, 5, 12)


class Inbox:
    """Somebody's phone: an HTTP address that keeps what it is sent."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            """Takes a message and says so."""

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                inbox.received.append(json.loads(self.rfile.read(size)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """What the settings call it."""
        return f"json://127.0.0.1:{self.server.server_port}/"


@dataclass
class Story:
    """The county, its Airflow, and what the people on duty are told."""

    county: RunningCounty
    airflow: LocalAirflow
    folders: DataDir
    inbox: Inbox

    def night(self, day: date) -> tuple[str, str]:
        """Let the days pass, ask for a night, and watch it end."""
        if not self.county.day or self.county.day < day:
            self.county.advance_to(day)
        run_id = self.airflow.trigger(NIGHT, day)
        return run_id, self.airflow.wait(NIGHT, run_id, limit_s=600)

    def states(self, run_id: str) -> dict[str, str | None]:
        """Return how each task of a run ended."""
        return {one.task_id: one.state for one in self.airflow.tasks(NIGHT, run_id)}

    def shown(self) -> date:
        """Return the date of the numbers that readers see."""
        with duckdb.connect(
            str(self.folders.published / "leaders.duckdb"), read_only=True
        ) as leaders:
            found = leaders.execute("select max(as_of) from indicator_values")
            return found.fetchall()[0][0]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    home = tmp_path_factory.mktemp("story")
    inbox = Inbox()
    folders = DataDir(home / "data")
    parameters = CountyParameters(
        start=date(2025, 5, 8), end=date(2025, 5, 31), scale=0.01, dirt=0.01
    )
    with run_county(parameters, home / "county", FIRST) as county:
        environment = {
            **county.environment,
            "DATA_DIR": str(folders.root),
            "CITYLEDGER_NOTIFY_URLS": inbox.address,
            "CITYLEDGER_API_ATTEMPTS": "2",
        }
        with LocalAirflow(
            home / "airflow", environment, has_schedule=False, retry_delay_s=5
        ) as airflow:
            yield Story(county, airflow, folders, inbox)
    inbox.server.shutdown()


def test_a_night_lands_builds_passes_the_gate_and_is_published(story: Story) -> None:
    run_id, state = story.night(FIRST)

    states = story.states(run_id)
    assert state == "success"
    assert set(states.values()) == {"success"}
    assert story.shown() == FIRST
    assert "已发布" in (story.airflow.output(NIGHT, run_id, "publish") or "")
    assert len(story.airflow.asset_events(PUBLISHED)) == 1
    assert story.inbox.received == []


def test_nothing_that_runs_a_night_listens_beyond_this_machine(story: Story) -> None:
    us = psutil.Process()
    listening = {
        connection.laddr.ip
        for process in (us, *us.children(recursive=True))
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening == {"127.0.0.1"}


def test_what_a_night_wrote_is_nobody_elses_to_read(story: Story) -> None:
    assert readable_by_others(story.folders.root) == {
        path.resolve() for path in story.folders.versions.glob("*/public.duckdb")
    }
    assert readable_by_others(story.airflow.home) == set()


def test_a_source_that_fails_fails_alone_and_missed_nights_are_caught_up(
    story: Story,
) -> None:
    day = FIRST + timedelta(days=2)
    story.county.advance_to(day)
    landing = story.county.landing_dir
    (landing / "registers").rename(landing / "mislaid")

    run_id, state = story.night(day)

    states = story.states(run_id)
    assert state == "success"
    assert {task for task, how in states.items() if how == "failed"} == {
        "land.registers"
    }
    assert states["outcome"] == "skipped", "published, but a source is missing"
    assert story.shown() == day
    assert [run.as_of for run in runs.published(story.folders)] == [
        FIRST,
        FIRST + timedelta(days=1),
        day,
    ]
    assert f"{day} 已发布，但数据源没有到齐" in story.inbox.received[-1]["title"]
    assert "registers" in story.inbox.received[-1]["message"]


def test_a_refused_night_leaves_what_is_shown_and_is_told(story: Story) -> None:
    before = versions.current(story.folders)
    landing = story.county.landing_dir
    (landing / "mislaid").rename(landing / "registers")
    survey = landing / "registers" / "green_survey_202505.xlsx"
    write_green_survey(survey, green_cover=8.0, green_space=9.0)
    day = FIRST + timedelta(days=3)

    run_id, state = story.night(day)

    states = story.states(run_id)
    assert state == "failed"
    assert states["audit"] == "failed"
    assert states["publish"] == "upstream_failed"
    assert states["outcome"] == "upstream_failed"
    assert [
        one.tries
        for one in story.airflow.tasks(NIGHT, run_id)
        if one.task_id == "audit"
    ] == [1]
    assert "绿地率（I14）大于绿化覆盖率（I13）" in story.airflow.log(
        NIGHT, run_id, "audit"
    )
    assert versions.current(story.folders) == before
    told = wait_for_notice(story.inbox, f"{day} 被质量闸门拦下")
    assert f"现在显示的：{before.as_of if before else ''} 的数据" in told["message"]
    assert "怎么办：" in told["message"]


def test_a_refused_night_is_mended_cleared_and_published(story: Story) -> None:
    survey = story.county.landing_dir / "registers" / "green_survey_202505.xlsx"
    write_green_survey(survey, green_cover=9.0, green_space=8.0)
    day = FIRST + timedelta(days=3)

    run_id, state = story.night(day)

    assert state == "success"
    assert len([r for r in story.airflow.runs(NIGHT) if r["dag_run_id"] == run_id]) == 1
    assert story.shown() == day
    assert f"{day} 已正常发布" in story.inbox.received[-1]["title"]


def test_a_backfill_repeats_every_night_between_its_ends_in_order(
    story: Story,
) -> None:
    first, last = FIRST + timedelta(days=2), FIRST + timedelta(days=3)
    shown, reported = published_content(story.folders), reported_on(story.folders, last)

    story.airflow.backfill(NIGHT, first, last)

    replayed = [
        run for run in story.airflow.runs(NIGHT) if run["run_type"] == "backfill"
    ]
    ends = [
        story.airflow.wait(NIGHT, run["dag_run_id"], limit_s=600) for run in replayed
    ]
    assert ends == ["success", "success"]
    nights = sorted(runs.published(story.folders), key=lambda run: run.started_at)
    assert [run.as_of for run in nights[-2:]] == [first, last]
    assert published_content(story.folders) == shown, "the same night, the same numbers"
    assert reported_on(story.folders, last) == reported


def test_the_weekly_compare_asks_every_source_for_everything(story: Story) -> None:
    before = len(load_log.read(story.folders.root))

    run_id = story.airflow.ask_for(WEEKLY, {})

    assert story.airflow.wait(WEEKLY, run_id, limit_s=300) == "success"
    loads = load_log.read(story.folders.root)[before:]
    assert sorted(load.source for load in loads) == sorted(SOURCES)
    assert {load.outcome for load in loads} == {"ok"}
    assert {load.rows for load in loads} == {0}, "the nights had missed nothing"


def write_green_survey(path: Path, green_cover: float, green_space: float) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [
            "年度", "边界版本", "建成区面积km2", "绿化覆盖面积km2", "绿地面积km2",
            "公园绿地面积ha", "城区人口", "城区暂住人口",
        ])  # fmt: skip
        sheet.write_row(
            1, 0, [2024, "2024", 20, green_cover, green_space, 150, 9e4, 5e3]
        )


def wait_for_notice(inbox: Inbox, title: str) -> dict[str, Any]:
    """Return the notice, which may follow the end of its run by some seconds."""
    for _ in range(60):
        for message in inbox.received:
            if title in message["title"]:
                return message
        threading.Event().wait(0.5)
    raise AssertionError((title, inbox.received))


def published_content(folders: DataDir) -> list[tuple[Any, ...]]:
    leaders = str(folders.published / "leaders.duckdb")
    with duckdb.connect(leaders, read_only=True) as shown:
        return shown.execute("from indicator_values order by all").fetchall()


def reported_on(folders: DataDir, day: date) -> list[dict[str, Any]]:
    return [edition for edition in ledger.read(folders) if edition["as_of"] == day]
