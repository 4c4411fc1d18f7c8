-- The county, and the towns of the reference table as it stands at D.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

towns as (

    select * from {{ ref('stg_reference__towns') }}

)

select
    {{ county_code() }} as area_code,
    cast(null as varchar) as town_code,
    '全县' as area_name

union all

select distinct
    towns.town_code as area_code,
    towns.town_code,
    towns.name as area_name

from towns
cross join parameters

where
    towns.valid_from <= parameters.as_of_date
    and towns.valid_to > parameters.as_of_date
