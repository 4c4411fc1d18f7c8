"""The ledger is written once: nothing is repeated, rewritten or removed."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from marts_by_hand import built_night, settings_in

from cityledger import ledger, warehouse
from cityledger.ledger import LedgerError
from cityledger.progress import SILENT
from cityledger.publish import publish
from cityledger.settings import Settings

D = date(2025, 6, 30)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def fingerprints(settings: Settings) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in ledger.files(settings.folders)
    }


def test_a_night_records_what_is_new_and_nothing_twice(settings: Settings) -> None:
    built_night(settings, D, done=3)
    assert publish(settings).new_editions == 1
    before = fingerprints(settings)

    built_night(settings, D, done=3)
    assert publish(settings).new_editions == 0

    assert fingerprints(settings) == before
    assert len(before) == 1


def test_publishing_a_night_again_records_nothing(settings: Settings) -> None:
    built_night(settings, D, done=3)
    publish(settings)
    before = fingerprints(settings)

    assert publish(settings).new_editions == 0
    assert fingerprints(settings) == before


def test_a_correction_is_a_new_edition_beside_the_old(settings: Settings) -> None:
    built_night(settings, D, done=3)
    publish(settings)
    before = fingerprints(settings)
    built_night(settings, D, done=4)
    publish(settings)

    editions = [
        (row["edition"], row["stage"], row["value"])
        for row in ledger.read(settings.folders)
    ]

    assert editions == [(1, "终报", 75.0), (2, "修订", 100.0)]
    assert before.items() <= fingerprints(settings).items()


def test_editions_that_do_not_follow_on_are_refused(settings: Settings) -> None:
    run = built_night(settings, D, done=3)
    built_night(settings, D, done=3)
    publish(settings)

    # The first run's warehouse comes back, as if another night had slipped in between.
    with warehouse.connect(settings.folders, SILENT) as connection:
        connection.execute("update ops.parameters set run_id = ?", [run.run_id])
        connection.execute("update marts.indicator_ledger set run_id = ?", [run.run_id])

    with (
        warehouse.read(settings.folders) as connection,
        pytest.raises(LedgerError, match="新版次号是 1"),
    ):
        ledger.append(connection, run.run_id, settings.folders)


def test_a_file_cannot_be_written_to(settings: Settings) -> None:
    built_night(settings, D)
    publish(settings)

    (path,) = ledger.files(settings.folders)

    assert path.stat().st_mode & 0o222 == 0


def test_a_lost_file_is_found_out(settings: Settings) -> None:
    written = []
    for done in (1, 2, 3):
        built_night(settings, D, done=done)
        publish(settings)
        written += [f for f in ledger.files(settings.folders) if f not in written]
    assert ledger.verify(settings.folders) == []

    written[1].unlink()

    assert ledger.verify(settings.folders) == [
        "I03 2025-05 420323000000：2 个版次，最大版次号 3"
    ]


def test_a_half_written_file_does_not_count(settings: Settings) -> None:
    built_night(settings, D)
    publish(settings)
    (settings.folders.ledger / ".2025-07-01-x.parquet.tmp").write_text("half")

    assert len(ledger.read(settings.folders)) == 1


def test_an_empty_ledger_has_no_editions(settings: Settings) -> None:
    assert ledger.read(settings.folders) == []
    assert ledger.verify(settings.folders) == []
