-- The planned outages, one row per outage.
select
    -- ids
    outage_id,
    circuit_id,

    -- categories
    reason,
    approver,

    -- times
    starts_at,
    ends_at,
    updated_at

from {{ ref('checked_planned_outage') }}

where verdict = 'accepted'
