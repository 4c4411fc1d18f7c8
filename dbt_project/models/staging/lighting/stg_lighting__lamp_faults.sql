-- The lamp faults, one row per fault.
select
    -- ids
    fault_id,
    lamp_id,
    case_id,

    -- categories
    found_by,
    grade,
    cause,

    -- times
    found_at,
    due_at,
    fixed_at,
    updated_at

from {{ ref('checked_lamp_fault') }}

where verdict = 'accepted'
