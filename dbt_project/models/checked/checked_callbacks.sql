-- A. Case platform: the verdict on every visible version of a call-back.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

callbacks as (

    select
        parsed.*,
        parameters.as_of_date,
        parameters.history_from

    from {{ ref('parsed_callbacks') }} as parsed
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
                fault('A01', 'lacks_key', "'缺少 callback_id'"),
                fault('A01', 'lacks_version', "'缺少 updated_at'"),
                one_of(
                    'A02', 'rating', ['满意', '基本满意', '不满意', '拒评'],
                    may_be_empty=true
                ),
                faults_in('unreadable_times'),
            ]
            + within_history('A03', ['called_at', 'updated_at'])
            + not_after_version('A05', ['called_at'])
            + [faults_in('wrong_types')]
        ) }} as faults

    from callbacks

),

ranked as (

    select
        *,
        row_number() over (
            partition by callback_id, faults is null
            order by updated_at desc nulls last, load_id desc, line desc
        ) as version_rank

    from judged

)

select
    -- the row
    row_id,
    'callbacks' as source,
    'callbacks' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    callback_id as record_key,

    -- times
    least(coalesce(cast(updated_at as date), load_date), as_of_date) as business_date,
    updated_at as version_at,
    updated_at as recorded_at,

    -- the verdict
    {{ verdict(in_force='version_rank = 1') }},
    cast(null as varchar) as warning,
    faults,

    -- fields
    callback_id,
    case_id,
    attempt_no,
    called_at,
    is_reached,
    rating,
    updated_at

from ranked
