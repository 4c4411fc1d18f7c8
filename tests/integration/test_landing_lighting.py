"""The street-light database lands in one snapshot, night by night, each poll once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import psycopg
import pytest
from landed_content import content, rows, unfinished
from pydantic import SecretStr

from cityledger.land import land
from cityledger.settings import Settings
from simulator.postgres import PostgresServer

DAY = date(2025, 6, 3)
SCHEMA = """
create table lamp (
    lamp_id text primary key, pole_no text, circuit_id text, segment_id text,
    town_code text, road_class text, power_w numeric, lon double precision,
    lat double precision, control text, in_service_from date, in_service_to date,
    updated_at timestamp, firmware text
);
create table switch_plan (
    circuit_id text, night_date date, on_at timestamp, off_at timestamp,
    updated_at timestamp, primary key (circuit_id, night_date)
);
create table lamp_telemetry (
    lamp_id text, ts timestamp, power_state text, online boolean, power_w numeric,
    signal int, primary key (lamp_id, ts)
);
create table planned_outage (
    outage_id text primary key, circuit_id text, starts_at timestamp,
    ends_at timestamp, reason text, approver text, updated_at timestamp
);
create table lamp_fault (
    fault_id text primary key, lamp_id text, found_at timestamp, found_by text,
    grade text, due_at timestamp, fixed_at timestamp, cause text, case_id text,
    updated_at timestamp
);
"""
NIGHT = """
insert into lamp_telemetry
select lamp, ts, 'on', true, 80.5
from unnest(%(lamps)s::text[]) as lamp,
    generate_series(
        %(night)s::date + time '17:00',
        %(night)s::date + interval '31.5 hours',
        interval '30 min'
    ) as ts
