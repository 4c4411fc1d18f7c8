-- X04b: of the problems closed with a known means of resolution (721 working method),
-- the share whose highest means was 管理.
select
    'case' as record_type,
    case_id as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    town_code,
    contractor_code,
    dept_code,

    cast(resolution_means = '管理' as integer) as numerator,
    1 as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_cases_closed') }}

where resolution_means is not null
