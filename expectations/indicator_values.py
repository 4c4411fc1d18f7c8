"""The gate on the indicators: plausible one by one, and none missing."""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.check import Check
from expectations.thresholds import (
    DAYS_BEFORE_COMPARING,
    FEWEST_RECORDS,
    LARGEST_JUMP_PERCENT,
    LARGEST_JUMP_POINTS,
)

NULL_REASONS = [
    "no_denominator",
    "not_collected",
    "not_due",
    "below_min_sample",
    "source_late",
    "not_provided",
]
STATUSES = ["达标", "未达标", "口径冲突区间", "无数据", "数据不完整", "描述性"]

# What is weighed is not a part of a whole: more can be treated in a month than was
# collected in it. Everything else in percent is a share.
KIND = """
    case
        when indicators.unit = '%' and indicators.source_systems not like '%磅单%'
            then 'share'
        else 'other'
    end
"""

HAS_VALUE = Column("value").is_not_null()
HAS_NO_VALUE = Column("value").is_null()

VALUES = Check(
    title="指标数值",
    rows=f"""
        select
            values_.*,
            indicators.unit,
            indicators.direction,
            {KIND} as kind
        from marts.indicator_values as values_
        inner join marts.indicators as indicators using (indicator_id)
    """,  # noqa: S608 - our own words
    where=("indicator_id", "period", "area_code"),
    suite=ExpectationSuite(
        name="indicator_values",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="value",
                min_value=0,
                max_value=100,
                row_condition=HAS_VALUE & (Column("kind") == "share"),
                severity="critical",
                notes="比率超出 0–100，说明有记录被重复计数，或分子不在分母之内。"
                "用 cityledger explain 指标编号 --period 期间 查看明细，"
                "修正来源或算法后重新运行。",
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="value",
                min_value=0,
                row_condition=HAS_VALUE & (Column("kind") == "other"),
                severity="warning",
                notes="数值小于 0：残渣出场量大于进场量，或登记的数量为负。"
                "请与报数单位核对磅单或台账。",
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="completeness",
                severity="critical",
                notes="没有算出完整度，无法判断数据是否到齐。"
                "请联系维护人员检查该指标在登记表里的 feeds。",
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="completeness",
                min_value=0,
                max_value=1,
                severity="critical",
                notes="完整度超出 0–1：收到的比应到的还多，应到清单（设施、承包单位"
                "或路灯）与来源不符。请核对基础数据后重新运行。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="null_reason",
                value_set=NULL_REASONS,
                severity="critical",
                notes="无数据的原因不在约定的六种之内。请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="null_reason",
                row_condition=HAS_NO_VALUE,
                severity="critical",
                notes="没有数值，也没有说明原因：空白不能代替“无数据”。"
                "请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeNull(
                column="null_reason",
                row_condition=HAS_VALUE,
                severity="critical",
                notes="既有数值又写着无数据的原因，两者必有一错。请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeNull(
                column="value",
                row_condition=Column("denominator") == 0,
                severity="critical",
                notes="分母为 0 却有数值：没有发生的事不能得 0 分，也不能得满分。"
                "请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="status",
                value_set=STATUSES,
                severity="critical",
                notes="状态不在约定的六种之内，页面无法显示。请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="status",
                value_set=["无数据"],
                row_condition=HAS_NO_VALUE,
                severity="critical",
                notes="没有数值，状态却不是“无数据”。请联系维护人员。",
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="value",
                column_B="target",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                row_condition=(Column("status") == "达标")
                & (Column("direction") == "ge"),
                severity="critical",
                notes="数值低于目标，状态却是“达标”。请联系维护人员。",
            ),
        ],
    ),
)

