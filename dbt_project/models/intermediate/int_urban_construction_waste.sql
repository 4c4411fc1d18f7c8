-- Building projects of urban towns, month by month (I12).
with

projects as (

    select * from {{ ref('stg_registers__construction_waste') }}

),

towns as (

    select * from {{ ref('stg_reference__towns') }}

    where is_urban

)

select
    projects.register_month,
    projects.project_no,
    projects.town_code,
    projects.generated_kg,
    projects.reused_on_site_kg

from projects
inner join towns
    on
        projects.town_code = towns.town_code
        and {{ add_days(add_months('projects.register_month', 1), -1) }}
        >= towns.valid_from
        and {{ add_days(add_months('projects.register_month', 1), -1) }}
        < towns.valid_to
