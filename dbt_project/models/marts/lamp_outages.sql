-- Planned outages, and how many lamps hang on their circuit; neither the reason's words
-- nor who approved.
with

lamps as (

    select
        circuit_id,
        count(*) as lamp_count

    from {{ ref('stg_lighting__lamps') }}

    where in_service_to is null

    group by circuit_id

)

select
    outages.outage_id,
    outages.circuit_id,
    outages.starts_at,
    outages.ends_at,
    coalesce(lamps.lamp_count, 0) as lamp_count

from {{ ref('stg_lighting__planned_outages') }} as outages
left join lamps
    on outages.circuit_id = lamps.circuit_id
