-- The calls back to citizens, one row per call.
select
    -- ids
    callback_id,
    case_id,
    attempt_no,

    -- categories
    is_reached,
    rating,

    -- times
    called_at,
    updated_at

from {{ ref('checked_callbacks') }}

where verdict = 'accepted'
