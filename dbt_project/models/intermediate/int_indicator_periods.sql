-- The periods of each indicator: those of its types, from the first month of the feed it
-- stands on; with how many of their days lie in months that have every field it needs.
with

indicators as (

    select * from {{ ref('int_indicators') }}

),

feed_periods as (

    select * from {{ ref('int_feed_periods') }}

),

absent_months as (

    select distinct
        needs.indicator_id,
        absent.month_start

    from {{ ref('int_indicator_needs') }} as needs
    inner join {{ ref('int_absent_fields') }} as absent
        on
            needs.feed = absent.feed
            and needs.field = absent.field

),

begun as (

    select
        indicators.indicator_id,
        indicators.rollup,
        indicators.register,
        feed_periods.*

    from indicators
    inner join feed_periods
        on
            indicators.begins_with = feed_periods.feed
            and contains(indicators.periods, feed_periods.period_type)

),

-- A month without its register has nothing that could be absent, nor anything to show.
by_period as (

    select
        begun.indicator_id,
        begun.period_type,
        begun.period_start,
        sum(months.elapsed_days) as elapsed_days,
        sum(months.elapsed_days) filter (
            where absent_months.month_start is null
        ) as provided_days,
        count(absent_months.month_start) as absent_count,
        count(*) filter (
            where absent_months.month_start is null
            and (
                begun.register is null
                or register_months.register_month is not null
            )
        ) as provided_count

    from begun
    inner join feed_periods as months
        on
            begun.feed = months.feed
            and begun.period_start <= months.period_start
            and begun.period_end >= months.period_end
            and months.period_type = 'M'
    left join absent_months
        on
            begun.indicator_id = absent_months.indicator_id
            and months.period_start = absent_months.month_start
    left join {{ ref('stg_registers__months') }} as register_months
        on
            begun.register = register_months.register
            and months.period_start = register_months.register_month

    group by
        begun.indicator_id,
        begun.period_type,
        begun.period_start

),

-- What answers for a period's end asks the last register there is.
asked_months as (

    select
        begun.indicator_id,
        begun.period_type,
        begun.period_start

    from begun
    inner join {{ ref('int_register_periods') }} as register_periods
        on
            begun.register = register_periods.register
            and begun.period_type = register_periods.period_type
            and begun.period_start = register_periods.period_start
    inner join absent_months
        on
            begun.indicator_id = absent_months.indicator_id
            and register_periods.register_month = absent_months.month_start

    where begun.rollup = 'period_end'

)

select
    begun.indicator_id,
    begun.period_type,
    begun.period,
    begun.period_start,
    begun.period_end,
    begun.freeze_at,
    begun.cutoff_at,
    begun.stage,
    begun.has_ended,
    begun.as_of_date,
    begun.as_of,
    case
        when begun.rollup = 'period_end' then asked_months.indicator_id is null
        else by_period.absent_count = 0 or by_period.provided_count > 0
    end as is_provided,
    cast(by_period.elapsed_days as bigint) as elapsed_days,
    cast(coalesce(by_period.provided_days, 0) as bigint) as provided_days

from begun
inner join by_period
    on
        begun.indicator_id = by_period.indicator_id
        and begun.period_type = by_period.period_type
        and begun.period_start = by_period.period_start
left join asked_months
    on
        begun.indicator_id = asked_months.indicator_id
        and begun.period_type = asked_months.period_type
        and begun.period_start = asked_months.period_start
