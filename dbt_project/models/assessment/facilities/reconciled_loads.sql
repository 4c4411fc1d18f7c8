-- Loads that one facility sent and another should have received: the n-th load out on a
-- day with the n-th load in, by origin, destination and class. A load weighed at one end
-- only, or with more than 2 % between the ends, is shown. Number plates stay out of it.
with

tickets as (

    select
        waste.ticket_key,
        waste.facility_id,
        waste.direction,
        waste.waste_class,
        waste.origin_type,
        waste.origin_code,
        waste.net_kg,
        waste.ticket_date,
        waste.month_start,
        weighed.destination_facility_id,
        weighed.gross_at

    from {{ ref('int_waste_tickets') }} as waste
    inner join {{ ref('stg_weighbridge__tickets') }} as weighed
        on
            waste.facility_id = weighed.facility_id
            and waste.ticket_id = weighed.ticket_id

    where waste.excluded_reason is null

),

sent as (

    select
        ticket_key,
        facility_id as origin_id,
        destination_facility_id as destination_id,
        waste_class,
        ticket_date,
        month_start,
        net_kg,
        row_number() over (
            partition by
                facility_id, destination_facility_id, waste_class, ticket_date
            order by gross_at, ticket_key
        ) as load_number

    from tickets

    where direction = '出' and destination_facility_id is not null

),

received as (

    select
        ticket_key,
        origin_code as origin_id,
        facility_id as destination_id,
        waste_class,
        ticket_date,
        month_start,
        net_kg,
        row_number() over (
            partition by origin_code, facility_id, waste_class, ticket_date
            order by gross_at, ticket_key
        ) as load_number

    from tickets

    where direction = '进' and origin_type = '设施'

),

paired as (

    select
        coalesce(sent.month_start, received.month_start) as month_start,
        coalesce(sent.destination_id, received.destination_id) as destination_id,
        coalesce(sent.origin_id, received.origin_id) as origin_id,
        coalesce(sent.ticket_key, received.ticket_key) as ticket_key,
        sent.ticket_key as sent_key,
        received.ticket_key as received_key,
        sent.net_kg as sent_kg,
        received.net_kg as received_kg

    from sent
    full outer join received
        on
            sent.origin_id = received.origin_id
            and sent.destination_id = received.destination_id
            and sent.waste_class = received.waste_class
            and sent.ticket_date = received.ticket_date
            and sent.load_number = received.load_number

)

select
    'load_at_both_ends' as check_id,
    month_start,
    destination_id as owner_code,
    'ticket' as record_type,
    ticket_key as record_key,
    case
        when received_key is null then 'only_first'
        when sent_key is null then 'only_second'
        when abs(sent_kg - received_kg) > 0.02 * sent_kg then 'differs'
        else 'both'
    end as outcome,
    case
        when received_key is null
            then origin_id || ' 出站，' || destination_id || ' 没有进厂磅单'
        when sent_key is null
            then destination_id || ' 进厂，' || origin_id || ' 没有出站磅单'
        when abs(sent_kg - received_kg) > 0.02 * sent_kg
            then
                '出站 ' || cast(sent_kg as varchar) || ' kg，进厂 '
                || cast(received_kg as varchar) || ' kg（' || received_key || '）'
    end as note

from paired
