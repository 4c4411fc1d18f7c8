-- I03: of the cases of illegal advertising that were disposed of or fell due, the share
-- disposed of by the cut-off. A penalty without removal is not a disposal.
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

from {{ ref('int_cases_due_for_disposal') }}

where is_urban_management and indicator_group = '违法广告'
