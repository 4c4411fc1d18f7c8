-- I19: of the urban citizens' complaints that were closed and then rated, the share
-- rated satisfied or fairly satisfied. A complaint nobody rated is in neither number.
select
    'case' as record_type,
    case_id as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    town_code,
    contractor_code,
    dept_code,

    cast(rating in ('满意', '基本满意') as integer) as numerator,
    1 as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_cases_closed') }}

where is_urban_management
    and is_citizen_complaint
    and is_in_urban_area
    and (rating is not null or excluded_reason is not null)
