"""The gate on conservation: every row received is accounted for, to the row."""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check

BY_SOURCE = Check(
    title="各来源收支相符",
    rows="""
        select
            source,
            business_date,
            received - accepted - quarantined - superseded as lost,
            least(received, accepted, quarantined, superseded) as least_count
        from marts.source_health
    """,
    where=("source", "business_date"),
    suite=ExpectationSuite(
        name="rows_by_source",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="lost",
                severity="critical",
                notes="收到、接受、隔离、被替代的行数有一项是空的，无法核对。"
                "请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="lost",
                value_set=[0],
                severity="critical",
                notes="收到的行数不等于接受、隔离、被替代之和，有记录下落不明。"
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
                coalesce(sum(superseded), 0) as superseded
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
                    notes="本次运行收到的行数不等于接受、隔离、被替代之和，"
                    "或与各来源合计不符。请联系维护人员。",
                )
                for column in ("lost", "received_elsewhere")
            ),
        ],
    ),
)

CONSERVATION = (BY_SOURCE, BY_RUN)
