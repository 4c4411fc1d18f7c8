-- What decides the verdicts of a night, as one hash for each night: the files of its
-- polls, the switch plan, the planned outages and the lamps in service. A night whose
-- hash has not changed need not be judged again.
{{ config(materialized='view') }}
with

nights as (

    select * from {{ ref('int_nights') }}

),

polls as (

    {{ telemetry_nights() }}

),

plans as (

    select
        night_date,
        bit_xor({{ hash_of(['circuit_id', 'on_at', 'off_at']) }}) as plan_hash

    from {{ ref('stg_lighting__switch_plans') }}

    group by night_date

),

outages as (

    select
        night_date,
        bit_xor(
            {{ hash_of(['outage_id', 'circuit_id', 'starts_at', 'ends_at']) }}
        ) as outage_hash

    from {{ ref('int_outage_nights') }}

    group by night_date

),

lamps as (

    select
        coalesce(in_service_from, cast('1900-01-01' as date)) as first_night,
        {{ add_days("coalesce(in_service_to, cast('9998-12-31' as date))", 1) }}
            as end_night,
        {{ hash_of(['lamp_id', 'circuit_id', 'town_code', 'road_class']) }} as lamp_hash

    from {{ ref('stg_lighting__lamps') }}

    where control = '单灯'

),

-- A lamp's hash goes in on its first night and comes out again after its last one, so
-- that what is in at a night is the lamps in service, without looking at each of them.
comings_and_goings as (

    select
        first_night as night_date,
        lamp_hash

    from lamps

    union all

    select
        end_night as night_date,
        lamp_hash

    from lamps

    union all

    select
        night_date,
        {{ no_hash() }} as lamp_hash

    from nights

),

changes as (

    select
        night_date,
        bit_xor(lamp_hash) as change_hash

    from comings_and_goings

    group by night_date

),

in_service as (

    select
        night_date,
        bit_xor(change_hash) over (order by night_date) as lamps_hash

    from changes

)

select
    nights.night_date,
    concat_ws(
        ' ',
        coalesce(polls.input_hash, '-'),
        coalesce(cast(plans.plan_hash as varchar), '-'),
        coalesce(cast(outages.outage_hash as varchar), '-'),
        cast(in_service.lamps_hash as varchar)
    ) as input_hash

from nights
inner join in_service
    on nights.night_date = in_service.night_date
left join polls
    on nights.night_date = polls.night_date
left join plans
    on nights.night_date = plans.night_date
left join outages
    on nights.night_date = outages.night_date
