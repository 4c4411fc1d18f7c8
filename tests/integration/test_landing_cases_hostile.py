"""A platform that answers wrongly or endlessly fails alone, and is told so."""

import gzip
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import Response
from fastapi.responses import RedirectResponse, StreamingResponse
from faulty_platform import TOKEN, FaultyPlatform, Trouble, page_of_text
from landed_content import rows, unfinished
from pydantic import SecretStr

from cityledger.land import land
from cityledger.load_log import Load
from cityledger.settings import Settings

DAY = date(2025, 6, 3)
MOMENT = "2025-06-03T08:00:00+08:00"


@pytest.fixture
def platform() -> Iterator[FaultyPlatform]:
    with FaultyPlatform().serving() as serving:
        yield serving


@pytest.fixture
def settings(platform: FaultyPlatform, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        cases_api_url=platform.url,
        cases_api_token=TOKEN,
        api_timeout_s=5,
        api_attempts=3,
        api_first_wait_s=0.01,
        api_page_mb=1,
    )


def landed(settings: Settings) -> list[dict[str, object]]:
    found = rows(settings.data_dir, "cases", "cases")
    return [json.loads(str(row["raw"])) for row in found]


def assert_failed(load: Load, settings: Settings, reason: str) -> None:
    assert load.outcome == "failed"
    assert reason in load.message
    assert landed(settings) == []
    assert unfinished(settings.data_dir) == []


def one(text: str) -> str:
    return f'{{"items":[{{"case_id":"A1","updated_at":"{MOMENT}",{text}}}]}}'


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_is_asked_again_and_then_named(
    platform: FaultyPlatform, settings: Settings, constant: str
) -> None:
    platform.troubles.extend([page_of_text(one(f'"lon":{constant}'))] * 3)

    load = land("cases", DAY, settings)

    assert_failed(load, settings, f"含有 {constant}")
    assert len(platform.queries) == 3


