-- What closing says of each case (F1 with closed_at), and how the citizens' complaints
-- among them fare.
with

due_cases as (

    select * from {{ ref('int_cases_due_for_closing') }}

    where is_urban_management

),

answers as (

    select
        'closing_rate' as metric_id,
        due_cases.is_done as is_reached,
        due_cases.*

    from due_cases

    union all

    select
        'on_time_closing_rate' as metric_id,
        due_cases.is_on_time as is_reached,
        due_cases.*

    from due_cases

    union all

    select
        'complaint_closing_rate' as metric_id,
        due_cases.is_done as is_reached,
        due_cases.*

    from due_cases

    where due_cases.is_citizen_complaint

)

select
    metric_id,
    'case' as record_type,
    case_id as record_key,
    case_id,
    cast(null as varchar) as dept_code,
    month_start,
    attributed_at as happened_at,
    cast(is_reached as integer) as numerator,
    1 as denominator,
    excluded_reason

from answers
