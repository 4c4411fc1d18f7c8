-- D. Street lights: the verdict on every visible version of a lamp fault.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

faults as (

    select
        landed.*,
        parameters.as_of_date

    from {{ source('landed', 'lamp_fault') }} as landed
    cross join parameters

    where
        landed.updated_at is null
        or landed.updated_at <= parameters.as_of

),

lamps as (

    select lamp_id from {{ ref('checked_lamp') }}

    where verdict = 'accepted'

),

facts as (

    select
        faults.*,
        lamps.lamp_id is null as is_unknown_lamp,
        case
            when coalesce(faults.found_by, '') not in ('遥测', '夜巡', '投诉', '案卷')
                then 'found_by=' || coalesce(faults.found_by, '')
            when coalesce(faults.grade, '') not in ('一般', '严重', '危急')
                then 'grade=' || coalesce(faults.grade, '')
        end as unknown_value

    from faults
    left join lamps
        on faults.lamp_id = lamps.lamp_id

),

judged as (

    select
        *,
        case
            when is_unknown_lamp then 'D01'
            when unknown_value is not null then 'D02'
            when fixed_at < found_at then 'D03'
        end as rule,
        case
            when is_unknown_lamp then '灯号不在路灯台账：' || coalesce(lamp_id, '')
            when unknown_value is not null then '取值不在约定内：' || unknown_value
            when fixed_at < found_at then 'fixed_at 早于 found_at'
        end as message

    from facts

),

ranked as (

    select
        *,
        row_number() over (
            partition by fault_id, rule is null
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
