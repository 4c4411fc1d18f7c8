-- Planned outages with each night they touch.
{{ config(materialized='view') }}
select
    nights.night_date,
    outages.outage_id,
    outages.circuit_id,
    outages.starts_at,
    outages.ends_at

from {{ ref('stg_lighting__planned_outages') }} as outages
inner join {{ ref('int_nights') }} as nights
    on
        {{ night_of('outages.starts_at') }} <= nights.night_date
        and {{ night_of('outages.ends_at') }} >= nights.night_date
