-- Days on which a segment need not be swept, one row per edition and waiver.
select
    -- ids
    {{ cell('waiver_id') }} as waiver_id,
    {{ cell('segment_id') }} as segment_id,

    -- categories
    {{ cell('reason') }} as reason,
    {{ cell('approver') }} as approver,

    -- times
    {{ as_date(cell('date_from')) }} as date_from,
    {{ as_date(cell('date_to')) }} as date_to,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'ops_waivers' and verdict = 'accepted'
