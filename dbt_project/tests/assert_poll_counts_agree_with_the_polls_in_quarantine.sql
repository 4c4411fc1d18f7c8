-- Polls are counted, and the broken ones listed, by two models: they must tell the same
-- story.
with

counted as (

    select
        business_date,
        received,
        accepted,
        quarantined,
        superseded

    from {{ ref('checked_lamp_telemetry_counts') }}

),

listed as (

    select
        business_date,
        count(*) as quarantined

    from {{ ref('checked_lamp_telemetry') }}

    group by business_date

)

select
    coalesce(counted.business_date, listed.business_date) as business_date,
    counted.quarantined as counted_polls,
    listed.quarantined as listed_polls

from counted
full outer join listed
    on counted.business_date = listed.business_date

where
    coalesce(counted.quarantined, 0) != coalesce(listed.quarantined, 0)
    or counted.received
    != counted.accepted + counted.quarantined + counted.superseded
