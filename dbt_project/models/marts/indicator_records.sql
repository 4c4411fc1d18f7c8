-- View: each event stands once in indicator_events; here it is read by period and area,
-- and by the part it played. Only numbers that stand are listed: a figure withheld for
-- want of its register has no records behind it. Nothing on the way is materialized, so
-- that whoever asks for one number reads its indicator's events and no others; whoever
-- names the period's days as well skips the other months'.
{{ config(materialized='view') }}
with

events as not materialized (

    select * from {{ ref('indicator_events') }}

),

period_types as not materialized (

    select unnest(['M', 'Q', 'Y']) as period_type

),

by_period as not materialized (

    select
        events.indicator_id,
        events.record_type,
        events.record_key,
        events.record_count,
        events.period_start,
        events.town_code,
        events.numerator,
        events.denominator,
        events.excluded_reason,
        events.note,
        period_types.period_type,
        {{
            period_label(
                'period_types.period_type',
                period_start_of('period_types.period_type', 'events.period_start')
            )
        }} as period

    from events
    inner join period_types
        on
            events.rolls_up
            or events.period_type = period_types.period_type

),

shown as not materialized (

    select
        indicator_id,
        period,
        area_code

    from {{ ref('indicator_values') }}

    where numerator is not null

),

by_area as not materialized (

    select
        by_period.*,
        {{ county_code() }} as area_code

    from by_period

    union all

    select
        *,
        town_code as area_code

    from by_period

    where town_code is not null

),

by_number as not materialized (

    select by_area.*

    from by_area
    inner join shown
        on
            by_area.indicator_id = shown.indicator_id
            and by_area.period = shown.period
            and by_area.area_code = shown.area_code

),

by_role as not materialized (

    select
        *,
        'excluded' as role,
        cast(null as decimal(28, 10)) as amount,
        excluded_reason as reason

    from by_number

    where excluded_reason is not null

    union all

    select
        *,
        'denominator' as role,
        denominator as amount,
        note as reason

    from by_number

    where excluded_reason is null and denominator is not null

    union all

    select
        *,
        'numerator' as role,
        numerator as amount,
        note as reason

    from by_number

    where excluded_reason is null and numerator != 0

)

select
    indicator_id,
    period_type,
    period,
    period_start,
    area_code,
    role,
    record_type,
    record_key,
    record_count,
    cast(amount as double) as amount,
    reason

from by_role
