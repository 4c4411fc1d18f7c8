"""Probe: ask each kind of source for a sign of life."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, Literal

from cityledger.errors import OperatorError
from cityledger.settings import Settings

_PATIENCE_S: Final = 10
_TABLES: Final = (
    "lamp",
    "switch_plan",
    "lamp_telemetry",
    "planned_outage",
    "lamp_fault",
)


class ProbeError(OperatorError):
    """A source did not answer as it should."""


@dataclass(frozen=True)
class Answer:
    """A source that answered, and anything about it that is not as it should be."""

    text: str
    level: Literal["ok", "warn"] = "ok"


def cases(settings: Settings) -> Answer:
    """Ask the case platform for one record changed from now on."""
    import httpx  # noqa: PLC0415 - only this verb needs it

    url = settings.required("CASES_API_URL").rstrip("/") + "/cases"
    token = settings.required("CASES_API_TOKEN")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        answer = httpx.get(
            url,
            params={"updated_since": now, "page_size": 1},
            headers={"Authorization": f"Bearer {token}"},
            timeout=_PATIENCE_S,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProbeError(f"连不上（{type(error).__name__}）") from None
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise ProbeError("令牌被拒绝（401），请检查 CASES_API_TOKEN")
    if not answer.is_success:
        raise ProbeError(f"回答 HTTP {answer.status_code}")
    return Answer("可以访问，令牌有效")


def drops(settings: Settings) -> Answer:
    """List the root of the file drops."""
    import fsspec  # noqa: PLC0415 - only this verb needs it

    try:
        system, root = fsspec.core.url_to_fs(settings.required("LANDING_DIR"))
        names = [entry.rsplit("/", 1)[-1] for entry in system.ls(root, detail=False)]
    except (OSError, ValueError, ImportError) as error:
        raise ProbeError(f"打不开（{type(error).__name__}）") from None
    wanted = {"weighbridge", "sanitation", "inspections", "registers", "reference"}
    absent = sorted(wanted - set(names))
    if absent:
        return Answer(f"可以访问，但缺少文件夹：{'、'.join(absent)}", "warn")
    return Answer("可以访问，五类文件夹齐全")


def lighting(settings: Settings) -> Answer:
    """Connect to the street-light database and see that we may read and not write."""
    import psycopg  # noqa: PLC0415 - only this verb needs it

    dsn = settings.required("LIGHTING_DSN")
    try:
        with psycopg.connect(dsn, connect_timeout=_PATIENCE_S) as connection:
            known = connection.execute(
                "select table_name from information_schema.tables "
                "where table_name = any(%s)",
                [list(_TABLES)],
            ).fetchall()
            absent = sorted(set(_TABLES) - {name for (name,) in known})
            if absent:
                raise ProbeError(f"可以连接，但看不到表：{'、'.join(absent)}")
            writes = connection.execute(
                "select bool_or(has_table_privilege(name, 'insert, update, delete')) "
                "from unnest(%s::text[]) as name",
                [list(_TABLES)],
            ).fetchone()
    except psycopg.Error as error:
        raise ProbeError(f"连不上（{type(error).__name__}）") from None
    if writes and writes[0]:
        return Answer("可以连接，五张表齐全；但这个账号能写，请换成只读账号", "warn")
    return Answer("可以连接，五张表齐全，账号只读")
