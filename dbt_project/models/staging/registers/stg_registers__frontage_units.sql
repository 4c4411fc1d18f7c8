-- Units answerable for their frontage, at the end of each month.
select
    -- ids
    register_month,
    {{ cell('单位编号') }} as unit_no,
    {{ cell('乡镇编码') }} as town_code,

    -- categories
    {{ cell('名称') }} as unit_name,
    {{ cell('类型') }} as unit_type,
    {{ cell('最近检查结果') }} as last_inspection_result,

    -- times
    {{ as_date(cell('责任书签订日期')) }} as pledge_signed_date,
    {{ as_date(cell('最近检查日期')) }} as last_inspected_date,
    {{ as_date(cell('注销日期')) }} as deregistered_date

from {{ ref('checked_register_rows') }}

where register = 'frontage_units' and verdict = 'accepted'
