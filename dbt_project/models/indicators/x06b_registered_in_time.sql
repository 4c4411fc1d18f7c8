-- X06b: of the problems registered, the share registered within 30 minutes of
-- acceptance.
select
    'case' as record_type,
    case_id as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    town_code,
    contractor_code,
    dept_code,

    cast(is_registered_in_time as integer) as numerator,
    1 as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_cases_registered') }}
