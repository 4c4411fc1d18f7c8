-- What the county's register last said of each project, and which of the plan's projects
-- it speaks of: the register has its own numbers, so the name or one of its other names
-- tells. A project the plan does not know stands by itself.
with

register as (

    select *

    from {{ ref('stg_registers__plan_projects') }}

    qualify
        register_month = max(register_month) over ()

),

plan_names as (

    select
        plan_no,
        project_name as known_as

    from {{ ref('plan_projects_of_the_plan') }}

    union

    select
        plan_no,
        unnest(split(aliases, '|')) as known_as

    from {{ ref('plan_projects_of_the_plan') }}

)

select
    register.register_month,
    register.project_no,
    register.project_name,
    register.unit,
    register.target_quantity,
    register.done_quantity,
    register.evidence_date,
    register.project_status,
    -- Of two rows that may mean one project of the plan the first speaks for it.
    case
        when
            row_number() over (
                partition by plan_names.plan_no
                order by register.project_no
            ) = 1
            then plan_names.plan_no
    end as plan_no

from register
left join plan_names
    on register.project_name = plan_names.known_as
