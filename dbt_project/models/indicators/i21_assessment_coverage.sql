-- I21: of the units and areas that must be assessed each month (approved exemptions
-- excluded), the share with at least one item scored.
select
    'assessment_object' as record_type,
    cast(items.register_month as varchar) || '/' || items.object_no as record_key,
    1 as record_count,

    'M' as period_type,
    items.register_month as period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    cast(coalesce(items.scored_items >= 1, false) as integer) as numerator,
    1 as denominator,
    case when items.exemption_approval is not null then '免考核' end as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__assessment_objects') }} as items

where items.is_to_be_assessed
