-- depends_on: {{ ref('telemetry_files') }}
-- A lamp's polls of one night as two sets of half-hour slots: polled, and lit or
-- reported dark. Polls are judged by what they say themselves (D02, D04); whether the
-- lamp is known (D01) may change later and is judged in checked.
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
            when power_w < 0 then 'D04'
        end as rule,
        cast(floor({{ slot_position('night_date', 'ts') }}) as integer) as slot

    from polls

),

-- The last poll of a slot counts.
slot_polls as (

    select
        night_date,
        lamp_id,
        slot,
        max_by(
            coalesce(online, false) and coalesce(power_state in ('on', 'low'), false),
            ts
        ) as is_lit,
        max_by(coalesce(online, false), ts) as is_online

    from judged

    where rule is null and slot between 0 and 29

    group by
        night_date,
        lamp_id,
        slot

),

slots as (

    select
        night_date,
        lamp_id,
        sum({{ slot_mask('slot') }}) as polled_slots,
        sum(
            case when is_lit then {{ slot_mask('slot') }} else 0 end
        ) as lit_slots,
        sum(
            case when is_online then {{ slot_mask('slot') }} else 0 end
        ) as known_slots

    from slot_polls

    group by
        night_date,
        lamp_id

),

counts as (

    select
        night_date,
        lamp_id,
        min(input_hash) as input_hash,
        max(ts) as last_poll_at,
        count(*) filter (where cast(ts as date) = night_date) as evening_polls,
        count(*) filter (where cast(ts as date) != night_date) as morning_polls,
        count(*) filter (
            where cast(ts as date) = night_date and rule is not null
        ) as evening_broken,
        count(*) filter (
            where cast(ts as date) != night_date and rule is not null
        ) as morning_broken

    from judged

    group by
        night_date,
        lamp_id

)

select
    counts.night_date,
    counts.lamp_id,
    counts.input_hash,
    cast(coalesce(slots.polled_slots, 0) as bigint) as polled_slots,
    cast(coalesce(slots.lit_slots, 0) as bigint) as lit_slots,
    cast(coalesce(slots.known_slots, 0) as bigint) as known_slots,
    counts.evening_polls,
    counts.morning_polls,
    counts.evening_broken,
    counts.morning_broken,
    counts.last_poll_at

from counts
left join slots
    on
        counts.night_date = slots.night_date
        and counts.lamp_id = slots.lamp_id
