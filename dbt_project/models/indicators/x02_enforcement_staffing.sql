-- X02: enforcement officers in post per ten thousand people of the town, by the last
-- staffing register of the year.
select
    'staffing' as record_type,
    cast(items.register_month as varchar) as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    items.enforcement_officers as numerator,
    items.urban_population as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__staffing') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'staffing'
        and items.register_month = periods.register_month
