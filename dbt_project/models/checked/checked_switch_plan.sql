-- D. Street lights: the verdict on every visible version of a circuit's nightly plan.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

plans as (

    select
        landed.*,
        parameters.as_of_date

    from {{ source('landed', 'switch_plan') }} as landed
    cross join parameters

    where
        landed.updated_at is null
        or landed.updated_at <= parameters.as_of
        or isinf(landed.updated_at)

),

-- A circuit is known by the lamps that hang on it.
circuits as (

    select circuit_id from {{ ref('checked_lamp') }}

    where verdict = 'accepted'

    group by circuit_id

),

facts as (

    select
        plans.*,
        circuits.circuit_id is null as is_unknown_circuit

    from plans
    left join circuits
        on plans.circuit_id = circuits.circuit_id

),

judged as (

    select
        *,
        {{ judge([
            fault(
                'D01', 'is_unknown_circuit',
                "'没有灯属于这个回路：' || " ~ quoted('circuit_id')
            ),
            fault(
                'D03', 'off_at <= on_at',
                "'off_at 不晚于 on_at：' || " ~ quoted('on_at') ~ " || '，' || "
                ~ quoted('off_at')
            ),
            fault('D03', 'night_date is null', "'缺少 night_date'"),
            finite_time('D03', 'night_date'),
            finite_time('D03', 'updated_at'),
        ]) }} as faults

    from facts

),

ranked as (

    select
        *,
        row_number() over (
            partition by circuit_id, night_date, faults is null
            order by updated_at desc nulls last, load_id desc, row_id desc
        ) as version_rank

    from judged

)

select
    -- the row
    row_id,
    'lighting' as source,
    'switch_plan' as source_table,
    load_id,
    load_date,
    landed_at,
    cast(null as varchar) as owner,
    'switch_plan' as file,
    cast(null as varchar) as sheet,
    cast(null as bigint) as line,
    circuit_id || '/' || cast(night_date as varchar) as record_key,

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
    circuit_id,
    night_date,
    on_at,
    off_at,
    updated_at

from ranked
