-- How far cases got: of those reported in a month, how many reached each stage; null
-- where nobody notes the stage.
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

absent as (

    select
        month_start,
        bool_or(field = 'accepted_at') as lacks_accepted,
        bool_or(field = 'registered_at') as lacks_registered,
        bool_or(field = 'dispatched_at') as lacks_dispatched,
        bool_or(field = 'disposed_at') as lacks_disposed,
        bool_or(field = 'closed_at') as lacks_closed

    from {{ ref('int_absent_fields') }}

    where feed = 'cases'

    group by month_start

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
    counted.area_code,
    {{ period_label("'M'", 'counted.month_start') }} as month,
    counted.reported,
    case when absent.lacks_accepted is not true then counted.accepted end as accepted,
    case when absent.lacks_registered is not true then counted.registered end
        as registered,
    case when absent.lacks_dispatched is not true then counted.dispatched end
        as dispatched,
    case when absent.lacks_disposed is not true then counted.disposed end as disposed,
    case when absent.lacks_closed is not true then counted.closed end as closed

from counted
left join absent
    on counted.month_start = absent.month_start
