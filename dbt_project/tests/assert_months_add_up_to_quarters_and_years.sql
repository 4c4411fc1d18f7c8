-- Published months always add up: the numerator, denominator and exclusions of a
-- quarter or year are the sums of its months', town by town.
with

periods as (

    select * from {{ ref('int_periods') }}

),

shown as (

    select
        indicator_values.*,
        periods.period_start,
        periods.period_end

    from {{ ref('indicator_values') }} as indicator_values
    inner join {{ ref('int_indicators') }} as int_indicators
        on indicator_values.indicator_id = int_indicators.indicator_id
    inner join periods
        on indicator_values.period = periods.period

    where int_indicators.rollup != 'period_end'

),

added_up as (

    select
        longer.indicator_id,
        longer.period,
        longer.area_code,
        max(longer.numerator) as numerator,
        max(longer.denominator) as denominator,
        max(longer.excluded) as excluded,
        sum(months.numerator) as months_numerator,
        sum(months.denominator) as months_denominator,
        sum(months.excluded) as months_excluded

    from shown as longer
    inner join shown as months
        on
            longer.indicator_id = months.indicator_id
            and longer.area_code = months.area_code
            and longer.period_start <= months.period_start
            and longer.period_end >= months.period_end

    -- A figure withheld for want of a register is no sum of anything.
    where
        longer.period_type != 'M'
        and longer.numerator is not null
        and months.period_type = 'M'

    group by
        longer.indicator_id,
        longer.period,
        longer.area_code

)

select *

from added_up

where
    {{ is_changed('coalesce(months_numerator, 0)', 'numerator') }}
    or {{ is_changed('coalesce(months_denominator, 0)', 'coalesce(denominator, 0)') }}
    or months_excluded != excluded
