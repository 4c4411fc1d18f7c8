-- Every sound version of each case, also those that newer ones have replaced: what the
-- platform said when.
select
    -- ids
    case_id,
    dept_code,

    -- times
    updated_at

from {{ ref('checked_cases') }}

where verdict in ('accepted', 'superseded')
