-- I09: household waste at the incinerator's gate against household waste collected in
-- the county, by mass. Residue sent to burn is secondary and counts in neither.
select
    'weigh_ticket' as record_type,
    ticket_key as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    cast(null as varchar) as town_code,
    haulier_code as contractor_code,
    cast(null as varchar) as dept_code,

    case when is_treated and facility_kind = '焚烧' then net_kg end as numerator,
    case when is_collected then net_kg end as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_waste_tickets') }}

where
    is_collected
    or (is_treated and facility_kind = '焚烧')
