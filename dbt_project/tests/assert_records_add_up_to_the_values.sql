-- Whoever opens a number must find exactly the records that make it up, no more and no
-- fewer; and no record without a number above it.
with

behind as (

    select
        indicator_id,
        period,
        area_code,
        sum(amount) filter (where role = 'numerator') as numerator,
        sum(amount) filter (where role = 'denominator') as denominator,
        sum(record_count) filter (where role = 'numerator') as numerator_records,
        sum(record_count) filter (where role = 'denominator') as denominator_records,
        sum(record_count) filter (where role = 'excluded') as excluded

    from {{ ref('indicator_records') }}

    group by
        indicator_id,
        period,
        area_code

),

shown as (

    select
        indicator_values.*,
        int_indicators.rollup

    from {{ ref('indicator_values') }} as indicator_values
    inner join {{ ref('int_indicators') }} as int_indicators
        on indicator_values.indicator_id = int_indicators.indicator_id

)

select
    coalesce(shown.indicator_id, behind.indicator_id) as indicator_id,
    coalesce(shown.period, behind.period) as period,
    coalesce(shown.area_code, behind.area_code) as area_code,
    shown.numerator,
    behind.numerator as numerator_behind,
    shown.denominator,
    behind.denominator as denominator_behind,
    shown.n,
    shown.excluded,
    behind.excluded as excluded_behind

from shown
full outer join behind
    on
        shown.indicator_id = behind.indicator_id
        and shown.period = behind.period
        and shown.area_code = behind.area_code

where
    shown.indicator_id is null
    or {{ is_changed('coalesce(behind.numerator, 0)', 'coalesce(shown.numerator, 0)') }}
    or {{
        is_changed('coalesce(behind.denominator, 0)', 'coalesce(shown.denominator, 0)')
    }}
    or shown.n != coalesce(
        case
            when shown.rollup = 'count' then behind.numerator_records
            else behind.denominator_records
        end, 0
    )
    or shown.excluded != coalesce(behind.excluded, 0)
