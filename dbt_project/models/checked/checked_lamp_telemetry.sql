-- The polls that break a rule, one row each, in the shape of all verdicts. Sound polls
-- are not listed here: checked_lamp_telemetry_counts counts them.
with

suspect as (

    select * from {{ ref('suspect_lamp_polls') }}

    where lamp_id is not null

),

lamps as (

    select distinct lamp_id from {{ ref('checked_lamp') }}

    where verdict = 'accepted'

),

judged as (

    select
        suspect.*,
        case
            when lamps.lamp_id is null then 'D01'
            when suspect.power_state not in ('on', 'off', 'low') then 'D02'
            when suspect.power_w < 0 then 'D04'
        end as rule

    from suspect
    left join lamps
        on suspect.lamp_id = lamps.lamp_id

)

select
    'telemetry:' || judged.lamp_id || ':' || cast(judged.ts as varchar) as row_id,
    'lighting' as source,
    'lamp_telemetry' as source_table,
    judged.load_id,
    judged.load_date,
    cast(null as varchar) as owner,
    'lamp_telemetry' as file,
    cast(null as varchar) as sheet,
    cast(null as bigint) as line,
    judged.lamp_id || ' ' || cast(judged.ts as varchar) as record_key,
    cast(judged.ts as date) as business_date,
    judged.ts as version_at,
    'quarantined' as verdict,
    judged.rule,
    case judged.rule
        when 'D01' then '灯号 ' || judged.lamp_id || ' 不在路灯台账中'
        when 'D02' then 'power_state 取值未知：' || judged.power_state
        else 'power_w 为负数：' || cast(judged.power_w as varchar)
    end as message,
    cast(null as varchar) as warning,
    to_json({
        'lamp_id': judged.lamp_id,
        'ts': judged.ts,
        'power_state': judged.power_state,
        'online': judged.online,
        'power_w': judged.power_w
    }) as raw

from judged
cross join {{ source('ops', 'parameters') }} as parameters

where
    judged.rule is not null
    and judged.ts <= parameters.as_of
