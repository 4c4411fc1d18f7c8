-- Projects of the plan and how far they are, at the end of each month.
select
    -- ids
    register_month,
    {{ cell('项目编号') }} as project_no,

    -- categories
    {{ cell('名称') }} as project_name,
    {{ cell('单位') }} as unit,
    {{ cell('状态') }} as project_status,

    -- measures
    {{ as_number(cell('目标数量')) }} as target_quantity,
    {{ as_number(cell('完成数量')) }} as done_quantity,

    -- times
    {{ as_date(cell('佐证日期')) }} as evidence_date

from {{ ref('checked_register_rows') }}

where register = 'plan_projects' and verdict = 'accepted'
