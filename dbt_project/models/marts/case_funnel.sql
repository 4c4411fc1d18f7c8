-- How far cases got: of those reported in a month, how many reached each stage.
with

cases as (

    select
        cases.*,
        {{ month_start('cases.reported_at') }} as month_start

    from {{ ref('stg_cases__cases') }} as cases

    where
        cases.is_urban_management
        and cases.status not in ('作废', '不予受理')
        and cases.master_case_id is null
        and cases.reported_at is not null

),

counted as (

    select
        areas.area_code,
        cases.month_start,
        count(*) as reported,
        count(cases.accepted_at) as accepted,
        count(cases.registered_at) as registered,
        count(cases.dispatched_at) as dispatched,
        count(cases.disposed_at) as disposed,
        count(cases.closed_at) as closed

    from cases
    inner join {{ ref('int_areas') }} as areas
        on areas.town_code is null or cases.town_code = areas.town_code

    group by
        areas.area_code,
        cases.month_start

)

select
    area_code,
    {{ period_label("'M'", 'month_start') }} as month,
    reported,
    accepted,
    registered,
    dispatched,
    disposed,
    closed

from counted
