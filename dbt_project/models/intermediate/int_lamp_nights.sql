-- Every night of every lamp that is controlled singly and in service, with its verdict
-- (F5, I17). View: the year's lamp-nights are many, and only their exceptions are kept.
{{ config(materialized='view') }}
with

nights as (

    select * from {{ ref('int_nights') }}

),

lamps as (

    select * from {{ ref('stg_lighting__lamps') }}

    where control = '单灯'

),

polls as (

    select * from {{ ref('parsed_lamp_night_polls') }}

),

plan_slots as (

    select
        plans.circuit_id,
        plans.night_date,
        {{
            slots_between(
                'ceil(' ~ slot_position('plans.night_date', 'plans.on_at') ~ ')',
                'floor(' ~ slot_position('plans.night_date', 'plans.off_at') ~ ') + 1'
            )
        }} as burning_slots

    from {{ ref('stg_lighting__switch_plans') }} as plans

),

outage_slots as (

    select
        circuit_id,
        night_date,
        bit_or(
            {{
                slots_between(
                    'ceil(' ~ slot_position('night_date', 'starts_at') ~ ')',
                    'ceil(' ~ slot_position('night_date', 'ends_at') ~ ')'
                )
            }}
        ) as dark_slots

    from {{ ref('int_outage_nights') }}

    group by
        circuit_id,
        night_date

),

asked_slots as (

    select
        plan_slots.circuit_id,
        plan_slots.night_date,
        plan_slots.burning_slots
        & ~coalesce(outage_slots.dark_slots, cast(0 as bigint)) as asked_slots

    from plan_slots
    left join outage_slots
        on
            plan_slots.circuit_id = outage_slots.circuit_id
            and plan_slots.night_date = outage_slots.night_date

),

counted as (

    select
        nights.night_date,
        lamps.lamp_id,
        lamps.town_code,
        lamps.road_class,
        lamps.circuit_id,
        asked_slots.asked_slots,
        bit_count(asked_slots.asked_slots) as asked,
        bit_count(
            asked_slots.asked_slots & coalesce(polls.lit_slots, cast(0 as bigint))
        ) as lit,
        bit_count(
            asked_slots.asked_slots
            & ~coalesce(polls.known_slots, cast(0 as bigint))
        ) as unknown,
        bit_count(coalesce(polls.polled_slots, cast(0 as bigint))) as polled

    from nights
    inner join lamps
        on
            (
                lamps.in_service_from is null
                or lamps.in_service_from <= nights.night_date
            )
            and (
                lamps.in_service_to is null
                or lamps.in_service_to >= nights.night_date
            )
    left join asked_slots
        on
            lamps.circuit_id = asked_slots.circuit_id
            and nights.night_date = asked_slots.night_date
    left join polls
        on
            lamps.lamp_id = polls.lamp_id
            and nights.night_date = polls.night_date

)

select
    night_date,
    lamp_id,
    town_code,
    road_class,
    polled,
    case
        when asked_slots is null then 'no_plan'
        when asked = 0 then '计划停'
        when lit >= 0.9 * asked then '亮'
        when lit + unknown >= 0.9 * asked then '未知'
        else '不亮'
    end as verdict

from counted
