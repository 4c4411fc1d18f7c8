"""The gate on tonnes: every mart tells the same weight, and none comes from nowhere."""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check
from expectations.thresholds import (
    DAYS_BEFORE_COMPARING,
    LARGEST_FACILITY_GAP_PERCENT,
    MOST_TREATED_PERCENT,
    ROUNDING,
)

COLLECTED = Check(
    title="清运量对账",
    rows="""
        with

        weighed as (
            select
                strftime(date, '%Y-%m') as period,
                sum(net_kg) filter (
                    where
                    direction = '进'
                    and waste_class in ('其他垃圾', '厨余垃圾', '有害垃圾')
                    and not is_secondary
                    and origin_type != '设施'
                ) as collected_kg
            from marts.waste_daily
            group by period
        ),

        reported as (
            select period, denominator as collected_kg
            from marts.indicator_values
            where
                indicator_id = 'I09'
                and period_type = 'M'
                and right(area_code, 6) = '000000'
        )

        select
            period,
            coalesce(weighed.collected_kg, 0)
            - coalesce(reported.collected_kg, 0) as difference_kg
        from reported
        left join weighed using (period)
    """,
    where=("period",),
    suite=ExpectationSuite(
        name="tonnes_collected",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="difference_kg",
                min_value=-ROUNDING,
                max_value=ROUNDING,
                severity="critical",
                notes="逐日磅单合计的清运量与指标 I09 的分母不相等（单位 kg），"
                "中间有磅单丢失或重复。请联系维护人员，不要手工调整。",
            ),
        ],
    ),
)

TREATED = Check(
    title="处理量与清运量",
    rows=f"""
        select
            values_.indicator_id,
            values_.period,
            values_.value
        from marts.indicator_values as values_
        inner join marts.indicators as indicators using (indicator_id)
        cross join ops.parameters as parameters
        where
            indicators.unit = '%'
            and indicators.source_systems like '%磅单%'
            and values_.period_type = 'M'
            and right(values_.area_code, 6) = '000000'
            and strptime(values_.period, '%Y-%m')
            >= date_trunc('month', parameters.as_of_date) - interval 1 month
            and parameters.as_of_date
            >= strptime(values_.period, '%Y-%m')
            + interval {DAYS_BEFORE_COMPARING - 1} day
    """,  # noqa: S608 - our own words
    where=("indicator_id", "period"),
    suite=ExpectationSuite(
        name="tonnes_treated",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="value",
                max_value=MOST_TREATED_PERCENT,
                severity="warning",
                notes=f"处理或回收的量超过应有量的 {MOST_TREATED_PERCENT:g}%。"
                "少量超出是库存周转，再多就可能漏了清运磅单或重复过磅；"
                "请环卫股室核对当月磅单。",
            ),
        ],
    ),
)

BALANCE = Check(
    title="设施进出平衡",
    rows="""
        select
            balance.month,
            balance.facility_id,
            abs(balance.gap_pct) as gap_percent
        from marts.waste_balance as balance
        cross join ops.parameters as parameters
        where
            strptime(balance.month, '%Y-%m')
            = date_trunc('month', parameters.as_of_date) - interval 1 month
    """,
    where=("facility_id", "month"),
    suite=ExpectationSuite(
        name="facility_balance",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="gap_percent",
                max_value=LARGEST_FACILITY_GAP_PERCENT,
                severity="warning",
                notes="上月进场量与出场、处理量之差超过进场量的 "
                f"{LARGEST_FACILITY_GAP_PERCENT:g}%。"
                "请设施运营单位核对有无漏报的出场磅单。",
            ),
        ],
    ),
)

WASTE = (COLLECTED, TREATED, BALANCE)
