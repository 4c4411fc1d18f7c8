-- The cases as last soundly reported, one row per case.
select
    -- ids
    case_id,
    category_code,
    town_code,
    community_code,
    grid_code,
    dept_code,
    contractor_code,
    master_case_id,

    -- categories
    kind,
    channel,
    is_urban_management,
    status,
    resolution_means,

    -- measures
    lon,
    lat,
    rework_count,
    extension_count,

    -- times
    reported_at,
    accepted_at,
    registered_at,
    dispatched_at,
    due_at_original,
    due_at,
    stop_due_at,
    stopped_at,
    disposed_at,
    checked_at,
    closed_at,
    suspended_at,
    resumed_at,
    updated_at

from {{ ref('checked_cases') }}

where verdict = 'accepted'
