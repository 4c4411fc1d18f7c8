-- The survey that speaks for each year (F4): its own, which comes in January of the
-- next year, or the last one before it, carried forward and so noted.
with

surveys as (

    select * from {{ ref('stg_registers__green_survey') }}

),

years as (

    select * from {{ ref('int_periods') }}

    where period_type = 'Y'

)

select
    years.period_start,
    surveys.survey_year,
    surveys.built_up_km2,
    surveys.green_cover_km2,
    surveys.green_space_km2,
    surveys.park_green_ha,
    surveys.urban_population,
    surveys.temporary_population,
    case
        when surveys.survey_year < year(years.period_start) then 'carried_forward'
    end as note

from years
inner join surveys
    on year(years.period_start) >= surveys.survey_year

qualify
    row_number() over (
        partition by years.period_start
        order by surveys.survey_year desc, surveys.register_month desc
    ) = 1
