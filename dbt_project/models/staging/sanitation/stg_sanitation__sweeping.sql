-- The sweeping reports in force, one row per reported row: a segment may be reported
-- more than once a day.
select
    -- ids
    row_id,
    contractor_code,
    segment_id,

    -- categories
    method,

    -- measures
    required_passes_reported,
    actual_passes,
    coverage,

    -- times
    work_date

from {{ ref('checked_sweeping') }}

where verdict = 'accepted'
