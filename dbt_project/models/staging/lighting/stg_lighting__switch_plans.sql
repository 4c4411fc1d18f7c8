-- When a circuit is to burn, one row per circuit and night.
select
    -- ids
    circuit_id,
    night_date,

    -- times
    on_at,
    off_at,
    updated_at

from {{ ref('checked_switch_plan') }}

where verdict = 'accepted'
