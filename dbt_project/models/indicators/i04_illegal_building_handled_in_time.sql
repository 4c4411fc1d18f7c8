-- I04: of the cases of new illegal building that were disposed of or fell due, the
-- share where both stages were in time: work stopped, and the building dealt with.
select
    'case' as record_type,
    case_id as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    town_code,
    contractor_code,
    dept_code,

    cast(is_on_time and is_stopped_in_time as integer) as numerator,
    1 as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_cases_due_for_disposal') }}

where is_urban_management and indicator_group = '违法建设'
