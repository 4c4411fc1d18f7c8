-- Construction waste that building projects of the county reported, by month.
select
    strftime(register_month, '%Y-%m') as month,
    count(*) as projects,
    cast(sum(cast(generated_kg as decimal(28, 3))) as double) as generated_kg,
    cast(sum(cast(reused_on_site_kg as decimal(28, 3))) as double) as reused_on_site_kg

from {{ ref('stg_registers__construction_waste') }}

group by register_month
