-- Towns, one row per edition and town.
select
    -- ids
    {{ cell('town_code') }} as town_code,

    -- categories
    {{ cell('name') }} as name,
    {{ cell('is_urban') }} = '是' as is_urban,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'towns' and verdict = 'accepted'