def test_a_page_that_was_no_json_once_lands(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [{"case_id": "A1", "updated_at": MOMENT}]
    platform.troubles.append(page_of_text(one('"lon":NaN')))

    assert land("cases", DAY, settings).rows == 1


def test_numbers_beyond_all_measure_stay_as_they_are_written(
    platform: FaultyPlatform, settings: Settings
) -> None:
    digits = "9" * 100_000
    platform.troubles.append(
        page_of_text(one(f'"lon":1e999,"rework_count":{digits},"lat":-1e999'))
    )

    assert land("cases", DAY, settings).outcome == "ok"
    (case,) = landed(settings)
    assert (case["lon"], case["lat"], case["rework_count"]) == (
        *("1e999", "-1e999", digits),
    )


def test_a_record_that_says_two_things_of_one_field_has_no_key(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.troubles.append(
        page_of_text(
            f'{{"items":[{{"case_id":"A1","updated_at":"{MOMENT}","case_id":"A2"}},'
            f'{{"case_id":"A3","updated_at":"{MOMENT}","case_id":"A3"}}]}}'
        )
    )

    assert land("cases", DAY, settings).rows == 2
    odd, plain = sorted(landed(settings), key=len)
    assert odd == {
        "_fields_twice": [["case_id", "A1"], ["updated_at", MOMENT], ["case_id", "A2"]]
    }
    assert plain == {"case_id": "A3", "updated_at": MOMENT}


def test_nesting_without_end_is_no_answer(
    platform: FaultyPlatform, settings: Settings
) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    platform.troubles.extend([page_of_text(one(f'"lon":{deep}'))] * 3)

    assert_failed(land("cases", DAY, settings), settings, "嵌套过深")


@pytest.mark.parametrize("depth", range(900, 1000, 3))
def test_any_depth_is_landed_or_named(
    platform: FaultyPlatform, settings: Settings, depth: int
) -> None:
    text = one(f'"lon":{"[" * depth}{"]" * depth}')
    platform.troubles.extend([page_of_text(text)] * 3)

    load = land("cases", DAY, settings)

    assert load.outcome == "ok" or "嵌套过深" in load.message


def packed(body: bytes, encoding: str = "gzip") -> Trouble:
    return lambda: Response(body, headers={"Content-Encoding": encoding})


def test_an_answer_is_measured_when_it_is_unpacked(
    platform: FaultyPlatform, settings: Settings
) -> None:
    body = one(f'"description":"{"x" * 900_000}"').encode()
    platform.troubles.append(packed(gzip.compress(body)))
    assert land("cases", DAY, settings).rows == 1

    bomb = gzip.compress(bytes(500 << 20), 1)
    platform.troubles.append(packed(bomb))
    load = land("cases", DAY, settings)

    assert load.outcome == "failed"
    assert "解压后超过 1 MB" in load.message


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (packed(b"x", "br"), "压缩方式没有要求过"),
        (packed(gzip.compress(gzip.compress(b"{}")), "gzip, gzip"), "压缩方式"),
        (packed(b"not gzip"), "压缩内容损坏"),
        (packed(gzip.compress(b'{"items":[]}')[:-9]), "没有传完"),
        (page_of_text('{"items":[],"next_page_token":{"a":1}}'), "翻页标记"),
        (
            page_of_text('{"items":[],"next_page_token":"' + "x" * 5000 + '"}'),
            "翻页标记",
        ),
        (page_of_text('{"items":[],"items":[{}]}'), "没有 items"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_asked_again_and_then_named(
    platform: FaultyPlatform, settings: Settings, trouble: Trouble, reason: str
) -> None:
    platform.troubles.extend([trouble] * 3)

    assert_failed(land("cases", DAY, settings), settings, reason)
    assert len(platform.queries) == 3


def test_an_endless_answer_is_cut_off(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.troubles.append(lambda: StreamingResponse(itertools.repeat(b" " * 65_536)))

    assert_failed(land("cases", DAY, settings), settings, "超过 1 MB")


def in_circles(platform: FaultyPlatform, *pages: list[object]) -> Callable[[], int]:
    """Serve these pages, the last of them for ever, each under a new token."""
    asked = itertools.count()

    def page() -> Response:
        number = next(asked)
        body = {
            "items": pages[min(number, len(pages) - 1)],
            "next_page_token": f"again-{number}",
        }
        platform.troubles.append(page)
        return Response(json.dumps(body))

    platform.troubles.append(page)
    return lambda: len(platform.queries)


@pytest.mark.parametrize("last", [True, False])
def test_a_last_page_without_end_is_seen_after_three(
    platform: FaultyPlatform, settings: Settings, last: bool
) -> None:
    items = [{"case_id": f"A{n}", "updated_at": MOMENT} for n in range(3)]
    asked = in_circles(platform, items, items if last else [])

    load = land("cases", DAY, settings)

    assert_failed(load, settings, "翻页重复：连续 3 页没有一条新记录")
    assert asked() == 4


def test_pages_may_repeat_records_as_long_as_new_ones_come(
    platform: FaultyPlatform, settings: Settings
) -> None:
    first, second = (
        {"case_id": "A1", "updated_at": f"2025-06-03T0{n}:00:00+08:00"} for n in (8, 9)
    )
    told = [[first], [first], [], [second, first], [first], [first]]
    bodies = [
        json.dumps({"items": items, "next_page_token": f"t{n}" if n < 5 else None})
        for n, items in enumerate(told)
    ]
    platform.troubles.extend(page_of_text(body) for body in bodies)

    load = land("cases", DAY, settings)

    assert (load.outcome, load.rows, load.rows_fetched) == ("ok", 2, 6)


def test_a_token_given_twice_ends_the_load(
    platform: FaultyPlatform, settings: Settings
) -> None:
    for number, token in enumerate(("a", "b", "a")):
        item = {"case_id": f"A{number}", "updated_at": MOMENT}
        body = json.dumps({"items": [item], "next_page_token": token})
        platform.troubles.append(page_of_text(body))

    assert_failed(land("cases", DAY, settings), settings, "翻页重复")


def test_the_token_goes_to_no_other_host(
    platform: FaultyPlatform, settings: Settings
) -> None:
    with FaultyPlatform().serving() as other:
        platform.troubles.append(lambda: RedirectResponse(f"{other.url}/cases", 307))

        load = land("cases", DAY, settings)

        assert_failed(load, settings, "令牌不转送")
        assert other.queries == []


def test_a_length_that_lies_is_not_believed(settings: Settings) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + b'{"items":[]}'
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer_all, args=(server, answer), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        load = land("cases", DAY, settings.model_copy(update={"cases_api_url": url}))

    assert_failed(load, settings, "多次重试仍失败")


def answer_all(server: socket.socket, answer: bytes) -> None:
    for _ in range(3):
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(answer)


@pytest.mark.parametrize("wait", ["9" * 5000, "Fri, 99 Foo 2025", "-1", ""])
def test_a_wait_that_means_nothing_does_not_stop_the_night(
    platform: FaultyPlatform, settings: Settings, wait: str
) -> None:
    headers = {"Retry-After": wait.encode().decode("latin-1")}
    platform.troubles.extend([lambda: Response("x", 429, headers=headers)] * 3)
    started = time.monotonic()

    load = land("cases", DAY, settings)

    assert time.monotonic() - started < 10
    assert_failed(load, settings, "HTTP 429")


@pytest.mark.parametrize(
    ("address", "token", "reason"),
    [
        ("http://u:s3cret@127.0.0.1:1/?key=s3cret", "s3cret", "多次重试仍失败"),
        ("http://127.0.0.1:s3cret", "s3cret", "写法有误"),
        ("http://127.0.0.1:1", "s3cret\n", "CASES_API_TOKEN"),
        ("http://127.0.0.1:1", "s3cret竹", "CASES_API_TOKEN"),
    ],
)
def test_no_secret_shows_in_what_is_told(
    settings: Settings, address: str, token: str, reason: str
) -> None:
    told = settings.model_copy(
        update={"cases_api_url": address, "cases_api_token": SecretStr(token)}
    )

    load = land("cases", DAY, told)

    assert_failed(load, settings, reason)
    assert "s3cret" not in load.message


def test_what_the_address_asks_for_is_asked_for_every_page(
    platform: FaultyPlatform, settings: Settings
) -> None:
    address = f"{platform.url}/?key=k1"

    load = land("cases", DAY, settings.model_copy(update={"cases_api_url": address}))

    assert load.outcome == "ok"
    assert platform.queries[0]["key"] == "k1"
    assert platform.queries[0]["page_size"] == "500"