EVERY_PERIOD = Check(
    title="指标齐全",
    rows="""
        with

        parameters as (select as_of_date from ops.parameters),

        -- What an indicator stands on may have begun later than the county: its own
        -- first month is the latest that the first of its periods can begin with.
        first_periods as (
            select indicator_id, period_type, min(period) as period
            from marts.indicator_values
            group by indicator_id, period_type
        ),

        begun as (
            select
                indicator_id,
                max(
                    case period_type
                        when 'M' then cast(strptime(period, '%Y-%m') as date)
                        when 'Q' then make_date(
                            cast(left(period, 4) as integer),
                            3 * cast(right(period, 1) as integer) - 2, 1
                        )
                        else make_date(cast(period as integer), 1, 1)
                    end
                ) as first_month
            from first_periods
            group by indicator_id
        ),

        months as (
            select
                begun.indicator_id,
                unnest(generate_series(
                    begun.first_month, parameters.as_of_date, interval 1 month
                )) as month_start
            from begun
            cross join parameters
        ),

        periods as (
            select indicator_id, 'M' as period_type,
                strftime(month_start, '%Y-%m') as period
            from months
            union
            select indicator_id, 'Q', year(month_start) || 'Q' || quarter(month_start)
            from months
            union
            select indicator_id, 'Y', cast(year(month_start) as varchar) from months
        ),

        county as (
            select *
            from marts.indicator_values
            where right(area_code, 6) = '000000'
        )

        select
            indicators.indicator_id,
            periods.period,
            count(county.indicator_id) as county_rows,
            count(*) filter (
                where county.as_of = parameters.as_of_date
            ) as rows_of_this_night
        from marts.indicators as indicators
        inner join periods
            on
                indicators.indicator_id = periods.indicator_id
                and contains(indicators.period_types, periods.period_type)
        cross join parameters
        left join county
            on
                indicators.indicator_id = county.indicator_id
                and periods.period = county.period
        group by all
    """,
    where=("indicator_id", "period"),
    suite=ExpectationSuite(
        name="every_indicator_every_period",
        expectations=[
            gxe.ExpectTableRowCountToBeBetween(
                min_value=1,
                severity="critical",
                notes="一个指标数值都没有：还没有任何数据源交来过数据，或者计算没有"
                "完成。请先用 cityledger doctor 查看连接，再重新运行这一晚。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="county_rows",
                value_set=[1],
                severity="critical",
                notes="某个已经开始的期间缺少全县数值，或者多于一行。"
                "没有数据也应有一行并说明原因。请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="rows_of_this_night",
                value_set=[1],
                severity="critical",
                notes="数值不是这一晚算出来的，计算没有走完。请重新运行这一晚。",
            ),
        ],
    ),
)

SURVEY = Check(
    title="绿地调查",
    rows="""
        select
            period,
            area_code,
            max(value) filter (where indicator_id = 'I13') as green_cover_percent,
            max(value) filter (where indicator_id = 'I14') as green_space_percent
        from marts.indicator_values
        where indicator_id in ('I13', 'I14')
        group by period, area_code
    """,
    where=("period",),
    suite=ExpectationSuite(
        name="green_survey",
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="green_cover_percent",
                column_B="green_space_percent",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                severity="critical",
                notes="绿地率（I14）大于绿化覆盖率（I13），而绿地是绿化覆盖的一部分，"
                "不可能更大：绿地年度调查的两个面积填反了或填错了。"
                "请园林部门更正 green_survey 台账并重新报送，再运行这一晚。",
            ),
        ],
    ),
)

JUMPS = Check(
    title="与上月相比",
    rows=f"""
        with

        parameters as (select as_of_date from ops.parameters),

        months as (
            select
                values_.*,
                indicators.unit,
                cast(strptime(values_.period, '%Y-%m') as date) as month_start
            from marts.indicator_values as values_
            inner join marts.indicators as indicators using (indicator_id)
            where
                values_.period_type = 'M'
                and right(values_.area_code, 6) = '000000'
                and values_.n >= {FEWEST_RECORDS}
                and values_.value is not null
        )

        select
            now_.indicator_id,
            now_.period,
            case
                when now_.unit = '%' then abs(now_.value - before_.value)
            end as jump_points,
            case
                when now_.unit not in ('%', '件') and before_.value != 0
                    then abs(now_.value / before_.value - 1) * 100
            end as jump_percent
        from months as now_
        inner join months as before_
            on
                now_.indicator_id = before_.indicator_id
                and now_.month_start = before_.month_start + interval 1 month
        cross join parameters
        where
            now_.month_start
            >= date_trunc('month', parameters.as_of_date) - interval 1 month
            and parameters.as_of_date
            >= now_.month_start + interval {DAYS_BEFORE_COMPARING - 1} day
    """,  # noqa: S608 - our own words
    where=("indicator_id", "period"),
    suite=ExpectationSuite(
        name="indicator_jumps",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="jump_points",
                min_value=0,
                max_value=LARGEST_JUMP_POINTS,
                severity="warning",
                notes=f"比上月变动超过 {LARGEST_JUMP_POINTS:g} 个百分点。"
                "可能属实，也可能是来源报送方式变了；公布前请业务股室确认。",
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="jump_percent",
                min_value=0,
                max_value=LARGEST_JUMP_PERCENT,
                severity="warning",
                notes=f"比上月变动超过 {LARGEST_JUMP_PERCENT:g}%。"
                "可能属实，也可能是来源报送方式变了；公布前请业务股室确认。",
            ),
        ],
    ),
)

INDICATOR_VALUES = (VALUES, EVERY_PERIOD, SURVEY, JUMPS)
