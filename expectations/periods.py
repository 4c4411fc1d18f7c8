"""The gate on periods: no accepted record is left out of every figure in silence."""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check

WITHOUT_PERIOD = Check(
    title="没有归入任何期间的记录",
    rows="""
        select
            feed,
            coalesce(strftime(month_start, '%Y-%m'), '无日期') as period,
            reason,
            records as records_without_period
        from intermediate.int_records_without_period
    """,
    where=("feed", "period", "reason"),
    suite=ExpectationSuite(
        name="records_without_period",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="records_without_period",
                max_value=0,
                severity="warning",
                notes="有已接受的记录不在任何已开始的月份里，因此不在任何指标里。"
                "请报送单位核对这些记录的日期；确属更早的历史的，请连同当月的"
                "记录或文件一起补报，来源从最早的一天算起。",
            ),
        ],
    ),
)

PERIODS = (WITHOUT_PERIOD,)
