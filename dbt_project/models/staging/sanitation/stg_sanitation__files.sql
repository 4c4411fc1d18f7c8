-- The days for which a contractor's report can be read, one row per contractor and day.
select
    owner as contractor_code,
    file_date

from {{ ref('checked_files') }}

where source = 'sanitation' and verdict = 'accepted'
