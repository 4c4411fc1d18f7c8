"""Settings: where the sources are and where the pipeline keeps its files.

Everything comes from the environment (or a `.env` file, which the environment
overrides). A source's own variables are asked for when that source is used.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_VARIABLES: Final = {
    "CASES_API_URL": "案卷平台接口地址，例如 http://10.0.0.5:8080",
    "CASES_API_TOKEN": "案卷平台接口令牌",
    "LANDING_DIR": "文件投放目录，本地路径或 fsspec 地址",
    "LIGHTING_DSN": "路灯库地址，例如 postgresql://用户:密码@主机:5432/库名",
    "DATA_DIR": "数据目录，仓库文件、隔离区、发布文件和状态都放在这里",
}


class SettingsError(ValueError):
    """A setting is missing or cannot be used; the message is for the operator."""


@dataclass(frozen=True)
class DataDir:
    """Folders: every path below DATA_DIR, in one place."""

    root: Path

    @property
    def landing(self) -> Path:
        """Immutable Parquet, one file per table and load."""
        return self.root / "landing"

    @property
    def load_log(self) -> Path:
        """One JSON per attempt to land a source."""
        return self.root / "load_log"

    @property
    def ledger(self) -> Path:
        """Append-only editions of what was reported."""
        return self.root / "ledger"

    @property
    def schemes(self) -> Path:
        """The county's own assessment schemes, one YAML each."""
        return self.root / "schemes"

    @property
    def score_ledger(self) -> Path:
        """Append-only: contractors' months as they were frozen."""
        return self.root / "score_ledger"

    @property
    def run_log(self) -> Path:
        """One JSON per night."""
        return self.root / "run_log"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that can be deleted and rebuilt."""
        return self.root / "warehouse.duckdb"

    @property
    def marts(self) -> Path:
        """What the last build made to be published, in a file of its own."""
        return self.root / "marts.duckdb"

    @property
    def published(self) -> Path:
        """What pages may open."""
        return self.root / "published"

    @property
    def versions(self) -> Path:
        """Published versions, one folder each."""
        return self.published / "versions"

    @property
    def current(self) -> Path:
        """Symbolic link to the version in force."""
        return self.published / "current"

    @property
    def releases(self) -> Path:
        """Public releases: the open draft, the published ones, the closed ones."""
        return self.root / "releases"

    @property
    def corrections(self) -> Path:
        """Register of corrections to published figures, one JSON each."""
        return self.root / "corrections"

    @property
    def site(self) -> Path:
        """The static public site, one folder each time it is made."""
        return self.root / "site"

    @property
    def quarantine(self) -> Path:
        """Rejected rows as workbooks for their owners."""
        return self.root / "quarantine"

    @property
    def state(self) -> Path:
        """Lock files and caches that may be lost, and the waivers."""
        return self.root / "state"

    @property
    def waivers(self) -> Path:
        """Waived quarantine units, one JSON each."""
        return self.state / "waivers"


class Settings(BaseSettings):
    """Settings: typed, frozen, and silent about secrets."""

    model_config = SettingsConfigDict(
        env_prefix="CITYLEDGER_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    data_dir: Path = Field(validation_alias="DATA_DIR")
    cases_api_url: str = Field("", validation_alias="CASES_API_URL", repr=False)
    cases_api_token: SecretStr = Field(
        SecretStr(""), validation_alias="CASES_API_TOKEN"
    )
    landing_dir: str = Field("", validation_alias="LANDING_DIR", repr=False)
    lighting_dsn: SecretStr = Field(SecretStr(""), validation_alias="LIGHTING_DSN")

    history_from: date = Field(
        date(2000, 1, 1), description="no record of this county is older"
    )
    stored_tare: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="facilities that weigh against a tare stored long before"
    )
    late_days: int = Field(3, ge=0, description="how many days late a record may come")
    source_time_limit_s: float = Field(1800, gt=0)
    api_page_size: int = Field(500, ge=1, le=1000)
    api_timeout_s: float = Field(30, gt=0, description="one request")
    api_page_mb: int = Field(64, ge=1, description="largest answer, unpacked")
    api_attempts: int = Field(8, ge=1, description="attempts for one page")
    api_first_wait_s: float = Field(0.5, ge=0, description="doubles each attempt")
    lighting_statement_timeout_s: float = Field(900, gt=0)
    keep_versions: int = Field(7, ge=1, description="published versions kept")
    public_url: str = Field(
        "http://localhost/", description="address the public site is served at"
    )
    public_contact: str = Field("", description="how citizens reach the office")
    notify_urls: Annotated[tuple[SecretStr, ...], NoDecode] = ()

    @property
    def folders(self) -> DataDir:
        """Every path below DATA_DIR."""
        return DataDir(self.data_dir)

    def required(self, variable: str) -> str:
        """Return the value of a contract variable, or say which one is missing."""
        value = getattr(self, variable.lower())
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if not text:
            raise SettingsError(_missing(variable))
        return text

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("lighting_dsn")
    @classmethod
    def _without_driver(cls, dsn: SecretStr) -> SecretStr:
        text = dsn.get_secret_value().strip()
        return SecretStr(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", text))

    @field_validator("notify_urls", "stored_tare", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:  # noqa: ANN401 - raw input of any kind
        """Take a JSON list or words separated by white space."""
        if not isinstance(value, str):
            return value
        return json.loads(value) if value.lstrip().startswith("[") else value.split()


def read_settings() -> Settings:
    """Read the settings from the environment, with errors the operator can act on."""
    try:
        return Settings()  # type: ignore[call-arg]  # data_dir comes from DATA_DIR
    except ValidationError as error:
        raise SettingsError(
            "；".join(_complaint(str(e["loc"][0]), e["type"]) for e in error.errors())
        ) from None


def without_password(url: str) -> str:
    """Return a URL that may be shown: the password replaced by `***`."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return "***"
    return url.replace(f":{password}@", ":***@", 1) if password else url


def _complaint(name: str, kind: str) -> str:
    if kind == "missing":
        return _missing(name.upper())
    variable = (
        name.upper() if name.upper() in _VARIABLES else f"CITYLEDGER_{name.upper()}"
    )
    return f"环境变量 {variable} 的值无法使用（{kind}）"


def _missing(variable: str) -> str:
    return f"缺少环境变量 {variable}（{_VARIABLES.get(variable, variable)}）"
