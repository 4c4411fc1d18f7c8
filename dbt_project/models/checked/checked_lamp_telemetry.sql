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
        {{ judge([
            fault(
                'D01', 'lamps.lamp_id is null',
                "'灯号不在路灯台账：' || " ~ quoted('suspect.lamp_id')
            ),
            one_of(
                'D02', 'suspect.power_state', ['on', 'off', 'low'], may_be_empty=true
            ),
            not_negative('D04', 'suspect.power_w'),
        ]) }} as faults

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
    {{ verdict() }},
    cast(null as varchar) as warning,
    judged.faults,
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
    judged.faults is not null
    and judged.ts <= parameters.as_of
