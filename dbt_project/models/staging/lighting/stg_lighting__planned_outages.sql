-- The planned outages, one row per outage.
select
    -- ids
    outage_id,
    circuit_id,

    -- categories
    reason,
    approver,

    -- times
    {{ far_off('starts_at') }} as starts_at,
    {{ far_off('ends_at') }} as ends_at,
    updated_at

from {{ ref('checked_planned_outage') }}

where verdict = 'accepted'
