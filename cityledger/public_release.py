"""Public release: put final figures into the public file, on two roles' approval.

It reads what the leaders are shown, which an audit has passed, and of that only the
columns that the marts' yml marks public. The night never calls it.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from cityledger import public, runs, transform, versions
from cityledger.county import COUNTY
from cityledger.errors import OperatorError, UsageError
from cityledger.locks import writer
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS, PUBLIC, Version

_ROLES_NEEDED: Final = 2

# The newest edition of every county figure that has been reported as final, with what
# the mart says about it now.
_FINAL_FIGURES: Final = """
create temp table final_figures as
with latest as (
    select * from leaders.indicator_ledger
    where area_code = $county
    qualify row_number() over (
        partition by indicator_id, period, area_code order by edition desc
    ) = 1
)
select
    asked.* replace (
        latest.numerator as numerator, latest.denominator as denominator,
        latest.value as value, latest.target as target, latest.stage as stage,
        latest.formula_version as formula_version,
        latest.target_claim_id as target_claim_id, latest.as_of as as_of
    ),
    latest.reason as edition_reason
from leaders.indicator_values as asked
inner join latest using (indicator_id, period, area_code)
where latest.stage in ('终报', '修订') and asked.stage = '终报'
"""
_LAST_RELEASED: Final = """
create temp table last_released as
select figures.* from indicator_values as figures
inner join releases using (release_id, period)
where releases.withdrawn_at is null
qualify releases.version = max(releases.version) over (partition by period)
"""
_CHANGED: Final = """
create temp table changed as
select
    coalesce(final_figures.indicator_id, last_released.indicator_id) as indicator_id,
    coalesce(final_figures.period, last_released.period) as period,
    coalesce(final_figures.area_code, last_released.area_code) as area_code,
    last_released.value as old_value,
    final_figures.value as new_value,
    case
        when last_released.indicator_id is null then '首发'
        when final_figures.indicator_id is null then '撤回'
        else '修订'
    end as kind,
    final_figures.edition_reason as reason
from final_figures
full join last_released using (indicator_id, period, area_code)
where
    last_released.indicator_id is null
    or final_figures.indicator_id is null
    or final_figures.value is distinct from last_released.value
    or final_figures.target is distinct from last_released.target
    or final_figures.formula_version is distinct from last_released.formula_version
"""
_WASTE: Final = """
insert into waste_monthly by name
select
    strftime("date", '%Y-%m') as month, waste_class, direction, is_secondary,
    sum(tickets) as tickets, sum(net_kg) as net_kg
from leaders.waste_daily
where strftime("date", '%Y-%m') in (
    select period from final_figures where indicator_id = 'I09'
)
group by all order by all
"""
_LAMPS: Final = """
insert into lamp_monthly by name
select
    strftime(night_date, '%Y-%m') as month, road_class, sum(lit) as lit,
    sum(unlit) as unlit, sum("unknown") as "unknown", sum(planned) as planned,
    sum(no_plan) as no_plan
from leaders.lamp_nights
where strftime(night_date, '%Y-%m') in (
    select period from final_figures where indicator_id = 'I17'
)
group by all order by all
"""


class ReleaseError(OperatorError):
    """There is nothing to release, or nothing to release it from."""


@dataclass(frozen=True)
class Approval:
    """Who let the figures out, and why."""

    roles: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Release:
    """One period's figures as they went out."""

    release_id: str
    period: str
    figures: int


def release(settings: Settings, approval: Approval) -> list[Release]:
    """Release every final period that is new or has changed since it was released."""
    _require_two_roles(approval)
    folders = settings.folders
    with writer(folders):
        shown = versions.current(folders)
        if not shown:
            raise ReleaseError("还没有发布过领导页数据；请先运行 cityledger nightly")
        moment = runs.county_now()
        version = replace(
            shown,
            name=f"{shown.as_of:%Y%m%d}-{moment:%Y%m%dT%H%M%S%f}",
            published_at=moment,
            note="公开发布",
        )
        return _release(settings, version, approval)


def public_columns(folders: DataDir) -> dict[str, set[str]]:
    """Return, for each mart, the columns whose yml says that they may go public."""
    path = transform.manifest_file(folders)
    if not path.exists():
        raise ReleaseError("找不到模型说明；请先运行一次 cityledger build")
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: {name for name, column in node["columns"].items() if _is(column)}
        for node in nodes
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def _is(column: dict[str, Any]) -> bool:
    meta = column.get("config", {}).get("meta") or column.get("meta") or {}
    return meta.get("public") is True


def _require_two_roles(approval: Approval) -> None:
    roles = {role.strip() for role in approval.roles if role.strip()}
    if len(roles) < _ROLES_NEEDED:
        raise UsageError("公开发布要有两个不同角色批准：--approved-by 写两次")
    if not approval.reason.strip():
        raise UsageError("请用 --reason 写明发布原因")


