-- Outdoor advertising as it stood at the end of each month.
select
    -- ids
    register_month,
    {{ cell('设施编号') }} as facility_no,
    {{ cell('乡镇编码') }} as town_code,
    {{ cell('许可编号') }} as permit_no,

    -- categories
    {{ cell('类型') }} as facility_type,
    {{ cell('地址') }} as address,
    {{ cell('符合规划') }} = '是' as conforms_to_plan,
    {{ cell('最近检查结果') }} as last_inspection_result,

    -- times
    {{ as_date(cell('许可起')) }} as permit_from,
    {{ as_date(cell('许可止')) }} as permit_to,
    {{ as_date(cell('最近检查日期')) }} as last_inspected_date,
    {{ as_date(cell('拆除日期')) }} as removed_date

from {{ ref('checked_register_rows') }}

where register = 'ad_facilities' and verdict = 'accepted'
