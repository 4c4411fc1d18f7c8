"""Settings: where the sources are and where the pipeline keeps its files.

Everything comes from the environment (or a `.env` file, which the environment
overrides). A source's own variables are asked for when that source is used.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote, unquote_plus

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cityledger.county import COUNTY, COUNTY_NAME
from cityledger.errors import USAGE
from cityledger.text import CleanText

_VARIABLES: Final = {
    "CASES_API_URL": "案卷平台接口地址，例如 http://10.0.0.5:8080",
    "CASES_API_TOKEN": "案卷平台接口令牌",
    "LANDING_DIR": "文件投放目录，本地路径或 fsspec 地址",
    "LIGHTING_DSN": "路灯库地址，例如 postgresql://用户:密码@主机:5432/库名",
    "DATA_DIR": "数据目录，仓库文件、隔离区、发布文件和状态都放在这里",
}


HIDDEN: Final = "***"
_DATABASE_SECRETS: Final = ("password", "sslpassword", "oauth_client_secret")
# Shorter values of a parameter are words and numbers that messages are made of.
_LEAST_PASSWORD: Final = 3
_LEAST_SECRET: Final = 4
_LEAST_WORD: Final = 8
_LOCAL_PATH: Final = r"((~|\.{0,2}/)[^\x00-\x1f?#=]*)?"
# What stands in an address before its host and after its path, and libpq's keyword.
_IN_ADDRESSES: Final = re.compile(
    r"(?<=://)[^\s/@'\"]+(?=@)"
    r"|(?<=\?)[^\s'\"<>?]*=[^\s'\"<>]*"
    r"|(?<=password=)('[^']*'|[^\s'\"]+)",
    re.IGNORECASE,
)


class SettingsError(ValueError):
    """A setting is missing or cannot be used; the message is for the operator."""


class CountyError(SettingsError):
    """Another county is asked for than the one that is built in."""

    exit_code = USAGE


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
    def signers(self) -> Path:
        """Journal of the register of signers."""
        return self.root / "signers"

    @property
    def exits(self) -> Path:
        """Journal of what each export showed to citizens."""
        return self.releases / "exits"

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
    county_code: str = Field(COUNTY, description="another county is refused")
    late_days: int = Field(3, ge=0, description="how many days late a record may come")
    source_time_limit_s: float = Field(1800, gt=0)
    api_page_size: int = Field(500, ge=1, le=1000)
    api_timeout_s: float = Field(30, gt=0, description="one request")
    api_page_mb: int = Field(64, ge=1, description="largest answer, unpacked")
    api_attempts: int = Field(8, ge=1, description="attempts for one page")
    api_first_wait_s: float = Field(0.5, ge=0, description="doubles each attempt")
    lighting_statement_timeout_s: float = Field(900, gt=0)
    keep_versions: int = Field(7, ge=1, description="published versions kept")
    public_url: CleanText = Field(
        "http://localhost/", description="address the public site is served at"
    )
    public_contact: CleanText = Field("", description="how citizens reach the office")
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

    def without_secrets(self, text: str) -> str:
        """Return a message as it may be shown, logged or kept.

        Libraries quote addresses in their errors, whole or in parts.
        """
        for secret, shown in self._shown_instead().items():
            text = text.replace(secret, shown)
        return _IN_ADDRESSES.sub(HIDDEN, text)

    def _shown_instead(self) -> dict[str, str]:
        """Every secret, and address with one, with what is shown in its place."""
        notified = [url.get_secret_value() for url in self.notify_urls]
        dsn = self.lighting_dsn.get_secret_value()
        ours = [dsn, self.cases_api_url, self.landing_dir]
        parts = [self.cases_api_token.get_secret_value()]
        parts += [part for url in [*ours, *notified] for part in _secrets_in(url)]
        # A messenger's address is a secret as a whole, and so are its words.
        parts += [
            word
            for url in notified
            for word in re.split(r"[/?&=:@]+", url.partition("://")[2])
            if len(word) >= _LEAST_WORD
        ]
        known = {word: HIDDEN for part in parts for word in _spellings(part)}
        known |= dict.fromkeys(notified, HIDDEN)
        known |= {url: without_password(url) for url in ours}
        # A part must not be replaced before the whole, nor may letters of any word.
        longest_first = sorted(known, key=len, reverse=True)
        return {one: known[one] for one in longest_first if len(one) >= _LEAST_PASSWORD}

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("county_code")
    @classmethod
    def _built_in(cls, code: str) -> str:
        """Refuse another county: names, targets and registers are this one's."""
        if code != COUNTY:
            raise PydanticCustomError("another_county", "another county")
        return code

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
        if any(e["type"] == "another_county" for e in error.errors()):
            raise CountyError(
                f"CITYLEDGER_COUNTY_CODE 只能是 {COUNTY}（{COUNTY_NAME}）：换一个县还"
                "不能只改代码，目标、名称和登记都是本县的；请删去这个变量"
            ) from None
        raise SettingsError(
            "；".join(_complaint(str(e["loc"][0]), e["type"]) for e in error.errors())
        ) from None


