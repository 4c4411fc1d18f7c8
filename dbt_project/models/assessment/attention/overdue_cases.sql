-- Cases of city management that are past their due time tonight and still open.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

)

select
    cases.case_id,
    cases.dept_code,
    cases.due_at

from {{ ref('stg_cases__cases') }} as cases
cross join parameters

where
    cases.is_urban_management
    and cases.status not in ('作废', '不予受理')
    and cases.master_case_id is null
    and cases.due_at <= parameters.as_of
    and cases.disposed_at is null
    and cases.closed_at is null
    and not (
        coalesce(cases.suspended_at <= parameters.as_of, false)
        and (
            cases.resumed_at is null
            or cases.resumed_at > parameters.as_of
        )
    )
