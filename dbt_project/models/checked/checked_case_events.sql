-- A. Case platform: the verdict on every visible version of a case event.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

case_events as (

    select
        parsed.*,
        parameters.as_of_date

    from {{ ref('parsed_case_events') }} as parsed
    cross join parameters

    where
        parsed.updated_at is null
        or parsed.updated_at <= parameters.as_of

),

facts as (

    select
        *,
        case
            when
                coalesce(event_type, '') not in (
                    'reported', 'accepted', 'rejected', 'merged', 'registered',
                    'voided', 'dispatched', 'dept_returned', 'return_approved',
                    'extension_approved', 'suspended', 'resumed', 'disposed',
                    'checked_pass', 'checked_fail', 'closed', 'reopened',
                    'appealed', 'appeal_upheld', 'appeal_rejected'
                )
                then 'event_type=' || coalesce(event_type, '')
            when
                coalesce(actor_role, '') not in (
                    '监督员', '受理员', '值班长', '派遣员', '专业部门', '座席'
                )
                then 'actor_role=' || coalesce(actor_role, '')
        end as unknown_value,
        {{ first_time_after(
            'updated_at + interval 5 minute', ['event_at']
        ) }} as time_from_the_future

    from case_events

),

judged as (

    select
        *,
        case
            when lacks_key then 'A01'
            when lacks_version then 'A01'
            when unknown_value is not null then 'A02'
            when unreadable_time is not null then 'A03'
            when time_from_the_future is not null then 'A05'
            when wrong_type is not null then 'A07'
        end as rule,
        case
            when lacks_key then '缺少 event_id'
            when lacks_version then '缺少 updated_at'
            when unknown_value is not null then '取值不在约定内：' || unknown_value
            when unreadable_time is not null then '时间无法识别：' || unreadable_time
            when time_from_the_future is not null
                then time_from_the_future || ' 晚于 updated_at 5 分钟以上'
            when wrong_type is not null then '字段类型不符：' || wrong_type
        end as message

    from facts

),

ranked as (

    select
        *,
        row_number() over (
            partition by event_id, rule is null
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
    case
        when rule is not null then 'quarantined'
        when version_rank > 1 then 'superseded'
        else 'accepted'
    end as verdict,
    rule,
    message,
    cast(null as varchar) as warning,

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
