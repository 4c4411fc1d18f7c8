-- What the registers say of each department in a month: the score of its inspections on
-- site, the supervised matters it leads, points added or taken. What cases say of it
-- stands in case_metric_events. A month whose register of matters lacks the deadlines or
-- the settling has no matters.
with

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

absent as (

    select distinct month_start from {{ ref('int_absent_fields') }}

    where feed = 'register:supervision_items'

),

inspections as (

    select
        'inspection' as part_id,
        'register_row' as record_type,
        'department_inspections/' || cast(register_month as varchar)
        || '/' || dept_code as record_key,
        register_month as month_start,
        dept_code,
        score as numerator,
        100 as denominator,
        cast(null as varchar) as excluded_reason,
        cast(inspection_count as varchar) || ' 次检查' as note

    from {{ ref('stg_registers__department_inspections') }}

),

supervision as (

    select
        'supervision' as part_id,
        'supervision_item' as record_type,
        items.record_key,
        items.month_start,
        items.dept_code,
        cast(items.is_done as integer) as numerator,
        1 as denominator,
        items.excluded_reason,
        cast(null as varchar) as note

    from {{ ref('int_supervision_items_due') }} as items
    left join absent
        on items.month_start = absent.month_start

    where items.dept_code is not null and absent.month_start is null

),

adjustments as (

    select
        'adjustment' as part_id,
        'register_row' as record_type,
        'department_adjustments/' || cast(register_month as varchar)
        || '/' || dept_code as record_key,
        register_month as month_start,
        dept_code,
        points as numerator,
        cast(null as integer) as denominator,
        cast(null as varchar) as excluded_reason,
        basis as note

    from {{ ref('stg_registers__department_adjustments') }}

),

answers as (

    select * from inspections

    union all

    select * from supervision

    union all

    select * from adjustments

)

select answers.*

from answers
inner join months
    on answers.month_start = months.period_start
