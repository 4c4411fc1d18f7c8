"""The synthetic county serves all its sources as real systems would."""

import os
import signal
import subprocess
import sys
import time as clock
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from simulator.county import CountyParameters
from simulator.elsewhere import Census, invented
from simulator.parameters import Faults
from simulator.planted import RULES
from simulator.serve import RunningCounty, run_county

START = date(2025, 5, 24)
PARAMETERS = CountyParameters(
    start=START,
    scale=0.01,
    dirt=0.01,
    late=0.1,
    faults=Faults(
        too_many_requests=0.1,
        server_error=0.1,
        html_page=0.1,
        slow=0.05,
        slow_seconds=0.01,
        repeated_record=0.5,
    ),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    home = tmp_path_factory.mktemp("county")
    with run_county(PARAMETERS, home, START) as county:
        yield county


class Reader:
    """A patient reader of the platform."""

    def __init__(self, running: RunningCounty) -> None:
        environment = running.environment
        self.client = httpx.Client(
            base_url=environment["CASES_API_URL"],
            headers={"Authorization": f"Bearer {environment['CASES_API_TOKEN']}"},
        )
        self.troubles: Counter[str] = Counter()

    def page(self, table: str, **query: str | int) -> dict[str, list[dict[str, str]]]:
        """Read one page, however often it takes."""
        for _ in range(5):
            answer = self.client.get(f"/{table}", params=query)
            if answer.status_code == 200 and "json" in answer.headers["content-type"]:
                return dict(answer.json())
            self.troubles[str(answer.status_code)] += 1
            if answer.status_code == 429:
                assert int(answer.headers["Retry-After"]) >= 0
        pytest.fail("the platform never answered")

    def everything(self, table: str, page_size: int = 7) -> list[dict[str, str]]:
        """Read all pages of a table."""
        items: list[dict[str, str]] = []
        query: dict[str, str | int] = {"page_size": page_size}
        while True:
            page = self.page(table, **query)
            items += page["items"]
            if page["next_page_token"] is None:
                return items
            query["page_token"] = str(page["next_page_token"])


def test_paging_gives_every_record_in_order_and_some_twice(
    running: RunningCounty,
) -> None:
    running.advance_to(date(2025, 6, 2))
    reader = Reader(running)

    paged = reader.everything("case_events")
    at_once = reader.everything("case_events", page_size=1_000)

    assert {str(item) for item in paged} == {str(item) for item in at_once}
    assert len(paged) > len(at_once)
    stamps = [moment(item) for item in stamped(at_once)]
    assert stamps == sorted(stamps)
    assert reader.troubles["429"]
    assert reader.troubles["200"], "an HTML page under status 200 must occur"


def moment(item: dict[str, str]) -> datetime:
    return datetime.fromisoformat(item["updated_at"])


def stamped(items: list[dict[str, str]]) -> list[dict[str, str]]:
    """Leave out the items whose version time is broken on purpose."""
    given = [(item, str(item.get("updated_at"))) for item in items]
    return [item for item, at in given if at[:2] == "20" and "-13-" not in at]


def test_updated_since_is_inclusive(running: RunningCounty) -> None:
    reader = Reader(running)
    items = stamped(reader.everything("cases", 1_000))
    middle = items[len(items) // 2]["updated_at"]

    later = reader.page("cases", updated_since=middle, page_size=1_000)["items"]

    since = datetime.fromisoformat(middle)
    wanted = {str(item) for item in items if moment(item) >= since}
    assert wanted <= {str(item) for item in later}


def test_a_bad_token_is_refused(running: RunningCounty) -> None:
    answer = httpx.get(
        f"{running.cases.url}/cases", headers={"Authorization": "Bearer wrong"}
    )

    assert answer.status_code == 401


def test_ordered_troubles_come_in_their_order(running: RunningCounty) -> None:
    running.cases.faults.order("502", "429", "html")
    reader = Reader(running)

    statuses = [reader.client.get("/cases").status_code for _ in range(3)]

    assert statuses == [502, 429, 200]


def test_every_version_can_be_asked_for(running: RunningCounty) -> None:
    reader = Reader(running)
    newest = reader.everything("cases", 1_000)

    reader.client.post("/simulator/versions", params={"every": True})
    every = reader.everything("cases", 1_000)
    reader.client.post("/simulator/versions", params={"every": False})

    assert len(every) > 2 * len(newest)


def test_another_process_can_advance_the_county(running: RunningCounty) -> None:
    reader = Reader(running)
    assert running.day is not None
    tomorrow = running.day + timedelta(days=1)

    answer = reader.client.post("/simulator/advance", params={"day": f"{tomorrow}"})
    back = reader.client.post("/simulator/advance", params={"day": "2025-05-25"})

    assert answer.json()["day"] == f"{tomorrow}"
    assert running.day == tomorrow
    assert back.status_code == 409


def test_advancing_twice_to_a_day_changes_nothing(running: RunningCounty) -> None:
    assert running.day is not None
    before = table_counts(running)

    running.advance_to(running.day)

    assert table_counts(running) == before


def table_counts(running: RunningCounty) -> dict[str, int]:
    tables = ("lamp", "switch_plan", "lamp_telemetry", "planned_outage", "lamp_fault")
    with psycopg.connect(running.environment["LIGHTING_DSN"]) as connection:
        return {
            table: connection.execute(
                sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            ).fetchone()[0]  # type: ignore[index]
            for table in tables
        }


def test_the_reader_may_not_write(running: RunningCounty) -> None:
    with (
        psycopg.connect(running.environment["LIGHTING_DSN"]) as connection,
        pytest.raises(psycopg.Error),
    ):
        connection.execute("delete from lamp")


SMALL = ("lamp", "switch_plan", "planned_outage", "lamp_fault")
BROKEN = {
    "lamp": """
        select lamp_id, case when control not in ('单灯', '回路', '时钟') then 'D02'
            when power_w < 0 or power_w = 'NaN' then 'D04' end from lamp""",
    "switch_plan": """
        select circuit_id || ':' || night_date, case
            when circuit_id not in (select circuit_id from lamp) then 'D01'
            when off_at <= on_at then 'D03' end from switch_plan""",
    "planned_outage": """
        select outage_id, case
            when circuit_id not in (select circuit_id from lamp) then 'D01'
            when ends_at <= starts_at then 'D03' end from planned_outage""",
    "lamp_fault": """
        select fault_id, case when lamp_id not in (select lamp_id from lamp) then 'D01'
            when grade not in ('一般', '严重', '危急') then 'D02'
            when found_by not in ('遥测', '夜巡', '投诉', '案卷') then 'D02'
            when fixed_at < found_at or fixed_at = 'infinity' then 'D03' end
        from lamp_fault""",
    "lamp_telemetry": """
        select lamp_id || ' ' || to_char(ts, 'YYYY-MM-DD"T"HH24:MI:SS'), case
            when lamp_id not in (select lamp_id from lamp) then 'D01'
            when power_state not in ('on', 'off', 'low') then 'D02'
            when power_w < 0 then 'D04' end from lamp_telemetry""",
}


def everything_in(table: str) -> sql.Composed:
    # As text: no Python value stands for infinity.
    return sql.SQL("select t::text from {} t").format(sql.Identifier(table))


def test_every_broken_lamp_row_is_a_planted_one(tmp_path: Path) -> None:
    parameters = replace(PARAMETERS, shape=invented(Census()), faults=Faults())
    end = START + timedelta(days=24)
    met: set[tuple[str, str, str]] = set()
    landed: dict[str, set[tuple[object, ...]]] = {table: set() for table in SMALL}

    with run_county(parameters, tmp_path, START) as running:
        for day in running.county.days(until=end):
            running.advance_to(day)
            with psycopg.connect(running.environment["LIGHTING_DSN"]) as connection:
                for table, query in BROKEN.items():
                    rows = connection.execute(query).fetchall()
                    met.update((table, key, rule) for key, rule in rows if rule)
                for table, seen in landed.items():
                    seen.update(connection.execute(everything_in(table)).fetchall())
        counted = running.county.counts(end)
        polls = table_counts(running)["lamp_telemetry"]
        planted = running.county.planted(end)

    expected = {(p.table, p.key, p.rule) for p in planted if p.source == "lighting"}
    assert met == expected
    assert {rule for _, _, rule in met} == set(RULES["lighting"])
    assert counted["lamp_telemetry"] == polls
    assert {t: len(seen) for t, seen in landed.items()} == {
        t: counted[t] for t in SMALL
    }


def test_polls_fit_their_slots_and_some_arrive_late(running: RunningCounty) -> None:
    with psycopg.connect(running.environment["LIGHTING_DSN"]) as connection:
        row = connection.execute(
            "select min(ts::time), max(ts::time) filter (where ts::time < '12:00'),"
            " count(*) filter (where power_state = 'on'),"
            " count(*) filter (where not online) from lamp_telemetry"
        ).fetchone()

    assert row is not None
    assert f"{row[1]}" < "08:00:00"
    assert row[2] > 0
    assert row[3] > 0


def test_a_county_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    parameters = replace(PARAMETERS, faults=Faults())
    with run_county(parameters, tmp_path, START) as first:
        addresses = first.environment

    with run_county(parameters, tmp_path, START + timedelta(days=1)) as again:
        assert again.environment["CASES_API_TOKEN"] == addresses["CASES_API_TOKEN"]
        clock_shown = again.cases.clock
        counted = table_counts(again)

    assert clock_shown.date() == START + timedelta(days=2)
    assert counted["lamp_telemetry"] > 0


def test_serving_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulator", "serve", "--home", str(tmp_path)]
    command += ["--start", f"{START}", "--until", f"{START}", "--scale", "0.01"]
    environment = dict(os.environ, PYTHONUNBUFFERED="1")
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    said_where = tmp_path / "environment.json"
    deadline = datetime.now().timestamp() + 60  # noqa: DTZ005 (a stopwatch)
    while not said_where.exists() and clock.time() < deadline:
        clock.sleep(0.1)

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "LIGHTING_DSN=" in output.decode()
    dsn = said_where.read_text().split('"LIGHTING_DSN": "')[1].split('"')[0]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(dsn, connect_timeout=2)
