-- Residential compounds and their waste sorting, at the end of each month.
select
    -- ids
    register_month,
    {{ cell('小区编号') }} as compound_no,
    {{ cell('乡镇编码') }} as town_code,

    -- categories
    {{ cell('名称') }} as compound_name,
    {{ cell('纳入范围') }} = '是' as in_scope,
    {{ cell('容器到位') }} = '是' as has_containers,
    {{ cell('公示到位') }} = '是' as has_notice,

    -- measures
    {{ as_integer(cell('户数')) }} as households,
    {{ as_integer(cell('本月分类收运次数')) }} as sorted_collections

from {{ ref('checked_register_rows') }}

where register = 'residential_compounds' and verdict = 'accepted'
