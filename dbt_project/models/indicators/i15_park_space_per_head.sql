-- I15: park green space per head, in square metres, of the urban population including
-- temporary residents.
select
    'green_survey' as record_type,
    cast(survey_year as varchar) as record_key,
    1 as record_count,

    'Y' as period_type,
    period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    park_green_ha * 10000 as numerator,
    urban_population + temporary_population as denominator,
    cast(null as varchar) as excluded_reason,
    note

from {{ ref('int_green_surveys_in_force') }}
