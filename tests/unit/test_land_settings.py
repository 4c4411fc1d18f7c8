"""Settings come from the environment, say what is missing and keep secrets."""

from pathlib import Path

import pytest

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
