-- Public toilets and their scores by month.
select
    -- ids
    register_month,
    {{ cell('公厕编号') }} as toilet_no,
    {{ cell('乡镇编码') }} as town_code,

    -- categories
    {{ cell('名称') }} as toilet_name,
    {{ cell('类别') }} as toilet_class,
    {{ cell('一票否决') }} = '是' as is_vetoed,

    -- measures
    {{ as_number(cell('设施得分')) }} as facility_score,
    {{ as_number(cell('保洁得分')) }} as cleaning_score,
    {{ as_number(cell('服务得分')) }} as service_score

from {{ ref('checked_register_rows') }}

where register = 'toilets' and verdict = 'accepted'
