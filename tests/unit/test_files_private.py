"""What the product writes is nobody else's to read, but what citizens are shown."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import marts_by_hand
import pytest
from released_county import NOW, Night, publish, released, settings_in

from cityledger import files
from cityledger.doctor import doctor
from cityledger.publish import publish as publish_night
from cityledger.release.export import export
from tests.readable import readable_by_others


@pytest.fixture
def _private() -> Iterator[None]:
    """Write as the command line does."""
    before = os.umask(0o022)
    files.keep_private()
    yield
    os.umask(before)


@pytest.mark.usefixtures("_private")
def test_after_a_release_others_read_the_site_and_the_public_file_alone(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path)
    folders = settings.folders
    publish(settings, Night())
    released(settings)
    export(settings, NOW)

    readable = readable_by_others(folders.root)

    public = set(folders.versions.glob("*/public.duckdb"))
    site = {p.resolve() for p in folders.site.rglob("*") if p.is_file()}
    assert len(site) > 50
    assert readable == site | public
    assert (folders.site / "current").resolve().stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in public} == {0o644}
    assert folders.root.stat().st_mode & 0o777 == 0o711
    assert folders.releases.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("_private")
def test_after_a_night_others_read_the_public_file_alone(tmp_path: Path) -> None:
    settings = marts_by_hand.settings_in(tmp_path)
    marts_by_hand.built_night(settings, date(2025, 6, 30))
    publish_night(settings)

    folders = settings.folders
    assert readable_by_others(folders.root) == {
        (folders.published / "public.duckdb").resolve()
    }
    assert (folders.published / "leaders.duckdb").stat().st_mode & 0o777 == 0o600
    assert folders.warehouse.stat().st_mode & 0o777 == 0o600
    assert {p.stat().st_mode & 0o777 for p in folders.ledger.iterdir()} == {0o400}
    assert [f.level for f in doctor(settings, NOW.date()) if f.subject == "权限"] == [
        "ok"
    ]


def test_the_command_line_writes_for_itself_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    subprocess.run(
        [Path(sys.executable).with_name("cityledger"), "status"],
        env=os.environ | {"DATA_DIR": str(data)},
        check=False,
        capture_output=True,
        umask=0o000,
    )

    (log,) = (data / "state" / "logs").iterdir()
    assert log.stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700


def test_doctor_names_what_is_too_open_and_the_command_that_closes_it(
    tmp_path: Path,
) -> None:
    settings = marts_by_hand.settings_in(tmp_path)
    folders = settings.folders
    before = os.umask(0o022)
    try:
        marts_by_hand.built_night(settings, date(2025, 6, 30))
        publish_night(settings)
    finally:
        os.umask(before)

    told = [f for f in doctor(settings, NOW.date()) if f.subject == "权限"]
    for finding in told:
        assert finding.level == "warn"
        command = finding.text.split("请运行：")[1]
        subprocess.run(command, shell=True, check=True)  # noqa: S602 - as told

    assert len(told) == 2
    assert str(folders.warehouse) in told[0].text
    assert readable_by_others(folders.root) == {
        (folders.published / "public.duckdb").resolve()
    }
    assert [f.level for f in doctor(settings, NOW.date()) if f.subject == "权限"] == [
        "ok"
    ]
