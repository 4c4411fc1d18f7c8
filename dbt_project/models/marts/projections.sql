-- Where each indicator with a target is heading by the end of the year, simply: what is
-- known so far, and the pace of the last three months for the days that are left. The
-- interval is 95 % by how far the months have strayed from each other. An early warning,
-- not a figure of the plan.
with

indicators as (

    select * from {{ ref('indicators') }}

),

rules as (

    select * from {{ ref('int_indicators') }}

),

targets as (

    select * from {{ ref('targets') }}

    where status = 'effective'

    qualify
        row_number() over (
            partition by indicator_id
            order by valid_from desc, claim_id desc
        ) = 1

),

months as (

    select
        *,
        row_number() over (order by period_start desc) as months_ago

    from {{ ref('int_periods') }}

    where
        period_type = 'M'
        and year(period_start) = year(as_of_date)

),

-- The year as far as it has gone: since the indicator's first data, and without the
-- months that lacked a field it needs.
this_year as (

    select
        indicator_id,
        cast(year(as_of_date) as integer) as year,
        as_of_date,
        provided_days as days_gone,
        date_diff(
            'day', as_of_date, make_date(year(as_of_date), 12, 31)
        ) as days_left

    from {{ ref('int_indicator_periods') }}

    where
        period_type = 'Y'
        and year(period_start) = year(as_of_date)

),

year_values as (

    select *

    from {{ ref('indicator_values') }}

    where period_type = 'Y' and area_code = {{ county_code() }}

),

monthly as (

    select
        totals.indicator_id,
        months.period_start,
        months.months_ago,
        cast(month(months.period_start) as double) as month_number,
        totals.numerator,
        totals.denominator,
        cast(totals.numerator as double) / cast(totals.denominator as double)
            as share,
        cast(totals.numerator as double) / cast(totals.denominator as double)
        - lag(cast(totals.numerator as double) / cast(totals.denominator as double))
            over (
                partition by totals.indicator_id
                order by months.period_start
            ) as change,
        -- What has failed so far in the year, month after month.
        cast(
            sum(totals.denominator - totals.numerator) over (
                partition by totals.indicator_id
                order by months.period_start
            ) as double
        ) as failed_so_far

    from {{ ref('indicator_totals') }} as totals
    inner join months
        on
            totals.period_type = 'M'
            and totals.period_start = months.period_start

    where
        totals.area_code = {{ county_code() }}
        and totals.denominator > 0

),

paces as (

    select
        monthly.indicator_id,
        count(*) as months_seen,
        cast(sum(monthly.numerator) filter (where monthly.months_ago <= 3) as double)
        / cast(
            sum(monthly.denominator) filter (where monthly.months_ago <= 3) as double
        ) as recent_share,
        cast(sum(monthly.numerator) as double)
        / cast(sum(monthly.denominator) as double) as year_share,
        greatest(max(monthly.share), 1) as highest_share,
        -- Five changes are the fewest that make a trend; with less the last stands.
        case
            when count(*) >= 6
                then
                    cast({{ exact_sum('monthly.change') }} as double)
                    / count(monthly.change)
            else 0
        end as drift,
        max(monthly.month_number) as last_month

    from monthly

    group by monthly.indicator_id

),

spreads as (

    select
        monthly.indicator_id,
        -- Around the year's share for what adds up; from month to month for what stands.
        sqrt(
            cast(
                {{ exact_sum(
                    'cast(monthly.denominator as double)'
                    ~ ' * (monthly.share - paces.year_share)'
                    ~ ' * (monthly.share - paces.year_share)'
                ) }} as double
            )
            / cast(sum(monthly.denominator) as double)
        ) as share_spread,
        sqrt(
            cast(
                {{ exact_sum(
                    '(monthly.change - paces.drift) * (monthly.change - paces.drift)'
                ) }} as double
            )
            / count(monthly.change)
        ) as change_spread

    from monthly
    inner join paces
        on monthly.indicator_id = paces.indicator_id

    group by monthly.indicator_id

),

facts as (

    select
        indicators.indicator_id,
        indicators.plan_order,
        indicators.name_zh,
        indicators.unit,
        indicators.nature,
        indicators.owner_zh,
        rules.unit_scale as scale,
        case
            when rules.rollup = 'months' then '累计'
            when contains(rules.periods, 'M') and paces.months_seen > 0 then '期末'
            else '沿用'
        end as method,
        targets.value as target,
        targets.op,
        targets.value_high as target_high,
        year_values.value as to_date,
        year_values.numerator,
        year_values.denominator,
        this_year.year,
        this_year.as_of_date,
        this_year.days_gone,
        this_year.days_left,
        this_year.days_left / 30.4 as months_left,
        coalesce(paces.months_seen, 0) as months_seen,
        coalesce(paces.recent_share, paces.year_share) as recent_share,
        paces.highest_share,
        paces.drift,
        paces.last_month,
        spreads.share_spread,
        spreads.change_spread,
        year_values.denominator / nullif(this_year.days_gone, 0) * this_year.days_left
            as denominator_left

    from indicators
    inner join this_year
        on indicators.indicator_id = this_year.indicator_id
    inner join rules
        on indicators.indicator_id = rules.indicator_id
    inner join targets
        on indicators.indicator_id = targets.indicator_id
    inner join year_values
        on
            indicators.indicator_id = year_values.indicator_id
            and cast(this_year.year as varchar) = year_values.period
    left join paces
        on indicators.indicator_id = paces.indicator_id
    left join spreads
        on indicators.indicator_id = spreads.indicator_id

),

