-- The days for which a facility's file can be read, one row per facility and day.
select
    owner as facility_id,
    file_date

from {{ ref('checked_files') }}

where source = 'weighbridge' and verdict = 'accepted'
