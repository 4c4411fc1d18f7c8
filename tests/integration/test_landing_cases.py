"""The case platform lands once, whatever mood the platform is in."""

import itertools
import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from faulty_platform import TOKEN, FaultyPlatform, page_of_text, status
from landed_content import rows, unfinished
from pydantic import SecretStr

from cityledger import load_log
from cityledger.land import land
from cityledger.settings import Settings

DAY = date(2025, 6, 3)


@pytest.fixture
def platform() -> Iterator[FaultyPlatform]:
    with FaultyPlatform().serving() as serving:
        yield serving


@pytest.fixture
def settings(platform: FaultyPlatform, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        cases_api_url=f"{platform.url}/",
        cases_api_token=TOKEN,
        api_page_size=2,
        api_timeout_s=1,
        api_attempts=3,
        api_first_wait_s=0.01,
    )


def case(number: int, updated_at: str, **fields: object) -> dict[str, object]:
    return {"case_id": f"A{number}", "updated_at": updated_at, **fields}


def landed(settings: Settings, source: str = "cases") -> list[object]:
    found = rows(settings.data_dir, source, source)
    return [json.loads(str(row["raw"])) for row in found]


def test_every_page_lands_as_it_came(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [
        case(
            n,
            f"2025-06-03T08:0{n}:00+08:00",
            description="井盖“破损”\n\t\0",
            lon=110.10,
        )
        for n in range(5)
    ]

    load = land("cases", DAY, settings)

    assert (load.outcome, load.rows, load.rows_fetched) == ("ok", 5, 5)
    assert landed(settings) == platform.items
    first = rows(settings.data_dir, "cases", "cases")[0]
    assert (first["line"], first["file"], first["defect"]) == (1, "/cases", None)
    assert first["load_id"] == load.load_id
    assert first["load_date"] == DAY
    assert first["landed_at"] == load.started_at
    assert "破损" in str(first["raw"])
    assert platform.queries[0]["updated_since"] == "1970-01-01T00:00:00+08:00"
    assert [query.get("page_token") for query in platform.queries] == [None, "2", "4"]


def test_each_endpoint_is_a_source_of_its_own(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [{"event_id": "E1", "updated_at": "2025-06-03T08:00:00+08:00"}]

    for source in ("case_events", "callbacks"):
        assert land(source, DAY, settings).rows == 1
        assert rows(settings.data_dir, source, source)[0]["file"] == f"/{source}"


def test_landing_twice_changes_nothing(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [case(n, f"2025-06-03T08:0{n}:00+08:00") for n in range(5)]
    land("cases", DAY, settings)

    again = land("cases", DAY, settings)

    assert (again.outcome, again.rows, again.rows_fetched) == ("ok", 0, 5)
    assert len(landed(settings)) == 5


def test_a_record_repeated_across_pages_lands_once(
    platform: FaultyPlatform, settings: Settings
) -> None:
    one, two = (case(n, f"2025-06-03T08:0{n}:00+08:00") for n in (1, 2))
    platform.items = [one, two, two, one]

    load = land("cases", DAY, settings)

    assert (load.rows, load.rows_fetched) == (2, 4)


def test_a_changed_record_lands_again_and_an_unchanged_one_does_not(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [case(1, "2025-06-03T08:00:00+08:00", status="已立案")]
    land("cases", DAY, settings)
    platform.items = [
        case(1, "2025-06-03T08:00:00+08:00", status="已立案"),
        case(1, "2025-06-04T08:00:00+08:00", status="已派遣"),
        case(1, "2025-06-04T08:00:00+08:00", status="已结案"),
    ]

    load = land("cases", DAY + timedelta(days=1), settings)

    assert load.rows == 2


def test_the_window_reaches_back_for_late_records(
    platform: FaultyPlatform, settings: Settings
) -> None:
    land("cases", DAY, settings)
    platform.troubles.append(status(404))
    land("cases", date(2025, 6, 4), settings)
    platform.queries.clear()

    for day in (date(2025, 6, 9), date(2025, 6, 5), date(2025, 6, 10)):
        land("cases", day, settings)

    # Three days before what the last good load knew, or before a backfill's own date.
    assert [query["updated_since"] for query in platform.queries] == [
        "2025-06-01T00:00:00+08:00",
        "2025-06-03T00:00:00+08:00",
        "2025-06-07T00:00:00+08:00",
    ]


def test_an_item_landed_long_ago_never_lands_twice(
    platform: FaultyPlatform, settings: Settings
) -> None:
    old = case(1, "2024-01-01T08:00:00+08:00")
    odd: list[object] = [{"case_id": "A2"}, case(3, "yesterday"), "text", None, [1], {}]
    platform.items = [old, *odd]
    land("cases", DAY, settings)
    platform.items = [case(n, "2025-06-09T08:00:00+08:00") for n in range(4, 9)]
    land("cases", date(2025, 6, 9), settings)
    platform.items = [old, *odd]
    platform.heeds_window = False

    loads = [land("cases", date(2025, 6, 10), settings)]
    platform.items = [old]
    loads.append(land("cases", date(2025, 6, 11), settings))

    assert [(load.rows, load.rows_fetched) for load in loads] == [(0, 7), (0, 1)]


def test_an_item_from_the_future_lands_and_does_not_land_again(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [case(1, "2025-07-01T08:00:00+08:00")]

    loads = [land("cases", DAY + timedelta(days=n), settings) for n in range(10)]

    assert [load.rows for load in loads] == [1] + [0] * 9


def test_a_text_that_is_half_a_character_does_not_stop_the_load(
    platform: FaultyPlatform, settings: Settings
) -> None:
    body = '{"items": [{"case_id": "A\\ud800", "updated_at": "2025-06-03"}]}'
    platform.troubles.append(page_of_text(body))

    load = land("cases", DAY, settings)

    assert load.rows == 1
    assert landed(settings) == [{"case_id": "A?", "updated_at": "2025-06-03"}]


@pytest.mark.parametrize(
    "trouble",
    [
        status(500),
        status(502),
        status(503),
        status(429),
        status(429, **{"Retry-After": "0"}),
        page_of_text("<html>系统维护中</html>"),
        page_of_text('{"items": [{"case_id": '),
        page_of_text('{"error": "busy"}'),
        page_of_text("[]"),
    ],
)
def test_a_passing_trouble_is_waited_out(
    platform: FaultyPlatform, settings: Settings, trouble: object
) -> None:
    platform.items = [case(n, f"2025-06-03T08:0{n}:00+08:00") for n in range(5)]
    platform.troubles.extend([trouble, trouble])  # type: ignore[list-item]

    load = land("cases", DAY, settings)

    assert (load.outcome, load.rows) == ("ok", 5)


def test_a_slow_answer_is_asked_for_again(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [case(1, "2025-06-03T08:00:00+08:00")]
    naps = iter([1.5])
    platform.before_answer = lambda _: time.sleep(next(naps, 0))

    load = land("cases", DAY, settings)

    assert (load.outcome, load.rows) == ("ok", 1)
    assert len(platform.queries) == 2


@pytest.mark.parametrize("as_date", [False, True])
def test_the_platform_says_how_long_to_wait_and_often(
    platform: FaultyPlatform, settings: Settings, as_date: bool
) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    wait = soon if as_date else "1"
    platform.troubles.append(status(429, **{"Retry-After": wait}))
    platform.troubles.extend(itertools.repeat(status(429, **{"Retry-After": "0"}), 10))
    began = time.monotonic()

    load = land("cases", DAY, settings)

    assert load.outcome == "ok"
    assert time.monotonic() - began >= (0 if as_date else 1)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (status(503), "HTTP 503"),
        (page_of_text("<html>"), "不是 JSON"),
        (status(429, **{"Retry-After": "7200"}), "HTTP 429"),
    ],
)
def test_a_lasting_trouble_fails_the_load_and_says_why(
    platform: FaultyPlatform, settings: Settings, trouble: object, words: str
) -> None:
    platform.items = [case(n, f"2025-06-03T08:0{n}:00+08:00") for n in range(5)]
    answers = itertools.count()
    platform.before_answer = lambda _: platform.troubles.extend(
        [trouble] if next(answers) >= 1 else []  # type: ignore[list-item]
    )

    load = land("cases", DAY, settings)

    assert load.outcome == "failed"
    assert words in load.message
    assert landed(settings) == []
    assert unfinished(settings.data_dir) == []
    assert load_log.last_ok(settings.data_dir, "cases") is None


def test_a_wrong_token_stops_at_once(
    platform: FaultyPlatform, settings: Settings
) -> None:
    wrong = settings.model_copy(update={"cases_api_token": SecretStr("wr0ng-token")})

    load = land("cases", DAY, wrong)

    assert load.outcome == "failed"
    assert "401" in load.message
    assert "CASES_API_TOKEN" in load.message
    assert "wr0ng-token" not in load.message
    assert len(platform.queries) == 1


def test_a_platform_that_is_not_there_fails_the_load(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"cases_api_url": "http://127.0.0.1:9"})

    load = land("cases", DAY, nowhere)

    assert load.outcome == "failed"
    assert "http://127.0.0.1:9/cases" in load.message


def test_a_platform_that_drips_is_given_up_at_the_limit(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [case(n, f"2025-06-03T08:00:{n:02}+08:00") for n in range(60)]
    platform.before_answer = lambda _: time.sleep(0.3)
    hasty = settings.model_copy(update={"source_time_limit_s": 1.0})
    began = time.monotonic()

    load = land("cases", DAY, hasty)

    assert load.outcome == "failed"
    assert "总时限" in load.message
    assert time.monotonic() - began < 5


def test_pages_that_go_in_a_circle_are_noticed(
    platform: FaultyPlatform, settings: Settings
) -> None:
    circle = page_of_text('{"items": [], "next_page_token": "7"}')
    platform.troubles.extend(itertools.repeat(circle, 5))

    load = land("cases", DAY, settings)

    assert load.outcome == "failed"
    assert "翻页" in load.message


def test_a_platform_on_this_machine_is_not_asked_through_a_proxy(
    platform: FaultyPlatform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.items = [case(1, "2025-06-03T08:00:00+08:00")]
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    load = land("cases", DAY, settings)

    assert (load.outcome, load.rows) == ("ok", 1)


def test_after_its_files_are_lost_a_source_lands_from_the_beginning(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [case(1, "2020-01-01T08:00:00+08:00")]
    land("cases", DAY, settings)
    shutil.rmtree(settings.folders.landing / "cases")

    load = land("cases", DAY, settings)

    assert load.rows == 1
