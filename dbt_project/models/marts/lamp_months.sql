-- Lit lamps by month, town and class of road; every share over all the lamps that
-- should have been lit, unknown ones among them.
with

nights as (

    select
        nights.*,
        {{ month_start('nights.night_date') }} as month_start

    from {{ ref('lamp_nights') }} as nights

),

summed as (

    select
        areas.area_code,
        areas.area_name,
        nights.month_start,
        nights.road_class,
        sum(nights.lit) as lit,
        sum(nights.unlit) as unlit,
        sum(nights.unknown) as unknown,
        sum(nights.planned) as planned

    from nights
    inner join {{ ref('int_areas') }} as areas
        on areas.town_code is null or nights.town_code = areas.town_code

    group by
        areas.area_code,
        areas.area_name,
        nights.month_start,
        nights.road_class

)

select
    area_code,
    area_name,
    {{ period_label("'M'", 'month_start') }} as month,
    coalesce(road_class, '未知') as road_class,
    cast(lit as bigint) as lit,
    cast(unlit as bigint) as unlit,
    cast(unknown as bigint) as unknown,
    cast(planned as bigint) as planned,
    100.0 * cast(lit as double)
    / nullif(cast(lit + unlit + unknown as double), 0) as lit_pct

from summed
