-- Road segments and whose they are, one row per edition and segment.
select
    -- ids
    {{ cell('segment_id') }} as segment_id,
    {{ cell('community_code') }} as community_code,
    {{ cell('contractor_code') }} as contractor_code,

    -- categories
    {{ cell('road_name') }} as road_name,
    {{ cell('road_class') }} as road_class,
    {{ cell('lamp_required') }} = '是' as is_lamp_required,

    -- measures
    {{ as_number(cell('length_m')) }} as length_m,
    {{ as_number(cell('area_m2')) }} as area_m2,
    {{ as_integer(cell('required_passes')) }} as required_passes,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'road_segments' and verdict = 'accepted'
