-- What a reader is shown tonight must stand in the ledger as the newest edition known
-- by tonight: a value that was shown and never recorded could be denied.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

in_force as (

    select indicator_ledger.*

    from {{ ref('indicator_ledger') }} as indicator_ledger
    cross join parameters

    where indicator_ledger.as_of <= parameters.as_of_date

    qualify
        row_number() over (
            partition by
                indicator_ledger.indicator_id,
                indicator_ledger.period,
                indicator_ledger.area_code
            order by indicator_ledger.as_of desc, indicator_ledger.edition desc
        ) = 1

)

select
    shown.indicator_id,
    shown.period,
    shown.area_code,
    shown.value,
    in_force.value as recorded_value

from {{ ref('indicator_values') }} as shown
left join in_force
    on
        shown.indicator_id = in_force.indicator_id
        and shown.period = in_force.period
        and shown.area_code = in_force.area_code

where
    in_force.edition is null
    or {{ is_changed('shown.value', 'in_force.value') }}
    or shown.null_reason is distinct from in_force.null_reason
    or (shown.stage = '终报' and in_force.stage = '初报')