-- What may come of the rest of the year: the expected share, and how far it may stray.
expected as (

    select
        *,
        case method
            when '累计' then recent_share
            when '期末' then to_date / scale + drift * (12 - last_month)
            else to_date / scale
        end as share_ahead,
        case
            when months_seen < 3 then null
            when method = '累计'
                then
                    1.96 * share_spread
                    * sqrt(1.0 / 3 + 1 / greatest(months_left, 1))
            when method = '期末'
                then 1.96 * change_spread * sqrt(12 - last_month)
        end as stray

    from facts

),

projected as (

    select
        *,
        {{ year_end('share_ahead') }} as projected,
        {{ year_end('share_ahead - stray') }} as low,
        {{ year_end('share_ahead + stray') }} as high,
        -- How much may fail in the whole year without losing the target.
        (1 - target / scale) * (denominator + denominator_left) as failures_allowed,
        denominator - numerator as failures,
        (1 - recent_share) * denominator_left / nullif(days_left, 0)
            as failures_a_day

    from expected

),

lost_before as (

    select
        projected.indicator_id,
        min(monthly.period_start) as month_start

    from projected
    inner join monthly
        on projected.indicator_id = monthly.indicator_id

    where
        projected.method = '累计'
        and projected.op = 'ge'
        and monthly.failed_so_far > projected.failures_allowed + 1e-9

    group by projected.indicator_id

),

judged as (

    select
        projected.*,
        lost_before.month_start is not null as is_lost,
        case
            when lost_before.month_start is not null
                then
                    least(
                        {{ add_days(add_months('lost_before.month_start', 1), -1) }},
                        projected.as_of_date
                    )
            when
                projected.method = '累计'
                and projected.op = 'ge'
                and projected.failures_a_day > 0
                and projected.failures_allowed - projected.failures
                < projected.failures_a_day * projected.days_left
                then
                    {{ add_days(
                        'projected.as_of_date',
                        'ceil((projected.failures_allowed - projected.failures)'
                        ~ ' / projected.failures_a_day)'
                    ) }}
        end as lost_on,
        case
            when projected.method = '累计' and projected.denominator_left > 0
                then
                    (
                        projected.target / projected.scale
                        * (projected.denominator + projected.denominator_left)
                        - projected.numerator
                    )
                    / projected.denominator_left * projected.scale
        end as needed_from_now

    from projected
    left join lost_before
        on projected.indicator_id = lost_before.indicator_id

)

select
    -- ids
    indicator_id,
    plan_order,
    name_zh,
    unit,
    nature,
    owner_zh,
    year,

    -- the projection
    method,
    to_date,
    case when method = '累计' then recent_share * scale end as recent_pace,
    projected,
    low,
    high,
    target,
    case
        when to_date is null then '无数据'
        when is_lost then '已无法达到'
        when
            op = 'between'
            and coalesce(low, projected) >= target
            and coalesce(high, projected) <= target_high
            then '预计达标'
        when op = 'between' then '预计不达标'
        when coalesce(low, projected) >= target then '预计达标'
        when coalesce(high, projected) < target then '预计不达标'
        else '尚不确定'
    end as verdict,
    lost_on,
    needed_from_now,

    -- what it rests on
    months_seen,
    cast(days_left as bigint) as days_left,
    case
        when to_date is null then '本年还没有数值，无从预测。'
        when method = '累计'
            then
                '本年累计之后，其余 ' || cast(days_left as varchar)
                || ' 天按本年日均数量和最近3个月的水平推算'
                || case
                    when stray is null then '；不足3个月，不给区间。'
                    else '；区间取各月波动的95%。'
                end
        when method = '期末'
            then
                '期末口径：'
                || case
                    when months_seen >= 6
                        then '现值加上每月平均变化推到12月'
                    else '不足6个月，按现值不变'
                end
                || case
                    when stray is null then '；不足3个月，不给区间。'
                    else '；区间取月际变化的95%，随时间放宽。'
                end
        else '期末口径：沿用最近一次数值，不推算趋势。'
    end as note_zh,
    as_of_date as as_of

from judged
