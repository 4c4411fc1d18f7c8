-- The street lamps, one row per lamp as it last was.
select
    -- ids
    lamp_id,
    pole_no,
    circuit_id,
    segment_id,
    town_code,

    -- categories
    road_class,
    control,

    -- measures
    power_w,
    lon,
    lat,

    -- times
    {{ far_off('in_service_from') }} as in_service_from,
    {{ far_off('in_service_to') }} as in_service_to,
    updated_at

from {{ ref('checked_lamp') }}

where verdict = 'accepted'
