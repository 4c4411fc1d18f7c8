-- I10: of the public institutions and enterprises in scope, the share with containers,
-- a notice and a passed inspection.
select
    'institution' as record_type,
    items.institution_no as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    items.town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    cast(
        coalesce(
            items.has_containers
            and items.has_notice
            and items.inspection_result = '合格',
            false
        ) as integer
    ) as numerator,
    1 as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__institutions') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'institutions'
        and items.register_month = periods.register_month

where items.in_scope
