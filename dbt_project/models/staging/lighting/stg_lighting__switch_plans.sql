-- When a circuit is to burn, one row per circuit and night.
select
    -- ids
    circuit_id,
    night_date,

    -- times
    {{ far_off('on_at') }} as on_at,
    {{ far_off('off_at') }} as off_at,
    updated_at

from {{ ref('checked_switch_plan') }}

where verdict = 'accepted'
