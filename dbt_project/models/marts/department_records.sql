-- Every record behind the departments' scores: cases as the life-cycle metrics count
-- them, and the registers.
select
    events.dept_code,
    {{ period_label("'M'", 'events.month_start') }} as month,
    scheme.component,
    scheme.part_id,
    scheme.name_zh as part_name,
    events.record_type,
    events.record_key,
    events.numerator,
    events.denominator,
    events.excluded_reason,
    cast(null as varchar) as note

from {{ ref('case_metric_events') }} as events
inner join {{ ref('department_scheme') }} as scheme
    on events.metric_id = scheme.part_id

where events.dept_code is not null

union all

select
    measures.dept_code,
    {{ period_label("'M'", 'measures.month_start') }} as month,
    scheme.component,
    scheme.part_id,
    scheme.name_zh as part_name,
    measures.record_type,
    measures.record_key,
    cast(
        case when measures.excluded_reason is null then measures.numerator end
        as decimal(28, 10)
    ) as numerator,
    cast(
        case when measures.excluded_reason is null then measures.denominator end
        as decimal(28, 10)
    ) as denominator,
    measures.excluded_reason,
    measures.note

from {{ ref('department_measures') }} as measures
inner join {{ ref('department_scheme') }} as scheme
    on measures.part_id = scheme.part_id
