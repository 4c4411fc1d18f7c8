-- I11: recyclables, plus kitchen waste treated less its residue, against household
-- waste collected plus recyclables, by mass.
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
        when is_recycled then net_kg
        when is_kitchen_input then net_kg
        when is_kitchen_residue then -net_kg
    end as numerator,
    case when is_collected or is_recycled then net_kg end as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_waste_tickets') }}

where
    is_collected
    or is_recycled
    or is_kitchen_input
    or is_kitchen_residue
