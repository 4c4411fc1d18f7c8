"""Probe: ask each kind of source for a sign of life."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final, Literal

from cityledger.calendar import COUNTY_TIME
from cityledger.errors import OperatorError
from cityledger.settings import Settings

_PATIENCE_S: Final = 10
# What a case cannot be without (source contract, section A).
_CASE_FIELDS: Final = (
    *("case_id", "kind", "category_code", "channel", "is_urban_management"),
    *("town_code", "community_code", "status", "rework_count", "extension_count"),
    "updated_at",
)
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
    """Ask the case platform for one record, and look whether it is one of ours."""
    from cityledger.sources import case_api  # noqa: PLC0415 - only this verb needs it
    from cityledger.sources.job import SourceError  # noqa: PLC0415

    hasty = settings.model_copy(
        update={
            "api_attempts": 1,
            "api_page_size": 1,
            "api_timeout_s": _PATIENCE_S,
            "source_time_limit_s": _PATIENCE_S,
        }
    )
    since = datetime.combine(settings.history_from, time.min, COUNTY_TIME)
    try:
        page = next(case_api.pages("cases", since, hasty))
    except SourceError as error:
        raise ProbeError(str(error)) from None
    if not page.items:
        return Answer("可以访问，令牌有效，答复的形式相符；还没有一条案卷", "warn")
    first = page.items[0]
    if not isinstance(first, dict):
        raise ProbeError("可以访问，但 items 里的不是案卷（应为 JSON 对象）")
    absent = [name for name in _CASE_FIELDS if name not in first]
    if absent:
        raise ProbeError(f"可以访问，但案卷缺少字段：{'、'.join(absent)}")
    return Answer("可以访问，令牌有效，答复的形式和字段相符")


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
