-- The weigh tickets in force, one row per facility and ticket. The number plate stays
-- in the restricted schema.
select
    -- ids
    facility_id,
    ticket_id,
    scale_id,
    haulier_code,
    origin_code,
    destination_facility_id,
    corrects_ticket_id,

    -- categories
    direction,
    waste_class,
    is_secondary = '是' as is_secondary,
    origin_type,
    ticket_status,
    is_probable_duplicate,

    -- measures
    gross_kg,
    tare_kg,
    net_kg,

    -- times
    gross_at,
    tare_at,
    file_date

from {{ ref('checked_tickets') }}

where verdict = 'accepted'
