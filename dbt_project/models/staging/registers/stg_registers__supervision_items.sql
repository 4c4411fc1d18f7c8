-- Matters under supervision, at the end of each month. A deadline that is a bare date
-- ends with that day.
select
    -- ids
    register_month,
    {{ cell('事项编号') }} as item_no,
    {{ cell('牵头单位') }} as dept_code,

    -- categories
    {{ cell('来源') }} as item_source,
    {{ cell('标题') }} as title,
    {{ cell('状态') }} as item_status,

    -- times
    {{ as_start(cell('交办时间')) }} as assigned_at,
    {{ as_deadline(cell('期限')) }} as due_at,
    {{ as_start(cell('验收时间')) }} as verified_at

from {{ ref('checked_register_rows') }}

where register = 'supervision_items' and verdict = 'accepted'
