-- The months for which a register can be read, one row per register and month.
select
    owner as register,
    file_date as register_month

from {{ ref('checked_files') }}

where source = 'registers' and verdict = 'accepted'
