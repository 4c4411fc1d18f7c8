-- Problems put on file in each month, void ones excluded (X06a, X06b). Thirty minutes
-- by the clock; of office hours on working days, once the county has given its own.
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

office_hours as (

    select * from {{ ref('office_hours') }}

),

-- What lies between acceptance and registration of each stretch of office hours.
stretches as (

    select
        cases.case_id,
        greatest(
            cases.accepted_at,
            {{ time_on('calendar.day', 'office_hours.begins') }}
        ) as begins_at,
        least(
            cases.registered_at,
            {{ time_on('calendar.day', 'office_hours.ends') }}
        ) as ends_at

    from cases
    inner join {{ source('ops', 'calendar') }} as calendar
        on
            calendar.is_workday
            and cast(cases.accepted_at as date) <= calendar.day
            and cast(cases.registered_at as date) >= calendar.day
    cross join office_hours

),

in_office as (

    select
        case_id,
        sum({{ minutes_between('begins_at', 'ends_at') }}) as minutes

    from stretches

    where begins_at < ends_at

    group by case_id

),

taken as (

    select
        cases.case_id,
        case
            when (select count(*) as stretch_count from office_hours) = 0
                then {{ minutes_between('cases.accepted_at', 'cases.registered_at') }}
            when cases.accepted_at is not null
                then coalesce(in_office.minutes, 0)
        end as minutes

    from cases
    left join in_office
        on cases.case_id = in_office.case_id

)

select
    cases.case_id,
    cases.town_code,
    cases.dept_code,
    cases.contractor_code,
    case when cases.status = '作废' then '作废' end as excluded_reason,
    coalesce(taken.minutes <= 30, false) as is_registered_in_time,
    months.period_start as month_start,
    cases.registered_at

from cases
inner join months
    on
        cases.registered_at >= {{ midnight('months.period_start') }}
        and cases.registered_at < {{ midnight('months.period_end') }}
        and cases.registered_at <= months.as_of
inner join taken
    on cases.case_id = taken.case_id
