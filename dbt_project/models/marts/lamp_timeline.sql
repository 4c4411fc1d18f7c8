-- The county's lamps night by night.
select
    night_date,
    cast(sum(lit) as bigint) as lit,
    cast(sum(unlit) as bigint) as unlit,
    cast(sum(unknown) as bigint) as unknown,
    cast(sum(planned) as bigint) as planned,
    cast(sum(no_plan) as bigint) as no_plan,
    100.0 * cast(sum(lit) as double)
    / nullif(cast(sum(lit + unlit + unknown) as double), 0) as lit_pct

from {{ ref('lamp_nights') }}

group by night_date
