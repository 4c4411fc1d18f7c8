-- Points added to or taken from departments, by month.
select
    -- ids
    register_month,
    {{ cell('单位编码') }} as dept_code,

    -- categories
    {{ cell('依据') }} as basis,
    {{ cell('审批人') }} as approver,

    -- measures
    {{ as_number(cell('加减分')) }} as points

from {{ ref('checked_register_rows') }}

where register = 'department_adjustments' and verdict = 'accepted'
