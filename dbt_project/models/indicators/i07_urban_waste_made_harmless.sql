-- I07: urban household waste at the gate of a harmless treatment plant against urban
-- household waste collected, by mass. What still lies in a station's pit is missing.
select
    'weigh_ticket' as record_type,
    ticket_key as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    cast(null as varchar) as town_code,
    haulier_code as contractor_code,
    cast(null as varchar) as dept_code,

    case
        when
            is_treated
            and facility_kind in ('焚烧', '卫生填埋', '厨余处理', '危废暂存')
            then net_kg
    end as numerator,
    case when is_collected then net_kg end as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_waste_tickets') }}

where
    scope = 'urban'
    and (is_collected or is_treated)
