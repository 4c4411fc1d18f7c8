-- Lamps that have been dark for two nights or more, and where they stand.
select
    dark_lamps.lamp_id,
    dark_lamps.town_code,
    coalesce(areas.area_name, dark_lamps.town_code, '未知乡镇') as town_name,
    lamps.circuit_id,
    lamps.road_class,
    dark_lamps.dark_since,
    cast(dark_lamps.nights as bigint) as nights

from {{ ref('dark_lamps') }} as dark_lamps
left join {{ ref('stg_lighting__lamps') }} as lamps
    on dark_lamps.lamp_id = lamps.lamp_id
left join {{ ref('int_areas') }} as areas
    on dark_lamps.town_code = areas.town_code
