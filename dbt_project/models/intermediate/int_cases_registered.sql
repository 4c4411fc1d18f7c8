-- Problems put on file in each month, void ones excluded (X06a, X06b). Thirty minutes
-- by the clock, unless the county configures a working-time calendar.
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

)

select
    cases.case_id,
    cases.town_code,
    cases.dept_code,
    cases.contractor_code,
    case when cases.status = '作废' then '作废' end as excluded_reason,
    coalesce(
        {{ minutes_between('cases.accepted_at', 'cases.registered_at') }} <= 30,
        false
    ) as is_registered_in_time,
    months.period_start as month_start,
    cases.registered_at

from cases
inner join months
    on
        cases.registered_at >= {{ midnight('months.period_start') }}
        and cases.registered_at < {{ midnight('months.period_end') }}
        and cases.registered_at <= months.as_of
