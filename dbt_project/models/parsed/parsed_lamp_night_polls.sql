-- depends_on: {{ ref('telemetry_files') }}
-- A lamp's polls of one night as sets of half-hour slots: polled, lit, and known, that
-- is on line. Polls are judged by what they say themselves (D02, D04); whether the lamp
-- is known (D01) may change later and is judged in checked.
{{
    config(
        incremental_strategy='delete+insert',
        unique_key='night_date'
    )
}}
with

polls as (

    {{ unread_polls(this) }}

),

judged as (

    select
        *,
        case
            when power_state not in ('on', 'off', 'low') then 'D02'
            when power_w < 0 or not isfinite(power_w) then 'D04'
        end as rule,
        coalesce(online, false) as is_online,
        coalesce(online and power_state in ('on', 'low'), false) as is_lit,
        cast(floor({{ slot_position('night_date', 'ts') }}) as integer) as slot

    from polls

),

-- The set of the one slot that a sound poll tells of.
placed as (

    select
        *,
        case
            when rule is null and slot between 0 and 29 then {{ slot_mask('slot') }}
        end as slot_set

    from judged

),

lamp_nights as (

    select
        night_date,
        lamp_id,
        min(input_hash) as input_hash,
        max(ts) as last_poll_at,
        count(slot_set) as placed_polls,
        coalesce(bit_or(slot_set), 0) as polled_slots,
        coalesce(bit_or(case when is_lit then slot_set end), 0) as lit_slots,
        coalesce(bit_or(case when is_online then slot_set end), 0) as known_slots,
        count(*) filter (where cast(ts as date) = night_date) as evening_polls,
        count(*) filter (where cast(ts as date) != night_date) as morning_polls,
        count(*) filter (
            where cast(ts as date) = night_date and rule is not null
        ) as evening_broken,
        count(*) filter (
            where cast(ts as date) != night_date and rule is not null
        ) as morning_broken

    from placed

    group by
        night_date,
        lamp_id

),

-- The last poll of a slot counts. Few lamp-nights have a slot with several, and only
-- those are looked at slot by slot: a rebuild reads a year of polls.
repeated as (

    select
        night_date,
        lamp_id

    from lamp_nights

    where placed_polls > bit_count(polled_slots)

),

last_polls as (

    select
        placed.night_date,
        placed.lamp_id,
        placed.slot_set,
        max_by(placed.is_lit, placed.ts) as is_lit,
        max_by(placed.is_online, placed.ts) as is_online

    from placed
    inner join repeated
        on
            placed.night_date = repeated.night_date
            and placed.lamp_id = repeated.lamp_id

    where placed.slot_set is not null

    group by
        placed.night_date,
        placed.lamp_id,
        placed.slot_set

),

last_slots as (

    select
        night_date,
        lamp_id,
        sum(case when is_lit then slot_set else 0 end) as lit_slots,
        sum(case when is_online then slot_set else 0 end) as known_slots

    from last_polls

    group by
        night_date,
        lamp_id

)

select
    lamp_nights.night_date,
    lamp_nights.lamp_id,
    lamp_nights.input_hash,
    cast(lamp_nights.polled_slots as bigint) as polled_slots,
    cast(coalesce(last_slots.lit_slots, lamp_nights.lit_slots) as bigint)
        as lit_slots,
    cast(coalesce(last_slots.known_slots, lamp_nights.known_slots) as bigint)
        as known_slots,
    lamp_nights.evening_polls,
    lamp_nights.morning_polls,
    lamp_nights.evening_broken,
    lamp_nights.morning_broken,
    lamp_nights.last_poll_at

from lamp_nights
left join last_slots
    on
        lamp_nights.night_date = last_slots.night_date
        and lamp_nights.lamp_id = last_slots.lamp_id
