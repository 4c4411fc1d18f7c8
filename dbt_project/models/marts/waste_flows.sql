-- Where waste comes from and goes to: incoming tickets by month, from a town or a
-- facility into a facility.
with

facilities as (

    select
        facility_id,
        max_by(name, valid_from) as facility_name,
        max_by(kind, valid_from) as facility_kind

    from {{ ref('stg_reference__facilities') }}

    group by facility_id

),

areas as (

    select * from {{ ref('int_areas') }}

),

incoming as (

    select
        month_start,
        facility_id,
        waste_class,
        origin_type,
        coalesce(origin_code, '') as origin_code,
        count(*) as tickets,
        cast(sum(cast(net_kg as decimal(28, 3))) as double) as net_kg

    from {{ ref('int_waste_tickets') }}

    where excluded_reason is null and direction = '进'

    group by
        month_start,
        facility_id,
        waste_class,
        origin_type,
        coalesce(origin_code, '')

)

select
    {{ period_label("'M'", 'incoming.month_start') }} as month,
    incoming.waste_class,
    incoming.origin_type,
    incoming.origin_code,
    coalesce(
        case
            when incoming.origin_type = '设施' then origins.facility_name
            else areas.area_name
        end,
        incoming.origin_code
    ) as origin_name,
    incoming.facility_id,
    coalesce(facilities.facility_name, incoming.facility_id) as facility_name,
    coalesce(facilities.facility_kind, '未知') as facility_kind,
    incoming.tickets,
    incoming.net_kg

from incoming
left join facilities
    on incoming.facility_id = facilities.facility_id
left join facilities as origins
    on incoming.origin_code = origins.facility_id
left join areas
    on incoming.origin_code = areas.town_code
