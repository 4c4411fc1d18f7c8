-- Verdicts on telemetry, counted per calendar day: a poll is sound, or it breaks a rule.
-- Polls are append-only and landed once, so none is ever superseded.
with

nights as (

    select
        polls.*,
        lamps.lamp_id is not null as is_known_lamp

    from {{ ref('parsed_lamp_night_polls') }} as polls
    left join {{ ref('checked_lamp') }} as lamps
        on
            polls.lamp_id = lamps.lamp_id
            and lamps.verdict = 'accepted'

),

days as (

    select
        night_date as business_date,
        sum(evening_polls) as received,
        sum(
            case when is_known_lamp then evening_broken else evening_polls end
        ) as quarantined,
        max(case when evening_polls > 0 then last_poll_at end) as last_record_at

    from nights

    group by night_date

    union all

    select
        {{ add_days('night_date', 1) }} as business_date,
        sum(morning_polls) as received,
        sum(
            case when is_known_lamp then morning_broken else morning_polls end
        ) as quarantined,
        max(case when morning_polls > 0 then last_poll_at end) as last_record_at

    from nights

    group by night_date

)

select
    business_date,
    cast(sum(received) as bigint) as received,
    cast(sum(received) - sum(quarantined) as bigint) as accepted,
    cast(sum(quarantined) as bigint) as quarantined,
    cast(0 as bigint) as superseded,
    max(last_record_at) as last_record_at

from days

group by business_date

having sum(received) > 0
