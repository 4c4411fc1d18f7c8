-- I14: green space against the built-up area, by the survey of the year, or the last
-- one before it.
select
    'green_survey' as record_type,
    cast(survey_year as varchar) as record_key,
    1 as record_count,

    'Y' as period_type,
    period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    green_space_km2 as numerator,
    built_up_km2 as denominator,
    cast(null as varchar) as excluded_reason,
    note

from {{ ref('int_green_surveys_in_force') }}
