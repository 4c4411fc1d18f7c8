-- Whom the assessment is to reach and how far it did, by month.
select
    -- ids
    register_month,
    {{ cell('对象编号') }} as object_no,

    -- categories
    {{ cell('名称') }} as object_name,
    {{ cell('类型') }} as object_type,
    {{ cell('应考核') }} = '是' as is_to_be_assessed,
    {{ cell('免考核批准') }} as exemption_approval,

    -- measures
    {{ as_integer(cell('已评分项数')) }} as scored_items

from {{ ref('checked_register_rows') }}

where register = 'assessment_objects' and verdict = 'accepted'