on conflict do nothing
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture
def database(server: PostgresServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
        connection.execute("drop schema public cascade; create schema public")
        connection.execute("grant usage on schema public to public")
        connection.execute(
            "alter default privileges in schema public grant select on tables to public"
        )
        connection.execute(SCHEMA)
        yield connection


@pytest.fixture
def settings(server: PostgresServer, tmp_path: Path) -> Settings:
    dsn = server.dsn.replace("postgresql://", "postgresql+psycopg://")
    return Settings(data_dir=tmp_path, lighting_dsn=SecretStr(dsn))


def night(database: psycopg.Connection, day: date, *lamps: str) -> None:
    database.execute(NIGHT, {"night": day, "lamps": list(lamps)})


def add_lamp(
    database: psycopg.Connection, lamp_id: str, updated_at: str | None, **more: object
) -> None:
    values = {"lamp_id": lamp_id, "updated_at": updated_at, **more}
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    database.execute(
        f"insert into lamp ({names}) values ({marks})",  # noqa: S608 - our own names
        list(values.values()),
    )


def polls(settings: Settings) -> list[dict[str, object]]:
    return rows(settings.data_dir, "lighting", "lamp_telemetry")


def files_of(settings: Settings, table: str) -> list[Path]:
    return sorted((settings.folders.landing / "lighting" / table).glob("**/*.parquet"))


def test_the_first_load_takes_everything_up_to_midnight(
    database: psycopg.Connection, settings: Settings
) -> None:
    for day in (date(2025, 4, 20), date(2025, 6, 2), DAY):
        night(database, day, "L1", "L2")
    add_lamp(database, "L1", "2020-01-01 08:00", power_w="80.50")

    load = land("lighting", DAY, settings)

    assert load.outcome == "ok"
    # The last night ends after midnight: fourteen of its thirty polls are there.
    assert len(polls(settings)) == 2 * (30 + 30 + 14) == load.rows - 1
    assert {path.parent.name for path in files_of(settings, "lamp_telemetry")} == {
        *("2025-04-20", "2025-04-21", "2025-06-02", "2025-06-03")
    }
    assert max(str(poll["ts"]) for poll in polls(settings)) == "2025-06-03 23:30:00"


def test_values_land_with_the_types_they_have(
    database: psycopg.Connection, settings: Settings
) -> None:
    add_lamp(
        database,
        "L1",
        "2025-06-03 08:15:00.5",
        pole_no="",
        road_class=None,
        power_w="80.50",
        control='单"灯\\\r\n，',
        in_service_from="2020-02-29",
        firmware="\r\nv1",
    )
    night(database, date(2025, 6, 2), "L1")

    load = land("lighting", DAY, settings)

    (lamp,) = rows(settings.data_dir, "lighting", "lamp")
    assert lamp == {
        **dict.fromkeys(("circuit_id", "segment_id", "town_code", "road_class")),
        **dict.fromkeys(("lon", "lat", "in_service_to")),
        "lamp_id": "L1",
        "pole_no": "",
        "power_w": 80.5,
        "control": '单"灯\\\r\n，',
        "in_service_from": date(2020, 2, 29),
        "updated_at": datetime.fromisoformat("2025-06-03 08:15:00.5"),
        "firmware": "\r\nv1",
        "load_id": load.load_id,
        "load_date": DAY,
        "landed_at": load.started_at,
    }
    types = duckdb.sql(f"describe from '{files_of(settings, 'lamp_telemetry')[0]}'")
    assert [row[:2] for row in types.fetchall()] == [
        ("lamp_id", "VARCHAR"),
        ("ts", "TIMESTAMP"),
        ("power_state", "VARCHAR"),
        ("online", "BOOLEAN"),
        ("power_w", "DOUBLE"),
        ("load_id", "VARCHAR"),
        ("load_date", "DATE"),
    ]


def test_landing_twice_changes_nothing(
    database: psycopg.Connection, settings: Settings
) -> None:
    night(database, date(2025, 6, 2), "L1", "L2")
    add_lamp(database, "L1", "2025-06-03 08:00")
    add_lamp(database, "L2", None)
    land("lighting", DAY, settings)
    before = content(settings.data_dir, "lighting")

    again = land("lighting", DAY, settings)

    assert (again.outcome, again.rows) == ("ok", 0)
    assert content(settings.data_dir, "lighting") == before


def test_late_polls_land_alone(
    database: psycopg.Connection, settings: Settings
) -> None:
    lamps = [f"L{n}" for n in range(20)]
    night(database, date(2025, 6, 1), *lamps[:-1])
    night(database, date(2025, 6, 2), *lamps)
    database.execute(
        "delete from lamp_telemetry where lamp_id = 'L3' and ts = '2025-06-02 18:00'"
    )
    land("lighting", DAY, settings)
    night(database, date(2025, 6, 1), lamps[-1])
    night(database, date(2025, 6, 2), "L3")
    night(database, DAY, *lamps)

    load = land("lighting", date(2025, 6, 4), settings)

    assert load.rows == 30 + 1 + 20 * 30
    # Of the days that had landed, only the lamps that differ were asked for: one of
    # 1 June, two of 2 June, on 3 June all, for their evening; 4 June had nothing yet.
    assert load.rows_fetched == 14 + 2 * 30 + 20 * 30 + 20 * 16
    found = polls(settings)
    assert len({(p["lamp_id"], p["ts"]) for p in found}) == len(found)
    assert len(found) == 20 * 30 * 3


def test_small_tables_land_what_changed(
    database: psycopg.Connection, settings: Settings
) -> None:
    add_lamp(database, "L1", "2025-01-01 08:00")
    add_lamp(database, "L2", "2025-06-03 08:00")
    add_lamp(database, "L3", None)
    land("lighting", DAY, settings)
    database.execute(
        "update lamp set updated_at = '2025-06-04 08:00' where lamp_id = 'L1'"
    )
    database.execute("update lamp set pole_no = 'P9' where lamp_id = 'L3'")
    add_lamp(database, "L4", "2025-07-01 08:00")

    load = land("lighting", date(2025, 6, 4), settings)

    changed = {
        r["lamp_id"]
        for r in rows(settings.data_dir, "lighting", "lamp")
        if r["load_id"] == load.load_id
    }
    assert changed == {"L1", "L3", "L4"}


def test_the_database_may_gain_and_lose_columns(
    database: psycopg.Connection, settings: Settings
) -> None:
    add_lamp(database, "L1", "2025-06-03 08:00")
    land("lighting", DAY, settings)
    database.execute("alter table lamp add column maker text, drop column firmware")
    add_lamp(database, "L2", "2025-06-03 08:00", maker="M")

    loads = [land("lighting", DAY, settings) for _ in range(2)]

    assert [load.rows for load in loads] == [1, 0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("alter table lamp drop column road_class", "lamp 缺少列：road_class"),
        ("drop table lamp_fault", "没有表 lamp_fault"),
        ("revoke select on switch_plan from public", "switch_plan"),
        ("alter table lamp_telemetry rename column ts to at", "缺少列：ts"),
    ],
)
def test_a_database_out_of_contract_fails_the_load_and_says_why(
    database: psycopg.Connection, settings: Settings, change: str, words: str
) -> None:
    add_lamp(database, "L1", "2025-06-03 08:00")
    database.execute(change)

    load = land("lighting", DAY, settings)

    assert load.outcome == "failed"
    assert words in load.message
    assert files_of(settings, "lamp") == []
    assert unfinished(settings.data_dir) == []


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://cityledger_reader:s3cr%40t@127.0.0.1:{port}/lighting",
        "postgresql://cityledger_reader:s3cr@t@127.0.0.1:{port}/lighting",
        "postgresql://cityledger_reader:s3cr%40t@127.0.0.1:port/lighting",
        "postgresql://s3cr%40t:s3cr%40t@127.0.0.1:{port}/s3cr%40t",
        "postgresql://u:s3cr%40t@127.0.0.1:9/lighting",
        "host=127.0.0.1 port=9 password='s3cr@t'",
    ],
)
def test_no_message_holds_the_password(
    server: PostgresServer,
    settings: Settings,
    dsn: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = SecretStr(dsn.format(port=server.port))
    wrong = settings.model_copy(update={"lighting_dsn": secret})

    load = land("lighting", DAY, wrong)

    assert load.outcome == "failed"
    for text in (load.message, caplog.text):
        assert "s3cr" not in text


def test_a_query_that_takes_too_long_fails_the_load(
    database: psycopg.Connection, settings: Settings
) -> None:
    database.execute(
        "alter table lamp_fault rename to faults; create view lamp_fault as "
        "select *, cast(pg_sleep(30) as text) as slow from faults right join "
        "(values (1)) as always (one) on true"
    )
    hasty = settings.model_copy(update={"lighting_statement_timeout_s": 0.5})

    load = land("lighting", DAY, hasty)

    assert load.outcome == "failed"
    assert "statement timeout" in load.message


def test_days_not_landed_for_weeks_are_caught_up(
    database: psycopg.Connection, settings: Settings
) -> None:
    for n in range(12):
        night(database, DAY + timedelta(days=n), "L1")
    land("lighting", DAY, settings)

    load = land("lighting", DAY + timedelta(days=12), settings)

    assert load.rows == 12 * 30 - 14
    assert len(files_of(settings, "lamp_telemetry")) == 13


def test_a_full_comparison_lands_what_the_nights_missed(
    database: psycopg.Connection, settings: Settings
) -> None:
    late = date(2025, 5, 20)
    night(database, late, "L1")
    add_lamp(database, "L1", "2025-01-01 08:00")
    add_lamp(database, "L2", "2025-01-01 08:00")
    land("lighting", DAY, settings)
    night(database, late, "L2")
    database.execute("update lamp set pole_no = 'P9' where lamp_id = 'L1'")
    database.execute("delete from lamp where lamp_id = 'L2'")
    nightly = land("lighting", DAY + timedelta(days=1), settings)

    whole = land("lighting", DAY + timedelta(days=1), settings, whole=True)
    again = land("lighting", DAY + timedelta(days=1), settings, whole=True)

    assert nightly.rows == 0
    assert whole.rows == 30 + 1
    assert "lamp 源库已删 1" in whole.message
    assert again.rows == 0
    found = polls(settings)
    assert len(found) == len({(p["lamp_id"], p["ts"]) for p in found}) == 2 * 30
    lamps = rows(settings.data_dir, "lighting", "lamp")
    assert {lamp["lamp_id"] for lamp in lamps} == {"L1", "L2"}


def test_for_ever_lands_as_for_ever_and_any_other_odd_time_beside_it(
    database: psycopg.Connection, settings: Settings
) -> None:
    database.execute(
        "insert into planned_outage (outage_id, starts_at, ends_at) values "
        "('O1', '-infinity', 'infinity'), ('O2', '0044-03-15 BC', '294276-12-31'), "
        "('O3', '0001-01-01', '9999-12-31 23:59:59'), ('O4', null, '2025-06-03 08:00')"
    )
    database.execute(
        "insert into lamp (lamp_id, in_service_from, in_service_to, updated_at) values "
        "('L1', '-infinity', 'infinity', 'infinity'), "
        "('L2', '4713-01-01 BC', '5874897-12-31', '2025-06-03')"
    )

    load = land("lighting", DAY, settings)
    again = land("lighting", DAY, settings)

    assert (load.rows, again.rows) == (6, 0)
    assert moments(settings, "planned_outage", "starts_at", "ends_at") == [
        ("-infinity", "infinity"),
        ("-infinity", "infinity"),
        ("0001-01-01 00:00:00", "9999-12-31 23:59:59"),
        (None, "2025-06-03 08:00:00"),
    ]
    assert (
        moments(settings, "lamp", "in_service_from", "in_service_to")
        == [("-infinity", "infinity")] * 2
    )


def moments(settings: Settings, table: str, *names: str) -> list[tuple[str, ...]]:
    """Return dates and times as text: Python has none for ever."""
    columns = ", ".join(f"cast({name} as varchar)" for name in names)
    files = [str(path) for path in files_of(settings, table)]
    with duckdb.connect() as duck:
        return duck.execute(
            f"select {columns} from read_parquet(?) order by 1 nulls last, 2 desc",  # noqa: S608 - our own names
            [files],
        ).fetchall()


def test_numbers_beyond_all_measure_keep_no_lamp_from_landing(
    database: psycopg.Connection, settings: Settings
) -> None:
    for lamp, power in (
        *(("L1", "NaN"), ("L2", "1e400"), ("L3", "-1e400"), ("L4", "1e-400")),
        *(("L5", "80.50"), ("L6", None), ("L7", "0"), ("L8", "-1e-400")),
    ):
        add_lamp(database, lamp, "2025-06-03", power_w=power)
    database.execute("update lamp set lon = 'NaN', lat = '-Infinity'")

    assert land("lighting", DAY, settings).outcome == "ok"

    lamps = rows(settings.data_dir, "lighting", "lamp")
    assert [str(lamp["power_w"]) for lamp in sorted(lamps, key=key)] == [
        *("nan", "inf", "-inf", "0.0", "80.5", "None", "0.0", "0.0")
    ]
    assert {(str(lamp["lon"]), str(lamp["lat"])) for lamp in lamps} == {("nan", "-inf")}


def key(lamp: dict[str, object]) -> str:
    return str(lamp["lamp_id"])


def test_a_text_of_any_length_and_characters_keeps_no_fault_from_landing(
    database: psycopg.Connection, settings: Settings
) -> None:
    causes = [
        "x" * 5_000_000,
        'a\r\n"b",\\.\\N\t\x1b\u202e😀',
        "\\.",
        "",
        "竹" * 32_767,
    ]
    for number, cause in enumerate(causes):
        database.execute(
            "insert into lamp_fault (fault_id, cause) values (%s, %s)",
            [f"F{number}", cause],
        )

    assert land("lighting", DAY, settings).outcome == "ok"

    found = rows(settings.data_dir, "lighting", "lamp_fault")
    told = {str(fault["fault_id"]): str(fault["cause"]) for fault in found}
    assert [told[f"F{number}"] for number in range(1, 5)] == causes[1:]
    assert told["F0"] == "x" * 32_767 + "……（超长，其余未保留）"


def test_polls_at_impossible_times_are_told_and_the_others_land(
    database: psycopg.Connection, settings: Settings
) -> None:
    night(database, date(2025, 6, 1), "L1")
    for odd in ("infinity", "-infinity", "0044-03-15 BC", "1970-01-01", "9999-12-31"):
        database.execute("insert into lamp_telemetry values ('L9', %s)", [odd])

    load = land("lighting", DAY, settings)

    assert (load.outcome, load.rows) == ("ok", 30)
    assert "5 条采样的时间不可信" in load.message
    assert land("lighting", DAY, settings).rows == 0
