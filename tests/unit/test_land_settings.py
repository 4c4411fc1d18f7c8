"""Settings come from the environment, say what is missing and keep secrets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cityledger.county import COUNTY
from cityledger.settings import (
    Settings,
    SettingsError,
    read_settings,
    without_password,
)


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        *("CASES_API_URL", "CASES_API_TOKEN", "LANDING_DIR", "LIGHTING_DSN"),
        *("DATA_DIR", "CITYLEDGER_LATE_DAYS", "CITYLEDGER_NOTIFY_URLS"),
    ):
        monkeypatch.delenv(name, raising=False)


def test_without_a_data_folder_the_operator_is_told_its_variable() -> None:
    with pytest.raises(SettingsError, match="缺少环境变量 DATA_DIR"):
        read_settings()


@pytest.mark.parametrize(
    "variable", ["CASES_API_URL", "CASES_API_TOKEN", "LANDING_DIR", "LIGHTING_DSN"]
)
def test_a_source_not_used_needs_no_variable(tmp_path: Path, variable: str) -> None:
    settings = Settings(data_dir=tmp_path)

    with pytest.raises(SettingsError, match=f"缺少环境变量 {variable}"):
        settings.required(variable)


@pytest.mark.parametrize("code", ["420325000000", "420323", " 420323000000", "0"])
def test_another_county_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CITYLEDGER_COUNTY_CODE", code)

    with pytest.raises(SettingsError, match="CITYLEDGER_COUNTY_CODE 只能是"):
        read_settings()

    for own in (COUNTY, ""):
        monkeypatch.setenv("CITYLEDGER_COUNTY_CODE", own)
        assert read_settings().county_code == COUNTY


@pytest.mark.parametrize(
    "words",
    [
        ("nightly",),
        ("build",),
        ("audit",),
        ("publish",),
        ("status",),
        ("doctor",),
        ("serve",),
        ("release", "check"),
        ("release", "export", "--if-due"),
        ("quarantine", "list"),
        ("scheme", "list"),
    ],
)
def test_every_verb_refuses_another_county(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    other = {"DATA_DIR": str(tmp_path), "CITYLEDGER_COUNTY_CODE": "420325000000"}

    done = subprocess.run(
        [sys.executable, "-c", "from cityledger.cli import main; main()", *words],
        env=os.environ | other,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "请删去这个变量" in done.stderr


def test_the_models_and_the_pages_mean_the_same_county() -> None:
    root = Path(__file__).parents[2]
    for path in (
        "dbt_project/macros/county_code.sql",
        "dashboards/leaders/queries.py",
        "dashboards/public/queries.py",
    ):
        assert COUNTY in (root / path).read_text(encoding="utf-8"), path


def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CITYLEDGER_LATE_DAYS", "three")

    with pytest.raises(SettingsError, match="CITYLEDGER_LATE_DAYS"):
        read_settings()


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://reader:s3cret@db:5432/lights",
        "postgres://reader:s3cret@db:5432/lights",
        "postgresql+psycopg://reader:s3cret@db:5432/lights",
        "postgresql+psycopg2://reader:s3cret@db:5432/lights",
    ],
)
def test_a_driver_in_the_database_address_is_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LIGHTING_DSN", given)

    dsn = read_settings().required("LIGHTING_DSN")

    assert dsn == "postgresql://reader:s3cret@db:5432/lights"


def test_no_secret_shows_in_the_settings(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        cases_api_url="https://u:s3cret@platform",
        cases_api_token="s3cret",  # noqa: S106 - not a secret
        landing_dir="sftp://u:s3cret@files/drop",
        lighting_dsn="postgresql://u:s3cret@db/lights",
        notify_urls="mailto://u:s3cret@mail json://s3cret",
    )

    assert "s3cret" not in f"{settings!r} {settings}"


def test_messages_may_go_to_several_addresses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for given in ("json://a json://b", '["json://a", "json://b"]'):
        monkeypatch.setenv("CITYLEDGER_NOTIFY_URLS", given)
        urls = read_settings().notify_urls
        assert [url.get_secret_value() for url in urls] == ["json://a", "json://b"]


def test_an_address_is_shown_without_its_password() -> None:
    assert without_password("sftp://u:pw@h/drop") == "sftp://u:***@h/drop"
    assert without_password("/srv/drop") == "/srv/drop"
