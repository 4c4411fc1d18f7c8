"""The gate on lamps: the nights counted by road add up to the indicator."""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check
from expectations.thresholds import ROUNDING

LAMP_NIGHTS = Check(
    title="亮灯盏夜对账",
    rows="""
        with

        counted as (
            select
                strftime(nights.night_date, '%Y-%m') as period,
                sum(nights.lit) as lit,
                sum(nights.lit + nights.unlit + nights.unknown) as due
            from marts.lamp_nights as nights
            cross join ops.parameters as parameters
            where nights.night_date < parameters.as_of_date
            group by period
        ),

        reported as (
            select period, numerator as lit, denominator as due
            from marts.indicator_values
            where
                indicator_id = 'I17'
                and period_type = 'M'
                and right(area_code, 6) = '000000'
        )

        select
            period,
            coalesce(counted.lit, 0) - coalesce(reported.lit, 0) as difference_lit,
            coalesce(counted.due, 0) - coalesce(reported.due, 0) as difference_due
        from counted
        full join reported using (period)
    """,
    where=("period",),
    suite=ExpectationSuite(
        name="lamp_nights",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column=column,
                min_value=-ROUNDING,
                max_value=ROUNDING,
                severity="critical",
                notes="按道路统计的亮灯盏夜与指标 I17 不相等，"
                "中间有盏夜丢失或重复。请联系维护人员。",
            )
            for column in ("difference_lit", "difference_due")
        ],
    ),
)

LIGHTING = (LAMP_NIGHTS,)
