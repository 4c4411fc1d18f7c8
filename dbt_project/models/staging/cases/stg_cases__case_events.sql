-- The steps in the life of each case, one row per event.
select
    -- ids
    event_id,
    case_id,
    dept_code,
    to_dept_code,

    -- categories
    event_type,
    actor_role,
    result,

    -- times
    event_at,
    new_due_at,
    updated_at

from {{ ref('checked_case_events') }}

where verdict = 'accepted'
