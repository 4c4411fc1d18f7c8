-- Public bodies and enterprises and their waste sorting, at the end of each month.
select
    -- ids
    register_month,
    {{ cell('机构编号') }} as institution_no,
    {{ cell('乡镇编码') }} as town_code,

    -- categories
    {{ cell('名称') }} as institution_name,
    {{ cell('类型') }} as institution_type,
    {{ cell('纳入范围') }} = '是' as in_scope,
    {{ cell('容器到位') }} = '是' as has_containers,
    {{ cell('公示到位') }} = '是' as has_notice,
    {{ cell('检查结果') }} as inspection_result

from {{ ref('checked_register_rows') }}

where register = 'institutions' and verdict = 'accepted'
