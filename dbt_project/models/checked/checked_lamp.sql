-- D. Street lights: the verdict on every visible version of a lamp. A lamp without a
-- number is no lamp (D01).
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

lamps as (

    select
        landed.*,
        parameters.as_of_date

    from {{ source('landed', 'lamp') }} as landed
    cross join parameters

    where
        landed.updated_at is null
        or landed.updated_at <= parameters.as_of
        or isinf(landed.updated_at)

),

judged as (

    select
        *,
        {{ judge([
            fault('D01', 'lamp_id is null', "'缺少灯号'"),
            one_of(
                'D02', 'control', ['单灯', '回路', '时钟'], may_be_empty=true
            ),
            finite_time('D03', 'updated_at'),
            not_negative('D04', 'power_w'),
        ]) }} as faults

    from lamps

),

ranked as (

    select
        *,
        row_number() over (
            partition by lamp_id, faults is null
            order by updated_at desc nulls last, load_id desc, row_id desc
        ) as version_rank

    from judged

)

select
    -- the row
    row_id,
    'lighting' as source,
    'lamp' as source_table,
    load_id,
    load_date,
    landed_at,
    cast(null as varchar) as owner,
    'lamp' as file,
    cast(null as varchar) as sheet,
    cast(null as bigint) as line,
    lamp_id as record_key,

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
    lamp_id,
    pole_no,
    circuit_id,
    segment_id,
    town_code,
    road_class,
    power_w,
    lon,
    lat,
    control,
    in_service_from,
    in_service_to,
    updated_at

from ranked
