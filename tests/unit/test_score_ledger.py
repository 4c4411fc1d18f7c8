"""A contractor's month is frozen once, with its lines and its scheme."""

import hashlib
from datetime import date
from pathlib import Path

import duckdb
import pytest
from marts_by_hand import built_night, settings_in

from cityledger import score_ledger, warehouse
from cityledger.progress import SILENT
from cityledger.publish import publish
from cityledger.scheme import DEFAULTS
from cityledger.settings import Settings

FREEZE = date(2025, 6, 9)
NEXT = date(2025, 6, 10)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = settings_in(tmp_path)
    found.folders.schemes.mkdir(parents=True)
    return found


def scored_night(settings: Settings, day: date, **scores: float | None) -> None:
    """Build a night on which each contractor has a score for May, all final."""
    built_night(settings, day)
    with warehouse.connect(settings.folders, SILENT) as connection:
        connection.execute(
            "create or replace table marts.contractor_scores as "
            "select * exclude (scheme, recorded_at, run_id) "
            "from ops.score_ledger limit 0"
        )
        connection.execute(
            "create or replace table marts.contractor_score_lines as "
            "select * exclude (frozen_on) from ops.score_ledger_lines limit 0"
        )
        for code, score in scores.items():
            connection.execute(
                "insert into marts.contractor_scores by name "
                "select $code as contractor_code, '2025-05' as month, "
                "$score as score, 900.5 as payable_yuan, ['申诉中'] as flags, "
                "scheme_version, scheme_key, '终报' as stage, "
                "cast($day as date) as frozen_on "
                "from ops.scheme_versions where is_current",
                {"code": code, "score": score, "day": day},
            )
            connection.execute(
                "insert into marts.contractor_score_lines by name "
                "select $code as contractor_code, '2025-05' as month, "
                "unnest([2, 1]) as line_number, unnest(['fee', 'payable']) as step",
                {"code": code},
            )


def frozen(settings: Settings, day: date) -> list[tuple]:
    """Return what the next build is told of frozen months."""
    built_night(settings, day)
    return ask(
        settings,
        "select contractor_code, score, frozen_on from ops.score_ledger order by all",
    )


def ask(settings: Settings, query: str) -> list[tuple]:
    path = str(settings.folders.warehouse)
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def fingerprints(settings: Settings) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in score_ledger.files(settings.folders)
    }


def test_a_month_is_recorded_once_with_its_lines(settings: Settings) -> None:
    scored_night(settings, FREEZE, H1=91.5, H2=None)
    publish(settings)
    before = fingerprints(settings)
    publish(settings)
    scored_night(settings, FREEZE, H1=12.0)
    publish(settings)

    assert frozen(settings, NEXT) == [("H1", 91.5, FREEZE)]
    assert fingerprints(settings) == before
    assert ask(
        settings,
        "select contractor_code, month, line_number, step, frozen_on "
        "from ops.score_ledger_lines",
    ) == [
        ("H1", "2025-05", 1, "payable", FREEZE),
        ("H1", "2025-05", 2, "fee", FREEZE),
    ]


def test_what_has_no_score_yet_waits(settings: Settings) -> None:
    scored_night(settings, FREEZE, H2=None)
    publish(settings)
    scored_night(settings, NEXT, H2=80.0)
    publish(settings)

    assert frozen(settings, NEXT) == [("H2", 80.0, NEXT)]


def test_an_older_night_records_nothing_again(settings: Settings) -> None:
    scored_night(settings, NEXT, H1=91.5)
    publish(settings)
    scored_night(settings, FREEZE, H1=70.0)
    publish(settings)

    assert frozen(settings, NEXT) == [("H1", 91.5, NEXT)]


def test_the_scheme_of_a_frozen_month_outlives_its_file(settings: Settings) -> None:
    words = (DEFAULTS / "ZS-HW-DEFAULT-1.yaml").read_text(encoding="utf-8")
    path = settings.folders.schemes / "own.yaml"
    path.write_text(words, encoding="utf-8")
    scored_night(settings, FREEZE, H1=91.5)
    publish(settings)
    rewritten = words.replace("total_cap_pct: 30", "total_cap_pct: 10")
    path.write_text(rewritten, encoding="utf-8")
    built_night(settings, NEXT)

    known = ask(
        settings,
        "select is_current, total_cap_pct, scheme_version not null, "
        "scheme_version like 'ZS-HW-DEFAULT-1#%' from ops.scheme_versions order by all",
    )

    assert known == [(False, 30, False, None), (True, 10, True, True)]


def test_a_warehouse_without_scores_records_nothing(settings: Settings) -> None:
    built_night(settings, FREEZE)
    publish(settings)

    assert score_ledger.files(settings.folders) == []
