-- When problems are reported: cases and citizens' complaints by month, weekday and hour.
-- 2024-01-01 was a Monday; counting days from it numbers weekdays alike everywhere.
with

cases as (

    select
        cases.*,
        {{ month_start('cases.reported_at') }} as month_start,
        coalesce(channels.is_citizen, false) as is_complaint,
        cast(extract(hour from cases.reported_at) as integer) as hour_of_day,
        cast(
            date_diff('day', date '2024-01-01', cast(cases.reported_at as date)) % 7
            + 1 as integer
        ) as weekday

    from {{ ref('stg_cases__cases') }} as cases
    left join {{ ref('channels') }} as channels
        on cases.channel = channels.channel

    where
        cases.is_urban_management
        and cases.status not in ('作废', '不予受理')
        and cases.master_case_id is null
        and cases.reported_at is not null

)

select
    areas.area_code,
    {{ period_label("'M'", 'cases.month_start') }} as month,
    cases.weekday,
    cases.hour_of_day,
    count(*) as cases,
    count(*) filter (where cases.is_complaint) as complaints

from cases
inner join {{ ref('int_areas') }} as areas
    on areas.town_code is null or cases.town_code = areas.town_code

group by
    areas.area_code,
    cases.month_start,
    cases.weekday,
    cases.hour_of_day
