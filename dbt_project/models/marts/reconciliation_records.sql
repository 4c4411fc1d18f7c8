-- What two systems say of the same thing, record by record.
with

compared as (

    select * from {{ ref('reconciled_cases') }}

    union all

    select * from {{ ref('reconciled_lamps') }}

    union all

    select * from {{ ref('reconciled_loads') }}

)

select
    check_id,
    {{ period_label("'M'", 'month_start') }} as month,
    owner_code,
    record_type,
    record_key,
    outcome,
    note

from compared
