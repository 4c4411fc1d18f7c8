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

),

judged as (

    select
        *,
        case
            when lamp_id is null then 'D01'
            when control not in ('单灯', '回路', '时钟') then 'D02'
            when power_w < 0 then 'D04'
        end as rule,
        case
            when lamp_id is null then '缺少灯号'
            when control not in ('单灯', '回路', '时钟')
                then '取值不在约定内：control=' || control
            when power_w < 0 then 'power_w 为负数：' || cast(power_w as varchar)
        end as message

    from lamps

),

ranked as (

    select
        *,
        row_number() over (
            partition by lamp_id, rule is null
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
