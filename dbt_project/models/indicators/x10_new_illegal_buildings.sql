-- X10: new illegal buildings reported in the period; void and duplicate reports
-- excluded.
select
    'case' as record_type,
    case_id as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    town_code,
    contractor_code,
    dept_code,

    1 as numerator,
    cast(null as integer) as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_cases_reported') }}

where indicator_group = '违法建设'
