"""The gate on the sources: did they come, and as much as usual?

Nothing here stops a night: a source that is missing or odd is told and its indicators
are marked, the others are still right.
"""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check
from expectations.thresholds import (
    FEWEST_TRAILING_DAYS,
    FEWEST_USUAL_ROWS,
    LEAST_SHARE_OF_USUAL,
    MOST_QUARANTINED_SHARE,
    MOST_SHARE_OF_USUAL,
    TRAILING_DAYS,
)

# Registers, reference tables and inspections come by the month or when they change.
DAILY = "'cases', 'case_events', 'callbacks', 'weighbridge', 'sanitation', 'lighting'"

FRESHNESS = Check(
    title="来源到数",
    rows="""
        select
            health.source,
            health.business_date,
            health.status
        from marts.source_health as health
        cross join ops.parameters as parameters
        where health.business_date <= parameters.as_of_date
        qualify row_number() over (
            partition by health.source order by health.business_date desc
        ) = 1
    """,
    where=("source", "business_date"),
    suite=ExpectationSuite(
        name="source_freshness",
        expectations=[
            gxe.ExpectColumnValuesToNotBeInSet(
                column="status",
                value_set=["缺失", "迟到", "部分"],
                severity="warning",
                notes="该来源最近一个业务日的数据没有到齐，相关指标标为“数据不完整”。"
                "请联系报送单位；补报后下一晚自动补算。",
            ),
        ],
    ),
)

VOLUME = Check(
    title="来源数量",
    rows=f"""
        with

        days as (
            select
                health.source,
                health.business_date,
                health.received,
                health.quarantined,
                parameters.as_of_date
            from marts.source_health as health
            cross join ops.parameters as parameters
            where
                health.source in ({DAILY})
                and health.business_date
                between parameters.as_of_date - {TRAILING_DAYS}
                and parameters.as_of_date
        ),

        usual as (
            select
                source,
                median(received) as received
            from days
            where business_date < as_of_date
            group by source
            having count(*) >= {FEWEST_TRAILING_DAYS}
        )

        select
            days.source,
            days.business_date,
            case
                when usual.received >= {FEWEST_USUAL_ROWS}
                    then days.received / usual.received
            end as share_of_usual,
            case
                when days.received >= {FEWEST_USUAL_ROWS}
                    then days.quarantined / days.received
            end as quarantined_share
        from days
        left join usual using (source)
        where days.business_date = days.as_of_date
    """,  # noqa: S608 - our own words
    where=("source", "business_date"),
    suite=ExpectationSuite(
        name="source_volume",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="share_of_usual",
                min_value=LEAST_SHARE_OF_USUAL,
                max_value=MOST_SHARE_OF_USUAL,
                severity="warning",
                notes=f"当日行数与前 {TRAILING_DAYS} 天的中位数相差悬殊"
                f"（不足 {LEAST_SHARE_OF_USUAL:g} 倍"
                f"或超过 {MOST_SHARE_OF_USUAL:g} 倍）。"
                "请报送单位确认有无漏报或重复报送。",
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="quarantined_share",
                max_value=MOST_QUARANTINED_SHARE,
                severity="warning",
                notes=f"当日超过 {MOST_QUARANTINED_SHARE:.0%} 的行不合格而被隔离。"
                "用 cityledger quarantine export 导出清单，退回报送单位更正。",
            ),
        ],
    ),
)

STATE = Check(
    title="来源状况",
    rows="""
        select
            source,
            status,
            unread_files
        from marts.source_summary
    """,
    where=("source",),
    suite=ExpectationSuite(
        name="source_state",
        expectations=[
            gxe.ExpectColumnValuesToNotBeInSet(
                column="status",
                value_set=["从未到数"],
                severity="warning",
                notes="该来源从未给过一条数据，依赖它的指标没有数。"
                "若应当有数，请检查地址、目录和文件名。",
            ),
            gxe.ExpectColumnValuesToNotBeInSet(
                column="status",
                value_set=["多数不合格"],
                severity="warning",
                notes="该来源最近 28 天过半的行不合格而被隔离，指标只凭剩下的行计算。"
                "用 cityledger quarantine faults 看是哪几处毛病。",
            ),
            gxe.ExpectColumnValuesToNotBeInSet(
                column="status",
                value_set=["静默"],
                severity="warning",
                notes="该来源每晚都能取到，却已多日没有一条新记录。"
                "请确认对方系统仍在使用、接口仍在输出。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="unread_files",
                value_set=[0],
                severity="warning",
                notes="投放目录里有文件没有取用（文件名不合约定、不是普通文件、过大或读不到）。"
                "请用 cityledger status 或“数据质量”页看清单，改正文件名或移走。",
            ),
        ],
    ),
)

SOURCES = (FRESHNESS, VOLUME, STATE)
