-- X03: auxiliary staff against enforcement officers. One to one is target and ceiling.
select
    'staffing' as record_type,
    cast(items.register_month as varchar) as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    items.auxiliary_staff as numerator,
    items.enforcement_officers as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__staffing') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'staffing'
        and items.register_month = periods.register_month
