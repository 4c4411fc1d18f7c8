-- How cases pass through the centre: registered, dispatched, sent back, appealed. These
-- are the posts' own work and count every case, not only those of city management, as
-- X06a and X06b do.
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

events as (

    select
        *,
        coalesce(to_dept_code, dept_code) as sent_to_dept_code

    from {{ ref('stg_cases__case_events') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

reported as (

    select
        'registration_rate' as metric_id,
        'case' as record_type,
        cases.case_id as record_key,
        cases.case_id,
        cast(null as varchar) as dept_code,
        months.period_start as month_start,
        cases.reported_at as happened_at,
        cast(coalesce(cases.registered_at <= months.cutoff_at, false) as integer)
            as numerator,
        1 as denominator,
        case when cases.master_case_id is not null then '重复件' end
            as excluded_reason

    from cases
    inner join months
        on
            cases.reported_at >= {{ midnight('months.period_start') }}
            and cases.reported_at < {{ midnight('months.period_end') }}
            and cases.reported_at <= months.as_of

),

registered as (

    select
        'timely_registration_rate' as metric_id,
        'case' as record_type,
        case_id as record_key,
        case_id,
        cast(null as varchar) as dept_code,
        month_start,
        registered_at as happened_at,
        cast(is_registered_in_time as integer) as numerator,
        1 as denominator,
        excluded_reason

    from {{ ref('int_cases_registered') }}

),

first_dispatches as (

    select
        case_id,
        sent_to_dept_code as dept_code,
        event_at as dispatched_at

    from events

    where event_type = 'dispatched'

    qualify
        row_number() over (partition by case_id order by event_at, event_id) = 1

),

-- Dispatched or to be dispatched: 30 minutes from registration, in the month of the
-- dispatch or of its limit, whichever came first (F1). A case that was closed without
-- any dispatch needed none.
due_for_dispatch as (

    select
        cases.case_id,
        first_dispatches.dept_code,
        coalesce(first_dispatches.dispatched_at, cases.dispatched_at)
            as dispatched_at,
        cases.registered_at + to_minutes(30) as due_at,
        case
            when cases.status in ('作废', '不予受理') then cases.status
            when cases.master_case_id is not null then '重复件'
        end as excluded_reason

    from cases
    left join first_dispatches
        on cases.case_id = first_dispatches.case_id

    where
        cases.registered_at is not null
        and (
            first_dispatches.dispatched_at is not null
            or cases.dispatched_at is not null
            or cases.closed_at is null
        )

),

attributed as (

    select
        due_for_dispatch.*,
        months.period_start as month_start,
        months.cutoff_at,
        least(
            coalesce(due_for_dispatch.dispatched_at, due_for_dispatch.due_at),
            due_for_dispatch.due_at
        ) as happened_at

    from due_for_dispatch
    inner join months
        on
            least(
                coalesce(due_for_dispatch.dispatched_at, due_for_dispatch.due_at),
                due_for_dispatch.due_at
            ) >= {{ midnight('months.period_start') }}
            and least(
                coalesce(due_for_dispatch.dispatched_at, due_for_dispatch.due_at),
                due_for_dispatch.due_at
            ) < {{ midnight('months.period_end') }}
            and least(
                coalesce(due_for_dispatch.dispatched_at, due_for_dispatch.due_at),
                due_for_dispatch.due_at
            ) <= months.as_of

),

-- Sent to another department than the first one by the cut-off.
misdirected as (

    select distinct attributed.case_id

    from attributed
    inner join events
        on
            attributed.case_id = events.case_id
            and events.event_type = 'dispatched'
            and events.event_at <= attributed.cutoff_at
            and attributed.dept_code != events.sent_to_dept_code

),

dispatched as (

    select
        'timely_dispatch_rate' as metric_id,
        'case' as record_type,
        case_id as record_key,
        case_id,
        dept_code,
        month_start,
        happened_at,
        cast(coalesce(dispatched_at <= due_at, false) as integer) as numerator,
        1 as denominator,
        excluded_reason

    from attributed

    union all

    select
        'accurate_dispatch_rate' as metric_id,
        'case' as record_type,
        attributed.case_id as record_key,
        attributed.case_id,
        attributed.dept_code,
        attributed.month_start,
        attributed.happened_at,
        cast(
            coalesce(attributed.dispatched_at <= attributed.cutoff_at, false)
            and misdirected.case_id is null as integer
        ) as numerator,
        1 as denominator,
        attributed.excluded_reason

    from attributed
    left join misdirected
        on attributed.case_id = misdirected.case_id

),

-- Approved returns over dispatches received, each counted in its own month.
sent_and_returned as (

    select
        'return_rate' as metric_id,
        'case_event' as record_type,
        events.event_id as record_key,
        events.case_id,
        case
            when events.event_type = 'dispatched' then events.sent_to_dept_code
            else events.dept_code
        end as dept_code,
        months.period_start as month_start,
        events.event_at as happened_at,
        cast(events.event_type = 'return_approved' as integer) as numerator,
        cast(events.event_type = 'dispatched' as integer) as denominator,
        cast(null as varchar) as excluded_reason

    from events
    inner join months
        on
            events.event_at >= {{ midnight('months.period_start') }}
            and events.event_at < {{ midnight('months.period_end') }}
            and events.event_at <= months.cutoff_at

    where events.event_type in ('dispatched', 'return_approved')

),

-- An appeal is answered by the first decision after it.
appeals as (

    select
        events.event_id,
        events.case_id,
        events.dept_code,
        events.event_at,
        months.period_start as month_start,
        min_by(decisions.event_type, decisions.event_at) as decision

    from events
    inner join months
        on
            events.event_at >= {{ midnight('months.period_start') }}
            and events.event_at < {{ midnight('months.period_end') }}
            and events.event_at <= months.cutoff_at
    left join events as decisions
        on
            events.case_id = decisions.case_id
            and decisions.event_type in ('appeal_upheld', 'appeal_rejected')
            and events.event_at <= decisions.event_at
            and decisions.event_at <= months.cutoff_at

    where events.event_type = 'appealed'

    group by
        events.event_id,
        events.case_id,
        events.dept_code,
        events.event_at,
        months.period_start

),

appealed as (

    select
        'appeal_success_rate' as metric_id,
        'case_event' as record_type,
        event_id as record_key,
        case_id,
        dept_code,
        month_start,
        event_at as happened_at,
        cast(coalesce(decision = 'appeal_upheld', false) as integer) as numerator,
        1 as denominator,
        cast(null as varchar) as excluded_reason

    from appeals

)

select * from reported

union all

select * from registered

union all

select * from dispatched

union all

select * from sent_and_returned

union all

select * from appealed