def without_password(address: str) -> str:
    """Return what may be shown of an address: scheme, host, port and database.

    Accounts, parameters and the path of a web address are left out: each may hold a
    secret. Of an address that cannot be taken apart beyond doubt nothing is shown,
    since what looks like its host may be half a password. A local path from the root,
    the home or the working folder is shown whole.
    """
    if _is_keywords(address) or address.startswith("postgres"):
        return _database_shown(address)
    scheme, mark, rest = address.rpartition("://")
    if not mark:
        return address if re.fullmatch(_LOCAL_PATH, address) else HIDDEN
    authority, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    hosts = authority.rpartition("@")[2]
    is_whole = "@" not in rest[len(authority) :] and _is_plain(scheme, hosts, path)
    if not is_whole:
        return HIDDEN
    if "http" in scheme:
        path = "…" if path else ""
    return f"{scheme}://{hosts}{slash and '/'}{path}"


def _database_shown(dsn: str) -> str:
    parts = _database_parts(dsn)
    host, port, name = (parts.get(key, "") for key in ("host", "port", "dbname"))
    shown = host + (f":{port}" if port else "") + (f"/{name}" if name else "")
    is_plain = (
        re.fullmatch(r"[\w.,:/-]*", host)
        and re.fullmatch(r"(\d{1,5}(,\d{1,5})*)?", port)
        and re.fullmatch(r"[\w.-]*", name)
        and dsn.count("@") < 2  # noqa: PLR2004 - the second one stands in a password
    )
    return f"postgresql://{shown}" if parts and is_plain else HIDDEN


def _database_parts(dsn: str) -> dict[str, str]:
    """Take a database's address apart as libpq does; nothing of one it cannot read."""
    from psycopg import ProgrammingError, conninfo  # noqa: PLC0415 - few verbs need it

    try:
        parts = conninfo.conninfo_to_dict(dsn)
    except (ProgrammingError, ValueError):
        return {}
    return {name: str(value) for name, value in parts.items() if value}


def _is_keywords(address: str) -> bool:
    return bool(re.match(r"\s*\w+\s*=", address))


def _is_plain(scheme: str, hosts: str, path: str) -> bool:
    return bool(
        re.fullmatch(r"[\w+.:-]+", scheme)
        and re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]*)(:\d{1,5})?", hosts)
        and re.fullmatch(r"[^\x00-\x1f;=:]*", path)
    )


def _secrets_in(address: str) -> Iterator[str]:
    """Yield what an address must not be seen with, as it is written there.

    An account without a password is a token; with one it is a name that may be seen.
    """
    if _is_keywords(address) or address.startswith("postgres"):
        parts = _database_parts(address)
        yield from (parts[key] for key in _DATABASE_SECRETS if key in parts)
    rest = address.rpartition("://")[2]
    account, at, place = rest.rpartition("@")
    name, colon, password = account.partition(":")
    if at:
        yield password if colon else name
    query = place.partition("?")[2].partition("#")[0]
    for part in query.split("&"):
        value = part.partition("=")[2]
        if len(value) >= _LEAST_SECRET:
            yield value


def _spellings(secret: str) -> set[str]:
    """Return a secret as it may stand in a message: encoded, decoded, quoted."""
    plain = unquote(secret)
    return {
        *(secret, plain, unquote_plus(secret)),
        *(quote(plain, safe=""), quote(plain), repr(plain)[1:-1]),
    }


def _complaint(name: str, kind: str) -> str:
    if kind == "missing":
        return _missing(name.upper())
    variable = (
        name.upper() if name.upper() in _VARIABLES else f"CITYLEDGER_{name.upper()}"
    )
    return f"环境变量 {variable} 的值无法使用（{kind}）"


def _missing(variable: str) -> str:
    return f"缺少环境变量 {variable}（{_VARIABLES.get(variable, variable)}）"
