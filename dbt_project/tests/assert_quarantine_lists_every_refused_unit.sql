-- A refused unit that is not in quarantine would never reach its owner.
with

refused as (

    select row_id from {{ ref('verdicts') }}

    where verdict = 'quarantined'

    union all

    select row_id from {{ ref('checked_lamp_telemetry') }}

)

select coalesce(refused.row_id, quarantine.row_id) as row_id

from refused
full outer join {{ ref('quarantine') }} as quarantine
    on refused.row_id = quarantine.row_id

where refused.row_id is null or quarantine.row_id is null
