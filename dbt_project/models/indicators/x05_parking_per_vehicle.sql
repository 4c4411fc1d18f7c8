-- X05: parking spaces of all kinds against registered vehicles.
select
    'parking' as record_type,
    cast(items.register_month as varchar) as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    items.attached_spaces
    + items.off_street_spaces
    + items.on_street_spaces as numerator,
    items.vehicles as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__parking') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'parking'
        and items.register_month = periods.register_month
