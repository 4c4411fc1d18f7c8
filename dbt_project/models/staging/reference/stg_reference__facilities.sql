-- Waste facilities, one row per edition and facility.
select
    -- ids
    {{ cell('facility_id') }} as facility_id,

    -- categories
    {{ cell('name') }} as name,
    {{ cell('kind') }} as kind,
    {{ cell('serves') }} as serves,
    {{ cell('harmless') }} = '是' as is_harmless,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'facilities' and verdict = 'accepted'
