"""The gate on conservation: every row received is accounted for, to the row.

dbt has proved that each landed row has one verdict. Here the layers before and after
are held against each other: load log, landing, warehouse, marts. The audit provides
`landed_polls`, the rows that each telemetry file says it holds.
"""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check

BY_SOURCE = Check(
    title="各来源收支相符",
    rows="""
        select
            source,
            business_date,
            received - accepted - quarantined - superseded - ignored as lost,
            least(received, accepted, quarantined, superseded, ignored)
                as least_count
        from marts.source_health
    """,
    where=("source", "business_date"),
    suite=ExpectationSuite(
        name="rows_by_source",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="lost",
                severity="critical",
                notes="收到、接受、隔离、被替代、不是记录的行数有一项是空的，无法核对。"
                "请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="lost",
                value_set=[0],
                severity="critical",
                notes="收到的行数不等于接受、隔离、被替代、不是记录之和，有记录下落不明。"
                "请联系维护人员，原始数据仍完整保存在 landing 目录。",
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="least_count",
                min_value=0,
                severity="critical",
                notes="行数为负，统计有误。请联系维护人员。",
            ),
        ],
    ),
)

BY_RUN = Check(
    title="本次运行收支相符",
    rows="""
        with

        health as (
            select
                coalesce(sum(received), 0) as received,
                coalesce(sum(accepted), 0) as accepted,
                coalesce(sum(quarantined), 0) as quarantined,
                coalesce(sum(superseded), 0) as superseded,
                coalesce(sum(ignored), 0) as ignored
            from marts.source_health
        )

        select
            parameters.run_id,
            count(runs.run_id) as run_rows,
            coalesce(
                max(
                    runs.rows_in
                    - runs.rows_accepted
                    - runs.rows_quarantined
                    - runs.rows_superseded
                    - runs.rows_ignored
                ), 0
            ) as lost,
            coalesce(max(runs.rows_in), 0) - max(health.received)
                as received_elsewhere
        from ops.parameters as parameters
        cross join health
        left join marts.runs as runs
            on
                parameters.run_id = runs.run_id
                and parameters.as_of_date = runs.as_of
        group by parameters.run_id
    """,
    where=("run_id",),
    suite=ExpectationSuite(
        name="rows_by_run",
        expectations=[
            gxe.ExpectTableRowCountToEqual(
                value=1,
                severity="critical",
                notes="仓库里不是恰好一次运行的结果。请重新运行这一晚。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="run_rows",
                value_set=[1],
                severity="critical",
                notes="运行记录里没有这一晚，或日期不符，计算没有走完。"
                "请重新运行这一晚。",
            ),
            *(
                gxe.ExpectColumnValuesToBeInSet(
                    column=column,
                    value_set=[0],
                    severity="critical",
                    notes="本次运行收到的行数不等于接受、隔离、被替代、不是记录之和，"
                    "或与各来源合计不符。请联系维护人员。",
                )
                for column in ("lost", "received_elsewhere")
            ),
        ],
    ),
)

LANDED_TABLES = {
    "cases": ["landed_cases"],
    "case_events": ["landed_case_events"],
    "callbacks": ["landed_callbacks"],
    "weighbridge": ["landed_tickets"],
    "sanitation": ["landed_sweeping"],
    "inspections": ["landed_inspection_sheets", "landed_inspection_deductions"],
    "registers": ["landed_register_rows"],
    "reference": ["landed_reference_rows"],
    "lighting": [
        "landed_lamp",
        "landed_switch_plan",
        "landed_planned_outage",
        "landed_lamp_fault",
    ],
}
LANDED_ROWS = "\nunion all\n".join(
    f"select '{source}' as source, count(*) as row_count from restricted.{table}"  # noqa: S608
    for source, tables in LANDED_TABLES.items()
    for table in tables
)

LANDED = Check(
    title="采集与入库相符",
    rows=f"""
        with

        landed as (
            {LANDED_ROWS}
            union all
            select 'lighting', coalesce(sum(row_count), 0) from landed_polls
        ),

        totals as (
            select source, sum(row_count) as row_count from landed group by source
        ),

        fetched as (
            select source, sum("rows") as row_count
            from ops.loads
            where outcome = 'ok'
            group by source
        )

        select
            fetched.source,
            greatest(fetched.row_count - coalesce(totals.row_count, 0), 0) as lost
        from fetched
        left join totals using (source)
    """,  # noqa: S608 - our own words
    where=("source",),
    suite=ExpectationSuite(
        name="rows_landed",
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="lost",
                value_set=[0],
                severity="critical",
                notes="采集日志记下的行数比落地文件和仓库里的多，有落地文件丢失。"
                "请从备份恢复 landing 目录，再重新运行这一晚。",
            ),
        ],
    ),
)

POLLS = Check(
    title="路灯遥测逐日相符",
    rows="""
        with

        landed as (
            select files.day as business_date, sum(polls.row_count) as row_count
            from restricted.telemetry_files as files
            inner join landed_polls as polls using (path)
            group by files.day
        ),

        judged as (
            select business_date, received as row_count
            from restricted.checked_lamp_telemetry_counts
        )

        select
            business_date,
            coalesce(landed.row_count, 0) - coalesce(judged.row_count, 0) as lost
        from landed
        full join judged using (business_date)
    """,
    where=("business_date",),
    suite=ExpectationSuite(
        name="polls_landed",
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="lost",
                value_set=[0],
                severity="critical",
                notes="落地的路灯遥测行数与参加计算的行数不相等。"
                "请删除 warehouse.duckdb 后重新运行这一晚（会从落地文件重建）；"
                "仍不通过时联系维护人员。",
            ),
        ],
    ),
)

CONSERVATION = (LANDED, POLLS, BY_SOURCE, BY_RUN)
