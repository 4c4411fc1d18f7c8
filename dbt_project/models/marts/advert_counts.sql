-- Outdoor advertising by month, town and kind, shop signs apart: how much of it stood at
-- the month's end, and how much of that was licensed, as planned, and passed; null where
-- the register does not say. What I02 asks of each at once is counted here one by one.
with

adverts as (

    select
        *,
        {{ add_days(add_months('register_month', 1), -1) }} as last_day

    from {{ ref('stg_registers__ad_facilities') }}

    where coalesce(facility_type, '') != '招牌'

),

towns as (

    select * from {{ ref('int_areas') }}

    where town_code is not null

),

absent as (

    select
        month_start,
        bool_or(field in ('permit_from', 'permit_to')) as lacks_permits,
        bool_or(
            field in ('last_inspected_date', 'last_inspection_result')
        ) as lacks_inspections

    from {{ ref('int_absent_fields') }}

    where feed = 'register:ad_facilities'

    group by month_start

),

counted as (

    select
        adverts.register_month,
        adverts.town_code,
        coalesce(adverts.facility_type, '未写明') as advert_type,
        count(*) as standing,
        count(*) filter (
            where {{ is_licensed('adverts', 'adverts.last_day') }}
        ) as licensed,
        count(*) filter (where adverts.conforms_to_plan) as as_planned,
        count(*) filter (
            where {{ passed_inspection('adverts', 'adverts.last_day') }}
        ) as passed,
        bool_or(absent.lacks_permits) as lacks_permits,
        bool_or(absent.lacks_inspections) as lacks_inspections

    from adverts
    left join absent
        on adverts.register_month = absent.month_start

    where
        adverts.removed_date is null
        or adverts.removed_date > adverts.last_day

    group by
        adverts.register_month,
        adverts.town_code,
        coalesce(adverts.facility_type, '未写明')

)

select
    strftime(counted.register_month, '%Y-%m') as month,
    counted.town_code,
    coalesce(towns.area_name, counted.town_code) as town_name,
    counted.advert_type,
    counted.standing,
    case when counted.lacks_permits is not true then counted.licensed end as licensed,
    counted.as_planned,
    case when counted.lacks_inspections is not true then counted.passed end as passed

from counted
left join towns
    on counted.town_code = towns.town_code
