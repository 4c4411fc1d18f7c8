-- What citizens said of the cases closed (F6), how many were asked, and by which means
-- cases were solved (721). I19's population speaks for the county; a department answers
-- for every complaint of its own, inside the urban area or not.
with

closed as (

    select * from {{ ref('int_cases_closed') }}

),

first_calls as (

    select
        case_id,
        min(called_at) as called_at

    from {{ ref('stg_cases__callbacks') }}

    group by case_id

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

complaints as (

    select
        closed.*,
        coalesce(first_calls.called_at <= months.cutoff_at, false) as is_called_back

    from closed
    inner join months
        on closed.month_start = months.period_start
    left join first_calls
        on closed.case_id = first_calls.case_id

    where closed.is_urban_management and closed.is_citizen_complaint

),

answers as (

    select
        'satisfaction_rate' as metric_id,
        case_id,
        month_start,
        closed_at,
        cast(rating in ('满意', '基本满意') as integer) as numerator,
        excluded_reason

    from complaints

    where
        is_in_urban_area
        and (rating is not null or excluded_reason is not null)

    union all

    select
        'complaint_satisfaction_rate' as metric_id,
        case_id,
        month_start,
        closed_at,
        cast(rating in ('满意', '基本满意') as integer) as numerator,
        excluded_reason

    from complaints

    where rating is not null or excluded_reason is not null

    union all

    select
        'callback_rate' as metric_id,
        case_id,
        month_start,
        closed_at,
        cast(is_called_back as integer) as numerator,
        excluded_reason

    from complaints

    where is_in_urban_area

    union all

    select
        'rated_rate' as metric_id,
        case_id,
        month_start,
        closed_at,
        cast(rating is not null as integer) as numerator,
        excluded_reason

    from complaints

    where is_in_urban_area and is_called_back

    union all

    select
        'share_service' as metric_id,
        case_id,
        month_start,
        closed_at,
        cast(resolution_means = '服务' as integer) as numerator,
        cast(null as varchar) as excluded_reason

    from closed

    where resolution_means is not null

    union all

    select
        'share_management' as metric_id,
        case_id,
        month_start,
        closed_at,
        cast(resolution_means = '管理' as integer) as numerator,
        cast(null as varchar) as excluded_reason

    from closed

    where resolution_means is not null

    union all

    select
        'share_enforcement' as metric_id,
        case_id,
        month_start,
        closed_at,
        cast(resolution_means = '执法' as integer) as numerator,
        cast(null as varchar) as excluded_reason

    from closed

    where resolution_means is not null

)

select
    metric_id,
    'case' as record_type,
    case_id as record_key,
    case_id,
    cast(null as varchar) as dept_code,
    month_start,
    closed_at as happened_at,
    coalesce(numerator, 0) as numerator,
    1 as denominator,
    excluded_reason

from answers
