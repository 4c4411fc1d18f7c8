"""A built night without dbt: a run and a warehouse with a few marts."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from cityledger import landed, ops, runs, warehouse
from cityledger.progress import SILENT
from cityledger.runs import Run
from cityledger.settings import Settings
from cityledger.versions import LEADERS

MARTS = {
    "runs": """
select
    run_id, as_of, started_at, finished_at, outcome, 10 as rows_in,
    7 as rows_accepted, 2 as rows_quarantined, 1 as rows_superseded, 0 as rows_ignored,
    code_version, checks, failures, warnings
from ops.runs
left join (select * exclude (as_of) from ops.audits) as audits using (run_id)
""",
    "gate_findings": """
select * exclude (run_id) from ops.audit_findings
where as_of != (select as_of_date from ops.parameters)
""",
    "source_health": """
select source, as_of_date as business_date, '正常' as status
from ops.parameters
cross join (select unnest($sources) as source)
""",
    "source_summary": """
select
    source, as_of_date as business_date, '正常' as status, 0 as silent_days,
    0.02 as refused_share
from ops.parameters
cross join (select unnest($sources) as source)
""",
    "unread_files": """
select * from ops.unread_files
""",
    "indicators": """
select
    'I03' as indicator_id, '违法广告发现处置率' as name_zh, '%' as unit,
    '期内已处置件数÷期内处置或到期件数' as formula_zh, '1.0' as formula_version,
    '全县' as scope_zh, '案卷平台' as source_systems, '执法大队' as owner_zh,
    '系统默认口径' as method_note_zh, 'I03-secret' as inner_note
""",
    "targets": """
select
    'I03-T1' as claim_id, 'I03' as indicator_id, 100.0 as value, 'ge' as op,
    '规划' as document, '表1' as location, '违法广告发现处置率 100' as quote
""",
    "indicator_values": """
select
    'I03' as indicator_id, 'M' as period_type, '2025-05' as period,
    '420323000000' as area_code, cast($done as double) as numerator,
    4.0 as denominator, cast($done as double) / 4 * 100 as value,
    cast(null as varchar) as null_reason, 1 as excluded, 4 as n, 100.0 as target,
    case when $done = 4 then '达标' else '未达标' end as status,
    cast(null as varchar) as note, '终报' as stage, 1.0 as completeness,
    '1.0' as formula_version, 'I03-T1' as target_claim_id, as_of_date as as_of
from ops.parameters
""",
    "indicator_ledger": """
with latest as (
    from ops.ledger qualify edition = max(edition) over (partition by indicator_id)
)
from ops.ledger
union all
select
    v.indicator_id, v.period_type, v.period, v.area_code,
    cast(coalesce(latest.edition, 0) + 1 as integer) as edition,
    case when latest.edition is null then '终报' else '修订' end as stage,
    v.numerator, v.denominator, v.value, v.null_reason, v.target,
    v.formula_version, v.target_claim_id, v.as_of, parameters.started_at,
    '数据更新' as reason, parameters.run_id
from marts.indicator_values as v
cross join ops.parameters
left join latest using (indicator_id, period, area_code)
where latest.value is distinct from v.value
""",
    "indicator_events": """
select
    'I03' as indicator_id, '2025-05' as period, '420323000000' as area_code,
    'case' as record_type, 'c' || n as record_key, 1 as record_count, n
from range(1, 6) as _ (n)
""",
    "indicator_records": """
with events as (select * from "marts"."main"."indicator_events")
select
    * exclude (n), case when n = 5 then 'excluded' else 'denominator' end as role,
    case when n < 5 then 1.0 end as amount, case when n = 5 then '重复件' end as reason
from events
union all
select * exclude (n), 'numerator' as role, 1.0 as amount, null as reason
from events where n <= $done
""",
    "waste_daily": """
select
    date '2025-05-01' as date, 'FS01' as facility_id, '进' as direction,
    '其他垃圾' as waste_class, false as is_secondary, 2 as tickets, 10.0 as net_kg
""",
    "lamp_nights": """
select
    date '2025-05-01' as night_date, '420323100000' as town_code,
    '主干道' as road_class, 9 as lit, 1 as unlit, 0 as "unknown", 0 as planned,
    0 as no_plan
""",
}


def settings_in(folder: Path) -> Settings:
    """Return settings whose DATA_DIR is a scratch folder."""
    return Settings(DATA_DIR=str(folder / "data"))


def mart_queries(done: int) -> dict[str, str]:
    """Return what each mart holds when `done` cases out of four are done."""
    sources = str(list(landed.SOURCES))
    return {
        mart: query.replace("$done", str(done)).replace("$sources", sources)
        for mart, query in MARTS.items()
    }


def built_night(
    settings: Settings, day: date, done: int = 3, is_audited: bool = True
) -> Run:
    """Build a night whose only figure is `done` cases out of four."""
    folders = settings.folders
    run = runs.start(day, folders)
    with warehouse.connect(folders, SILENT) as connection:
        landed.create_tables(connection)
        ops.write(connection, run, settings)
        connection.execute(
            "insert into ops.loads by name "
            "select unnest($1) as source, cast($2 as date) as load_date, "
            "'ok' as outcome",
            [list(landed.SOURCES), day],
        )
        for mart, query in mart_queries(done).items():
            kind = "view" if mart == "indicator_records" else "table"
            connection.execute(f"create or replace {kind} marts.{mart} as {query}")
    return runs.save(replace(run, is_built=True, audit_passed=is_audited), folders)


def shown(settings: Settings, query: str) -> list[tuple[object, ...]]:
    """Ask the published file as a page would."""
    path = settings.folders.published / LEADERS
    with duckdb.connect(str(path), read_only=True) as marts:
        return marts.execute(query).fetchall()
