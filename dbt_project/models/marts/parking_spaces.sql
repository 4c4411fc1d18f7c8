-- Parking spaces and vehicles of the county at the end of each quarter.
select
    strftime(register_month, '%Y-%m') as month,
    attached_spaces,
    off_street_spaces,
    on_street_spaces,
    vehicles

from {{ ref('stg_registers__parking') }}
