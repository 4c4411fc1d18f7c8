-- The deductions in force, one row per deduction and month's file.
select
    -- ids
    deduction_id,
    sheet_id,
    item_id,
    fact_id,

    -- measures
    quantity,

    -- times
    found_at,
    rectify_due_at,
    rectified_at,
    report_month

from {{ ref('checked_inspection_deductions') }}

where verdict = 'accepted'
