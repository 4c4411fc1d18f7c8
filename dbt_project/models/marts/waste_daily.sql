select
    ticket_date as date,
    facility_id,
    direction,
    waste_class,
    is_secondary,
    origin_type,
    count(*) as tickets,
    cast(sum(cast(net_kg as decimal(28, 3))) as double) as net_kg

from {{ ref('int_waste_tickets') }}

where excluded_reason is null

group by
    ticket_date,
    facility_id,
    direction,
    waste_class,
    is_secondary,
    origin_type
