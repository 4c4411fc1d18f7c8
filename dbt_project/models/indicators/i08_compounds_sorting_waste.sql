-- I08: of the residential compounds in scope, the share with containers, a notice and
-- at least one separate collection in the month. Containers alone are not coverage.
select
    'residential_compound' as record_type,
    items.compound_no as record_key,
    1 as record_count,

    periods.period_type,
    periods.period_start,
    items.town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    cast(
        items.has_containers
        and items.has_notice
        and items.sorted_collections >= 1 as integer
    ) as numerator,
    1 as denominator,
    cast(null as varchar) as excluded_reason,
    cast(null as varchar) as note

from {{ ref('stg_registers__residential_compounds') }} as items
inner join {{ ref('int_register_periods') }} as periods
    on
        periods.register = 'residential_compounds'
        and items.register_month = periods.register_month

where items.in_scope
