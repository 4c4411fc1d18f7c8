-- Sums of numerators and denominators by indicator, period and area. Quarters and years
-- are the sums of their months, except for formulas that answer for each period itself.
with

events as (

    select * from {{ ref('indicator_events') }}

),

-- Grouped first by the formulas' own grain: everything after is small.
by_town as (

    select
        indicator_id,
        period_type,
        period_start,
        rolls_up,
        town_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(record_count) filter (
            where excluded_reason is null and numerator is not null
        ) as numerator_records,
        sum(record_count) filter (
            where excluded_reason is null and denominator is not null
        ) as denominator_records,
        sum(record_count) filter (where excluded_reason is not null) as excluded,
        max(note) as note

    from events

    group by
        indicator_id,
        period_type,
        period_start,
        rolls_up,
        town_code

),

period_types as (

    select unnest(['M', 'Q', 'Y']) as period_type

),

rolled_up as (

    select
        by_town.indicator_id,
        by_town.town_code,
        by_town.numerator,
        by_town.denominator,
        by_town.numerator_records,
        by_town.denominator_records,
        by_town.excluded,
        by_town.note,
        period_types.period_type,
        {{ period_start_of('period_types.period_type', 'by_town.period_start') }}
            as period_start

    from by_town
    cross join period_types

    where by_town.rolls_up

    union all

    select
        indicator_id,
        town_code,
        numerator,
        denominator,
        numerator_records,
        denominator_records,
        excluded,
        note,
        period_type,
        period_start

    from by_town

    where not rolls_up

),

by_area as (

    select
        rolled_up.*,
        {{ county_code() }} as area_code

    from rolled_up

    union all

    select
        *,
        town_code as area_code

    from rolled_up

    where town_code is not null

)

select
    indicator_id,
    period_type,
    period_start,
    area_code,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    cast(coalesce(sum(numerator_records), 0) as bigint) as numerator_records,
    cast(coalesce(sum(denominator_records), 0) as bigint) as denominator_records,
    cast(coalesce(sum(excluded), 0) as bigint) as excluded,
    max(note) as note

from by_area

group by
    indicator_id,
    period_type,
    period_start,
    area_code
