-- Sanitation contractors, one row per edition and contractor.
select
    -- ids
    {{ cell('contractor_code') }} as contractor_code,

    -- categories
    {{ cell('name') }} as name,

    -- measures
    {{ as_number(cell('monthly_fee_yuan')) }} as monthly_fee_yuan,

    -- times
    {{ as_date(cell('contract_from')) }} as contract_from,
    {{ as_date(cell('contract_to')) }} as contract_to,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'contractors' and verdict = 'accepted'
