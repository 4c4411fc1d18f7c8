-- Construction waste by project and month.
select
    -- ids
    register_month,
    {{ cell('项目编号') }} as project_no,
    {{ cell('乡镇编码') }} as town_code,

    -- categories
    {{ cell('名称') }} as project_name,

    -- measures
    {{ as_number(cell('产生量kg')) }} as generated_kg,
    {{ as_number(cell('就地利用量kg')) }} as reused_on_site_kg

from {{ ref('checked_register_rows') }}

where register = 'construction_waste' and verdict = 'accepted'
