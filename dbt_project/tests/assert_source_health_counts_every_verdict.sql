-- Conservation as leaders read it: what source_health says was received is the number
-- of verdicts, source by source.
with

judged as (

    select
        source,
        count(*) as units

    from {{ ref('verdicts') }}

    group by source

    union all

    select
        'lighting' as source,
        sum(received) as units

    from {{ ref('checked_lamp_telemetry_counts') }}

),

per_source as (

    select
        source,
        sum(units) as units

    from judged

    group by source

),

shown as (

    select
        source,
        sum(received) as received,
        sum(accepted) + sum(quarantined) + sum(superseded) + sum(ignored)
            as explained

    from {{ ref('source_health') }}

    group by source

)

select
    coalesce(per_source.source, shown.source) as source,
    per_source.units,
    shown.received,
    shown.explained

from per_source
full outer join shown
    on per_source.source = shown.source

where
    coalesce(per_source.units, 0) != coalesce(shown.received, 0)
    or coalesce(shown.received, 0) != coalesce(shown.explained, 0)
