"""Whoever is on duty is told once what failed, what is shown, and what to do."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from cityledger import load_log, notify, runs, versions
from cityledger.load_log import Load
from cityledger.runs import Outcome, Run
from cityledger.settings import Settings
from cityledger.versions import Version

NIGHT = date(2025, 6, 3)


@dataclass
class Inbox:
    """An HTTP address that keeps what it is sent."""

    address: str
    received: list[dict[str, Any]]
    answer: int = 200


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    class Handler(BaseHTTPRequestHandler):
        """Takes a message."""

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            mine.received.append(json.loads(self.rfile.read(size)))
            self.send_response(mine.answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    mine = Inbox(f"json://127.0.0.1:{server.server_port}/", [])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield mine
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path, inbox: Inbox) -> Settings:
    return Settings(DATA_DIR=tmp_path, notify_urls=(SecretStr(inbox.address),))


def ended(settings: Settings, outcome: Outcome, message: str = "") -> Run:
    run = runs.start(NIGHT, settings.folders)
    if outcome == "running":
        return runs.pause(run, settings.folders, "built")
    return runs.finish(run, outcome, settings.folders, *filter(None, [message]))


def show_yesterday(settings: Settings) -> None:
    version = Version("v1", date(2025, 6, 2), "r", datetime(2025, 6, 3, 2, 51))  # noqa: DTZ001
    building = versions.begin(settings.folders, "v1")
    versions.finish(settings.folders, building, version)
    versions.show(settings.folders, version)


def test_a_clean_night_says_nothing(settings: Settings, inbox: Inbox) -> None:
    ended(settings, "published")

    told = notify.tell(settings, NIGHT)

    assert inbox.received == []
    assert told.exit_code == 0


def test_a_refused_night_says_what_is_wrong_what_is_shown_and_what_to_do(
    settings: Settings, inbox: Inbox
) -> None:
    ended(settings, "refused", "质量闸门没有通过：比率超出 0–100")
    show_yesterday(settings)

    told = notify.tell(settings, NIGHT)

    assert told.exit_code == 3
    (message,) = inbox.received
    assert message["title"] == "城账 2025-06-03 被质量闸门拦下，没有发布"
    assert "比率超出 0–100" in message["message"]
    assert (
        "现在显示的：2025-06-02 的数据（2025-06-03 02:51 发布）" in message["message"]
    )
    assert "怎么办：" in message["message"]


def test_a_night_without_a_source_names_it(settings: Settings, inbox: Inbox) -> None:
    ended(settings, "published_incomplete")
    load = Load(
        load_id="20250603-20250603T183000000000-lighting",
        source="lighting",
        load_date=NIGHT,
        started_at=datetime(2025, 6, 4, 2, 30),  # noqa: DTZ001
        outcome="failed",
        message="路灯库连不上",
    )
    load_log.write(settings.data_dir, load)

    told = notify.tell(settings, NIGHT)

    assert told.exit_code == 5
    assert "数据源 lighting：路灯库连不上" in inbox.received[0]["message"]


@pytest.mark.parametrize("outcome", ["failed", "running"])
def test_a_night_that_broke_off_is_a_failure(
    settings: Settings, inbox: Inbox, outcome: Outcome
) -> None:
    ended(settings, outcome)

    told = notify.tell(settings, NIGHT, has_failed=True)

    assert told.exit_code == 1
    assert "夜间任务失败，没有发布" in inbox.received[0]["title"]


def test_a_night_that_failed_before_its_run_does_not_pass_for_the_one_before(
    settings: Settings, inbox: Inbox
) -> None:
    ended(settings, "published")

    told = notify.tell(settings, NIGHT, has_failed=True)

    assert told.exit_code == 1
    assert "计算没有开始" in inbox.received[0]["message"]


def test_a_trouble_is_told_once_and_once_more_when_it_is_over(
    settings: Settings, inbox: Inbox
) -> None:
    refused = ended(settings, "refused")
    notify.tell(settings, NIGHT)
    notify.tell(settings, NIGHT, has_failed=True)
    runs.save(replace(refused, outcome="published"), settings.folders)
    notify.tell(settings, NIGHT)
    notify.tell(settings, NIGHT)

    assert [message["title"] for message in inbox.received] == [
        "城账 2025-06-03 被质量闸门拦下，没有发布",
        "城账 2025-06-03 已正常发布",
    ]


def test_what_was_not_delivered_is_told_again(settings: Settings, inbox: Inbox) -> None:
    ended(settings, "refused")
    inbox.answer = 500
    assert not notify.tell(settings, NIGHT).was_delivered
    inbox.answer = 200

    assert notify.tell(settings, NIGHT).was_delivered


@pytest.mark.parametrize(
    "address",
    ["json://127.0.0.1:9/", "no-such-service://somewhere", "wecombot://", "mailto://"],
)
def test_no_address_can_fail_a_night(tmp_path: Path, address: str) -> None:
    settings = Settings(DATA_DIR=tmp_path, notify_urls=(SecretStr(address),))
    ended(settings, "refused")

    told = notify.tell(settings, NIGHT)

    assert not told.was_delivered
    assert told.exit_code == 3


@pytest.mark.parametrize(
    "address",
    [
        "mailto://user:secret@example.com",
        "wecombot://botkey1234567890",
        "dingtalk://SECtoken/0123456789abcdef/",
        "feishu://0123456789abcdef",
        "lark://0123456789abcdef",
    ],
)
def test_the_services_of_a_county_are_understood(address: str) -> None:
    from apprise import Apprise  # noqa: PLC0415 - loads every service there is

    assert Apprise().add(address)


def test_a_failed_notice_does_not_give_away_its_address(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "key0123456789"  # noqa: S105 - not one
    settings = Settings(
        DATA_DIR=tmp_path, notify_urls=(SecretStr(f"json://u:{secret}@127.0.0.1:9/"),)
    )

    assert not notify.notify(settings, "标题", "正文")

    assert secret not in caplog.text
    assert "通知没有送达：json" in caplog.text
