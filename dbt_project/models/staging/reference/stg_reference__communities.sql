-- Communities, one row per edition and community.
select
    -- ids
    {{ cell('community_code') }} as community_code,
    {{ cell('town_code') }} as town_code,

    -- categories
    {{ cell('name') }} as name,
    {{ cell('in_urban_area') }} = '是' as in_urban_area,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'communities' and verdict = 'accepted'
