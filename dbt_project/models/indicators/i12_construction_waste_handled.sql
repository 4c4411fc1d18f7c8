-- I12: urban construction waste brought to a disposal yard or a recycling plant, plus
-- what building sites reused themselves, against what the sites produced, by mass.
select
    'weigh_ticket' as record_type,
    ticket_key as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    cast(null as varchar) as town_code,
    haulier_code as contractor_code,
    cast(null as varchar) as dept_code,

    net_kg as numerator,
    cast(null as double) as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_waste_tickets') }}

where
    direction = '进'
    and facility_kind in ('消纳场', '资源化厂')
    and waste_class = '建筑垃圾'
    and not is_secondary
    and origin_type in ('城区环卫', '单位')

union all

select
    'construction_project' as record_type,
    cast(register_month as varchar) || '/' || project_no as record_key,
    1 as record_count,

    'M' as period_type,
    register_month as period_start,
    town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    reused_on_site_kg as numerator,
    generated_kg as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_urban_construction_waste') }}
