-- I18: of the urban citizens' complaints that were closed or fell due, the share closed
-- by the cut-off.
select
    'case' as record_type,
    case_id as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    town_code,
    contractor_code,
    dept_code,

    cast(is_done as integer) as numerator,
    1 as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_cases_due_for_closing') }}

where is_urban_management and is_citizen_complaint and is_in_urban_area
