-- Departments, one row per edition and department.
select
    -- ids
    {{ cell('dept_code') }} as dept_code,

    -- categories
    {{ cell('name') }} as name,
    {{ cell('ranking_group') }} as ranking_group,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'departments' and verdict = 'accepted'
