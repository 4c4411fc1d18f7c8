-- Parking spaces and vehicles, by quarter.
select
    -- ids
    register_month,

    -- measures
    {{ as_integer(cell('配建车位')) }} as attached_spaces,
    {{ as_integer(cell('路外公共车位')) }} as off_street_spaces,
    {{ as_integer(cell('路内泊位')) }} as on_street_spaces,
    {{ as_integer(cell('汽车保有量')) }} as vehicles

from {{ ref('checked_register_rows') }}

where register = 'parking' and verdict = 'accepted'