def _release(settings: Settings, version: Version, approval: Approval) -> list[Release]:
    folders = settings.folders
    building = versions.begin(folders, version.name)
    versions.carry(folders, LEADERS, building)
    _copy_public(folders, building / PUBLIC)
    with duckdb.connect(str(building / PUBLIC)) as connection:
        leaders = str(building / LEADERS).replace("'", "''")
        connection.execute(f"attach '{leaders}' as leaders (read_only)")
        made = _write(
            connection, public_columns(folders), version.published_at, approval
        )
        connection.execute("detach leaders")
    if not made:
        versions.remove_unfinished(folders)
        raise ReleaseError("没有新的或修订过的终报数可以公开发布")
    versions.finish(folders, building, version)
    versions.show(folders, version)
    versions.prune(folders, settings.keep_versions)
    return made


def _copy_public(folders: DataDir, path: Path) -> None:
    """Start from the releases so far; their figures never change."""
    known = folders.current / PUBLIC
    if known.exists():
        shutil.copyfile(known, path)
    else:
        public.write_empty(path)


def _write(
    connection: duckdb.DuckDBPyConnection,
    columns: dict[str, set[str]],
    moment: datetime,
    approval: Approval,
) -> list[Release]:
    connection.begin()
    connection.execute(_FINAL_FIGURES, {"county": COUNTY})
    connection.execute(_LAST_RELEASED)
    connection.execute(_CHANGED)
    for table in ("indicators", "targets"):
        connection.execute(f"delete from {table}")  # noqa: S608 - our own name
        _insert(connection, table, f"leaders.{table}", columns[table])
    _refill(connection, "waste_monthly", _WASTE, columns["waste_daily"])
    _refill(connection, "lamp_monthly", _LAMPS, columns["lamp_nights"])
    periods = connection.execute(
        "select distinct period from changed order by period"
    ).fetchall()
    made = [
        # Pages list the newest first: one approval's periods keep their order.
        _write_period(
            connection,
            period,
            columns["indicator_values"],
            moment + timedelta(microseconds=number),
            approval,
        )
        for number, (period,) in enumerate(periods)
    ]
    connection.commit()
    return made


def _write_period(
    connection: duckdb.DuckDBPyConnection,
    period: str,
    columns: set[str],
    moment: datetime,
    approval: Approval,
) -> Release:
    known = connection.execute(
        "select count(*) from releases where period = ?", [period]
    ).fetchone()
    version = (known[0] if known else 0) + 1
    release_id = f"{period}-v{version}"
    connection.execute(
        "create or replace temp table period_figures as "
        "select *, cast(? as varchar) as release_id from final_figures "
        "where period = ?",
        [release_id, period],
    )
    _insert(connection, "indicator_values", "period_figures", columns | {"release_id"})
    connection.execute(
        "insert into changes by name select ? as release_id, * from changed "
        "where period = ?",
        [release_id, period],
    )
    connection.execute(
        "insert into releases values (?, ?, ?, ?, ?, ?, ?, null)",
        [
            release_id,
            version,
            period,
            moment,
            list(dict.fromkeys(role.strip() for role in approval.roles)),
            approval.reason.strip(),
            _fingerprint(connection, release_id),
        ],
    )
    return Release(release_id, period, _count(connection, release_id))


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, source: str, allowed: set[str]
) -> None:
    """Copy the columns that both tables have and that may go public."""
    names = [
        name
        for (name,) in connection.execute(
            f"select column_name from (describe {table}) "  # noqa: S608 - our own
            f"where column_name in (select column_name from (describe {source}))"
        ).fetchall()
        if name in allowed
    ]
    listed = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        f"insert into {table} by name "  # noqa: S608 - names of our own tables
        f"select {listed} from {source} order by all"
    )


def _refill(
    connection: duckdb.DuckDBPyConnection, table: str, query: str, allowed: set[str]
) -> None:
    """Sum a mart into a public table, if everything it is summed from is public."""
    connection.execute(f"delete from {table}")  # noqa: S608 - our own name
    described = connection.execute(
        f"select column_name from (describe {table}) "  # noqa: S608 - our own name
        "where column_name != 'month'"
    ).fetchall()
    if {name for (name,) in described} <= allowed:
        connection.execute(query)


def _fingerprint(connection: duckdb.DuckDBPyConnection, release_id: str) -> str:
    rows = connection.execute(
        "select * from indicator_values where release_id = ? order by all",
        [release_id],
    ).fetchall()
    text = json.dumps(rows, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _count(connection: duckdb.DuckDBPyConnection, release_id: str) -> int:
    counted = connection.execute(
        "select count(*) from indicator_values where release_id = ?", [release_id]
    ).fetchone()
    return int(counted[0]) if counted else 0
