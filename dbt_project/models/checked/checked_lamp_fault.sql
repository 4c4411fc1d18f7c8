-- D. Street lights: the verdict on every visible version of a lamp fault.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

lamp_faults as (

    select
        landed.*,
        parameters.as_of_date

    from {{ source('landed', 'lamp_fault') }} as landed
    cross join parameters

    where
        landed.updated_at is null
        or landed.updated_at <= parameters.as_of
        or isinf(landed.updated_at)

),

lamps as (

    select lamp_id from {{ ref('checked_lamp') }}

    where verdict = 'accepted'

),

facts as (

    select
        lamp_faults.*,
        lamps.lamp_id is null as is_unknown_lamp

    from lamp_faults
    left join lamps
        on lamp_faults.lamp_id = lamps.lamp_id

),

judged as (

    select
        *,
        {{ judge([
            fault('D01', 'fault_id is null', "'缺少 fault_id'"),
            fault(
                'D01', 'is_unknown_lamp',
                "'灯号不在路灯台账：' || " ~ quoted('lamp_id')
            ),
            one_of('D02', 'found_by', ['遥测', '夜巡', '投诉', '案卷']),
            one_of('D02', 'grade', ['一般', '严重', '危急']),
            fault(
                'D03', 'fixed_at < found_at',
                "'fixed_at 早于 found_at：' || " ~ quoted('fixed_at') ~ " || '，' || "
                ~ quoted('found_at')
            ),
            finite_time('D03', 'found_at'),
            finite_time('D03', 'due_at'),
            finite_time('D03', 'fixed_at'),
            finite_time('D03', 'updated_at'),
        ]) }} as faults

    from facts

),

ranked as (

    select
        *,
        row_number() over (
            partition by fault_id, faults is null
            order by updated_at desc nulls last, load_id desc, row_id desc
        ) as version_rank

    from judged

)

select
    -- the row
    row_id,
    'lighting' as source,
    'lamp_fault' as source_table,
    load_id,
    load_date,
    landed_at,
    cast(null as varchar) as owner,
    'lamp_fault' as file,
    cast(null as varchar) as sheet,
    cast(null as bigint) as line,
    fault_id as record_key,

    -- times
    case
        when isinf(updated_at) then least(load_date, as_of_date)
        else least(coalesce(cast(updated_at as date), load_date), as_of_date)
    end as business_date,
    updated_at as version_at,
    updated_at as recorded_at,

    -- the verdict
    {{ verdict(in_force='version_rank = 1') }},
    cast(null as varchar) as warning,
    faults,

    -- fields
    fault_id,
    lamp_id,
    found_at,
    found_by,
    grade,
    due_at,
    fixed_at,
    cause,
    case_id,
    updated_at

from ranked
