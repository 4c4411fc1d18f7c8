"""A forgetful county: what its systems leave blank is no figure, and the rest is right.

No case notes its acceptance, none of May its disposal; nobody rates; the registers of
May lack when advertising was inspected and matters were settled.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from simulator.parameters import CountyParameters
from simulator.serve import run_county
from tests.golden import compare
from tests.golden.oracle import Oracle
from tests.golden.oracle.assessed_county import Assessment
from tests.golden.small_county import workbook
from tests.golden.test_assessment_county import POINTS, differences, rows

START, LAST = date(2025, 4, 20), date(2025, 6, 6)
STEPS = ("reported_at", "registered_at", "disposed_at", "closed_at")
FORGOTTEN = {
    "ad_facilities": ("最近检查日期", "最近检查结果"),
    "supervision_items": ("验收时间",),
}


def forget(item: Mapping) -> dict:
    """Blank what the platform does not note."""
    item = dict(item)
    if "accepted_at" in item:
        item["accepted_at"] = None
        if any((item[step] or "").startswith("2025-05") for step in STEPS):
            item["disposed_at"] = None
    if "rating" in item:
        item["rating"] = None
    return item


@pytest.fixture(scope="module")
def platform() -> Iterator[ThreadingHTTPServer]:
    """A platform that passes on what another one says, and forgets."""

    class Forgetful(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = Request(  # noqa: S310 - of the simulator, on loopback
                self.server.said_by + self.path,
                headers={"Authorization": self.headers["Authorization"]},
            )
            with urlopen(asked) as answer:  # noqa: S310 - as above
                page = json.load(answer)
            page["items"] = [forget(item) for item in page["items"]]
            body = json.dumps(page, ensure_ascii=False).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Forgetful)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def blank_registers(landing: Path) -> None:
    """Empty the forgotten columns of the registers of May."""
    for register, columns in FORGOTTEN.items():
        path = landing / "registers" / f"{register}_202505.xlsx"
        book = CalamineWorkbook.from_path(path)
        header, *lines = book.get_sheet_by_index(0).to_python()
        places = [header.index(name) for name in columns]
        kept = [
            [None if at in places or cell == "" else cell for at, cell in enumerate(r)]
            for r in lines
        ]
        path.write_bytes(workbook({"台账": [header, *kept]}))


@pytest.fixture(scope="module")
def county(
    platform: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Oracle]]:
    home = Path(tmp_path_factory.mktemp("forgetful"))
    parameters = CountyParameters(
        start=START, end=LAST, scale=0.03, seed=12, late=0, missing=0
    )
    with run_county(parameters, home, until=LAST) as running:
        platform.said_by = running.environment["CASES_API_URL"]  # type: ignore[attr-defined]
        host, port = platform.server_address[:2]
        where = running.environment | {"CASES_API_URL": f"http://{host}:{port}"}
        blank_registers(Path(where["LANDING_DIR"]))
        oracle = Oracle(
            where["CASES_API_URL"],
            where["CASES_API_TOKEN"],
            where["LANDING_DIR"],
            where["LIGHTING_DSN"],
        )
        oracle.observe(LAST)
        data = home / "data"
        done = subprocess.run(
            [
                Path(sys.executable).parent / "cityledger",
                "nightly",
                "--date",
                str(LAST),
            ],
            env={**os.environ, **where, "DATA_DIR": str(data)},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        path = data / "published" / "leaders.duckdb"
        found = compare.differences(path, oracle, LAST)
        assert not found, "\n".join(compare.report(found, limit=5))
        with duckdb.connect(str(path), read_only=True) as marts:
            yield marts, oracle


def test_what_is_not_provided_is_said_and_has_no_records(county: tuple) -> None:
    marts, _ = county

    found = marts.execute(
        "select distinct indicator_id, period from indicator_values "
        "where null_reason = 'not_provided' and area_code = '420323000000' "
        "and period_type = 'M'"
    ).fetchall()

    assert {(name, "2025-05") for name in ("I02", "I05", "X01", "X06b", "I19")} <= {
        *found
    }
    assert ("I18", "2025-05") not in found
    assert ("I05", "2025-04") not in found
    assert marts.execute(
        "select count(*) from indicator_records as r inner join indicator_values as v "
        "using (indicator_id, period, area_code) where v.null_reason = 'not_provided'"
    ).fetchone() == (0,)


def test_no_metric_makes_a_nought_of_what_was_not_noted(county: tuple) -> None:
    marts, oracle = county

    ours = rows(
        marts,
        4,
        "select metric_id, period, dimension, member, numerator, denominator, value "
        "from case_metrics where n + excluded > 0",
    )

    assert len(ours) > 3000
    assert differences(ours, Assessment(oracle.night(LAST)).metrics()) == []
    assert marts.execute(
        "select count(*) from case_metrics where null_reason = 'not_provided' "
        "and (value is not null or numerator is not null)"
    ).fetchone() == (0,)


def test_departments_are_scored_only_for_months_that_say_who_had_cases_due(
    county: tuple,
) -> None:
    marts, oracle = county
    cards = Assessment(oracle.night(LAST)).departments()

    ours = rows(
        marts,
        2,
        f"select dept_code, month, {', '.join(POINTS)} "  # noqa: S608 - our words
        "from department_scores where score is not null",
    )

    theirs = {key: tuple(card[name] for name in POINTS) for key, card in cards.items()}
    assert {month for _, month in theirs} == {"2025-04", "2025-06"}
    assert differences(ours, theirs) == []
    assert marts.execute(
        "select count(*) from department_scores "
        "where month = '2025-05' and (due_cases is not null or ranked)"
    ).fetchone() == (0,)
