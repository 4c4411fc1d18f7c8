-- Planned outages with each night they touch, cut to the noons around it: an outage may
-- last for ever, and nothing can be reckoned with for ever.
{{ config(materialized='view') }}
with

nights as (

    select
        night_date,
        {{ time_on('night_date', "'12:00'") }} as noon_before,
        {{ time_on(add_days('night_date', 1), "'12:00'") }} as noon_after

    from {{ ref('int_nights') }}

)

select
    nights.night_date,
    outages.outage_id,
    outages.circuit_id,
    greatest(outages.starts_at, nights.noon_before) as starts_at,
    least(outages.ends_at, nights.noon_after) as ends_at

from {{ ref('stg_lighting__planned_outages') }} as outages
inner join nights
    on
        outages.starts_at < nights.noon_after
        and outages.ends_at > nights.noon_before
