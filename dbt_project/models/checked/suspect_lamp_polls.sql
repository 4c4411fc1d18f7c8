-- depends_on: {{ ref('telemetry_files') }}
-- Polls that break a rule of their own, or name a lamp that no register had shown when
-- they were read: the few rows that may end in quarantine. A night without any keeps one
-- row without a lamp, so that it is known to have been read.
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='night_date'
    )
}}
with

polls as (

    {{ unread_polls(this) }}

),

nights as (

    {{ unread_nights(this) }}

),

suspect as (

    select polls.*

    from polls

    where
        polls.power_state not in ('on', 'off', 'low')
        or polls.power_w < 0
        or not isfinite(polls.power_w)
        or not exists (
            select 1
            from {{ ref('checked_lamp') }} as lamps
            where
                lamps.lamp_id = polls.lamp_id
                and lamps.verdict = 'accepted'
        )

)

select
    nights.night_date,
    nights.input_hash,
    suspect.lamp_id,
    suspect.ts,
    suspect.power_state,
    suspect.online,
    suspect.power_w,
    suspect.load_id,
    suspect.load_date

from nights
left join suspect
    on nights.night_date = suspect.night_date
