-- I06: of the units with frontage duties (门前三包; vacant premises apart), the share that
-- signed and passed an inspection inside the period.
select
    'frontage_unit' as record_type,
    items.unit_no as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    items.town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    cast(
        coalesce(
            items.pledge_signed_date <= periods.asked_date
            and items.last_inspected_date >= periods.period_start
            and items.last_inspected_date <= periods.asked_date
            and items.last_inspection_result = '合格',
            false
        ) as integer
    ) as numerator,
    1 as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__frontage_units') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'frontage_units'
        and items.register_month = periods.register_month

where
    items.unit_type != '空置'
    and (
        items.deregistered_date is null
        or items.deregistered_date > periods.asked_date
    )
