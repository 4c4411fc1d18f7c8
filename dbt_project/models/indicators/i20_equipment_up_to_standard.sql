-- I20: qualified equipment in use against the standard number. A surplus of one item
-- does not hide the lack of another.
select
    'equipment' as record_type,
    items.equipment_name as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    least(items.qualified_quantity, items.standard_quantity) as numerator,
    items.standard_quantity as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__equipment') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'equipment'
        and items.register_month = periods.register_month
