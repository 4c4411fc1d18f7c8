-- The inspection sheets in force, one row per sheet and month's file.
select
    -- ids
    sheet_id,
    contractor_code,
    town_code,

    -- categories
    sheet_type,
    sheet_status,
    modules,
    place,

    -- times
    inspected_at,
    report_month

from {{ ref('checked_inspection_sheets') }}

where verdict = 'accepted'
