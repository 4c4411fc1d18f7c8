-- I02: of the outdoor advertising still standing at the period's end (shop signs
-- apart), the share that is licensed that day, conforms to the plan and passed an
-- inspection in the twelve months before.
select
    'ad_facility' as record_type,
    items.facility_no as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    items.town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    cast(
        coalesce(
            {{ is_licensed('items', 'periods.asked_date') }}
            and items.conforms_to_plan
            and {{ passed_inspection('items', 'periods.asked_date') }},
            false
        ) as integer
    ) as numerator,
    1 as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__ad_facilities') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'ad_facilities'
        and items.register_month = periods.register_month

where
    coalesce(items.facility_type, '') != '招牌'
    and (
        items.removed_date is null
        or items.removed_date > periods.period_last_day
    )
