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


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://u:s3cret@h:5432/lights", "postgresql://h:5432/lights"),
        ("postgres://u:%733cret@h/lights", "postgresql://h/lights"),
        ("postgresql://h/lights?user=u&password=s3cret", "postgresql://h/lights"),
        ("postgresql://u:s3cret@a:1,b:2/lights", "postgresql://a,b:1,2/lights"),
        ("host=h port=1 dbname=x password='s3cret x'", "postgresql://h:1/x"),
        ("host = h password = s3cret", "postgresql://h"),
        ("sftp://u:s3cret@h/drop", "sftp://h/drop"),
        ("simplecache::s3://key:s3cret@bucket/drop", "simplecache::s3://bucket/drop"),
        ("https://h:8443/api?key=s3cret", "https://h:8443/…"),
        ("https://h/s3cret/api", "https://h/…"),
        ("https://s3cret@h#s3cret", "https://h"),
        ("file:///srv/drop", "file:///srv/drop"),
        ("/srv/drop", "/srv/drop"),
        ("", ""),
    ],
)
def test_of_an_address_scheme_host_port_and_database_are_shown(
    address: str, shown: str
) -> None:
    assert without_password(address) == shown


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:s3@cret@h/lights",
        "postgresql://u:12/s3cret@h/lights",
        "postgresql://h:s3cret/lights",
        "postgresql://[s3cret",
        "dbname=postgresql://u:s3cret@h/lights",
        "HOST=h PASSWORD=s3cret",
        "https://u:12/s3cret@h/api",
        "https://u:s3#cret@h/api",
        "https://h/api;key=s3cret",
        "https://[s3cret",
        "https://h\ns3cret",
        "u:s3cret@h/lights",
        "https:s3cret",
        "/srv/drop?key=s3cret",
        "s3cret",
    ],
)
def test_of_an_address_that_is_not_certain_nothing_is_shown(address: str) -> None:
    assert without_password(address) == "***"


@pytest.mark.parametrize(
    "quoted",
    [
        "failed: {url}/cases?page_size=1",
        "GET https://u:p%40s%20s3cret@h/api/cases?k=1 timed out",
        "for user: p@s s3cret",
        "key is k3y-s3cret",
        "proxy said 'https://x:s3cret@proxy:8080/?auth=s3cret'",
        "DSN host=db password='d s3cret' dbname=x",
        "FATAL: d s3cret",
        "posting to https://qyapi.example/robot-s3cret",
        "token t0ken-s3cret refused",
    ],
)
def test_no_secret_of_the_settings_stays_in_a_message(
    tmp_path: Path, quoted: str
) -> None:
    url = "https://u:p%40s%20s3cret@h/api?key=k3y-s3cret"
    settings = Settings(
        data_dir=tmp_path,
        cases_api_url=url,
        cases_api_token="t0ken-s3cret",  # noqa: S106 - not a secret
        lighting_dsn="host=db password='d s3cret' dbname=x",
        notify_urls="json://qyapi.example/robot-s3cret",
    )

    told = settings.without_secrets(quoted.format(url=url))

    assert "s3cret" not in told
