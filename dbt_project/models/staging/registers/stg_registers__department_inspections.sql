-- Scores of departments inspected on site, by month.
select
    -- ids
    register_month,
    {{ cell('单位编码') }} as dept_code,

    -- measures
    {{ as_number(cell('得分')) }} as score,
    {{ as_integer(cell('检查次数')) }} as inspection_count

from {{ ref('checked_register_rows') }}

where register = 'department_inspections' and verdict = 'accepted'
