-- A. Case platform: the verdict on every visible version of a case event.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

case_events as (

    select
        parsed.*,
        parameters.as_of_date,
        parameters.history_from

    from {{ ref('parsed_case_events') }} as parsed
    cross join parameters

    where
        parsed.updated_at is null
        or parsed.updated_at <= parameters.as_of

),

judged as (

    select
        *,
        {{ judge(
            [
                fault('A01', 'lacks_key', "'缺少 event_id'"),
                fault('A01', 'lacks_version', "'缺少 updated_at'"),
                one_of('A02', 'event_type', [
                    'reported', 'accepted', 'rejected', 'merged', 'registered',
                    'voided', 'dispatched', 'dept_returned', 'return_approved',
                    'extension_approved', 'suspended', 'resumed', 'disposed',
                    'checked_pass', 'checked_fail', 'closed', 'reopened',
                    'appealed', 'appeal_upheld', 'appeal_rejected',
                ]),
                one_of('A02', 'actor_role', [
                    '监督员', '受理员', '值班长', '派遣员', '专业部门', '座席',
                ]),
                faults_in('unreadable_times'),
            ]
            + within_history('A03', ['event_at', 'new_due_at', 'updated_at'])
            + not_after_version('A05', ['event_at'])
            + [faults_in('wrong_types')]
        ) }} as faults

    from case_events

),

ranked as (

    select
        *,
        row_number() over (
            partition by event_id, faults is null
            order by updated_at desc nulls last, load_id desc, line desc
        ) as version_rank

    from judged

)

select
    -- the row
    row_id,
    'case_events' as source,
    'case_events' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    event_id as record_key,

    -- times
    least(coalesce(cast(updated_at as date), load_date), as_of_date) as business_date,
    updated_at as version_at,
    updated_at as recorded_at,

    -- the verdict
    {{ verdict(in_force='version_rank = 1') }},
    cast(null as varchar) as warning,
    faults,

    -- fields
    event_id,
    case_id,
    event_type,
    event_at,
    actor_role,
    dept_code,
    to_dept_code,
    result,
    new_due_at,
    updated_at

from ranked
