-- X06a: problems registered in the period, void ones excluded. A count has no
-- denominator.
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

from {{ ref('int_cases_registered') }}
