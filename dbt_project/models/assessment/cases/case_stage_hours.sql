-- How long each stage of a case took, by the clock, in the month the stage ended. The
-- time a case lay suspended is part of what the citizen waited. A stage that would end
-- before it began has no length.
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

    where status not in ('作废', '不予受理') and master_case_id is null

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

first_dispatches as (

    select
        case_id,
        min(event_at) as dispatched_at

    from {{ ref('stg_cases__case_events') }}

    where event_type = 'dispatched'

    group by case_id

),

stages as (

    select
        'acceptance_hours' as metric_id,
        case_id,
        reported_at as began_at,
        accepted_at as ended_at

    from cases

    union all

    select
        'registration_hours' as metric_id,
        case_id,
        accepted_at as began_at,
        registered_at as ended_at

    from cases

    union all

    select
        'dispatch_hours' as metric_id,
        cases.case_id,
        cases.registered_at as began_at,
        coalesce(first_dispatches.dispatched_at, cases.dispatched_at) as ended_at

    from cases
    left join first_dispatches
        on cases.case_id = first_dispatches.case_id

    union all

    select
        'disposal_hours' as metric_id,
        case_id,
        dispatched_at as began_at,
        disposed_at as ended_at

    from cases

    union all

    select
        'checking_hours' as metric_id,
        case_id,
        disposed_at as began_at,
        checked_at as ended_at

    from cases

    union all

    select
        'closing_hours' as metric_id,
        case_id,
        checked_at as began_at,
        closed_at as ended_at

    from cases

    union all

    select
        'whole_hours' as metric_id,
        case_id,
        reported_at as began_at,
        closed_at as ended_at

    from cases

)

select
    stages.metric_id,
    'case' as record_type,
    stages.case_id as record_key,
    stages.case_id,
    cast(null as varchar) as dept_code,
    months.period_start as month_start,
    stages.ended_at as happened_at,
    {{ minutes_between('stages.began_at', 'stages.ended_at') }} / 60.0 as numerator,
    1 as denominator,
    cast(null as varchar) as excluded_reason

from stages
inner join months
    on
        stages.ended_at >= {{ midnight('months.period_start') }}
        and stages.ended_at < {{ midnight('months.period_end') }}
        and stages.ended_at <= months.cutoff_at

where stages.began_at <= stages.ended_at
