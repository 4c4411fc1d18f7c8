-- The cases past their due time tonight, one line each, with who has them; no words
-- that a citizen or an officer wrote.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

departments as (

    select
        dept_code,
        max_by(name, valid_from) as dept_name

    from {{ ref('stg_reference__departments') }}

    group by dept_code

)

select
    overdue.case_id,
    overdue.dept_code,
    coalesce(departments.dept_name, overdue.dept_code, '未分派部门') as dept_name,
    cases.town_code,
    coalesce(areas.area_name, cases.town_code, '未知乡镇') as town_name,
    cases.contractor_code,
    cases.kind || substr(cases.category_code, 1, 2) as case_class,
    cases.reported_at,
    overdue.due_at,
    cast(
        date_diff('day', cast(overdue.due_at as date), parameters.as_of_date) as bigint
    ) as days_over,
    cases.rework_count,
    cases.extension_count

from {{ ref('overdue_cases') }} as overdue
cross join parameters
inner join {{ ref('stg_cases__cases') }} as cases
    on overdue.case_id = cases.case_id
left join departments
    on overdue.dept_code = departments.dept_code
left join {{ ref('int_areas') }} as areas
    on cases.town_code = areas.town_code
