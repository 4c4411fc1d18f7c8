-- What disposal says of each case: once by the county's clock (F1), once by the clock the
-- case set out with. Extensions, suspensions and upheld appeals move the assessed number
-- only; the fact stays beside it, with a count of each exemption.
with

due_cases as (

    select * from {{ ref('int_cases_due_for_disposal') }}

    where is_urban_management

),

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

upheld_appeals as (

    select
        case_id,
        min(event_at) as upheld_at

    from {{ ref('stg_cases__case_events') }}

    where event_type = 'appeal_upheld'

    group by case_id

),

assessed as (

    select
        due_cases.case_id,
        due_cases.attributed_at as happened_at,
        due_cases.month_start,
        due_cases.excluded_reason,
        due_cases.is_on_time,
        due_cases.is_done,
        cases.rework_count > 0 as is_reworked,
        due_cases.is_on_time
        or coalesce(upheld_appeals.upheld_at <= months.cutoff_at, false)
        -- The clock stood still while the case was suspended.
        or coalesce(
            cases.suspended_at <= due_cases.due_at
            and cases.resumed_at <= months.cutoff_at
            and {{ minutes_between('due_cases.due_at', 'due_cases.done_at') }}
            <= {{ minutes_between('cases.suspended_at', 'cases.resumed_at') }},
            false
        ) as is_forgiven

    from due_cases
    inner join cases
        on due_cases.case_id = cases.case_id
    inner join months
        on due_cases.month_start = months.period_start
    left join upheld_appeals
        on due_cases.case_id = upheld_appeals.case_id

),

-- The same question by the original clock. A case without one cannot be asked.
by_original_clock as (

    select
        case_id,
        disposed_at,
        due_at,
        due_at_original,
        suspended_at,
        coalesce(disposed_at <= due_at_original, false) as is_on_time,
        least(coalesce(disposed_at, due_at_original), due_at_original)
            as happened_at,
        case
            when status in ('作废', '不予受理') then status
            when master_case_id is not null then '重复件'
        end as excluded_reason

    from cases

    where is_urban_management and due_at_original is not null

),

facts as (

    select
        by_original_clock.*,
        months.period_start as month_start,
        coalesce(by_original_clock.due_at > by_original_clock.due_at_original, false)
            as is_extended,
        coalesce(by_original_clock.suspended_at <= months.cutoff_at, false)
            as is_suspended,
        coalesce(upheld_appeals.upheld_at <= months.cutoff_at, false) as is_upheld

    from by_original_clock
    inner join months
        on
            by_original_clock.happened_at >= {{ midnight('months.period_start') }}
            and by_original_clock.happened_at < {{ midnight('months.period_end') }}
            and by_original_clock.happened_at <= months.as_of
    left join upheld_appeals
        on by_original_clock.case_id = upheld_appeals.case_id

),

answers as (

    select
        'on_time_disposal_rate' as metric_id,
        case_id,
        happened_at,
        month_start,
        cast(is_on_time as integer) as numerator,
        1 as denominator,
        excluded_reason

    from assessed

    union all

    select
        'rework_rate' as metric_id,
        case_id,
        happened_at,
        month_start,
        cast(is_reworked as integer) as numerator,
        1 as denominator,
        excluded_reason

    from assessed

    where is_done

    union all

    select
        'on_time_assessed' as metric_id,
        case_id,
        happened_at,
        month_start,
        cast(is_forgiven as integer) as numerator,
        1 as denominator,
        excluded_reason

    from assessed

    union all

    select
        'on_time_fact' as metric_id,
        case_id,
        happened_at,
        month_start,
        cast(is_on_time as integer) as numerator,
        1 as denominator,
        excluded_reason

    from facts

    union all

    select
        'extended_cases' as metric_id,
        case_id,
        happened_at,
        month_start,
        1 as numerator,
        cast(null as integer) as denominator,
        cast(null as varchar) as excluded_reason

    from facts

    where is_extended and excluded_reason is null

    union all

    select
        'suspended_cases' as metric_id,
        case_id,
        happened_at,
        month_start,
        1 as numerator,
        cast(null as integer) as denominator,
        cast(null as varchar) as excluded_reason

    from facts

    where is_suspended and excluded_reason is null

    union all

    select
        'upheld_appeal_cases' as metric_id,
        case_id,
        happened_at,
        month_start,
        1 as numerator,
        cast(null as integer) as denominator,
        cast(null as varchar) as excluded_reason

    from facts

    where is_upheld and excluded_reason is null

)

select
    metric_id,
    'case' as record_type,
    case_id as record_key,
    case_id,
    cast(null as varchar) as dept_code,
    month_start,
    happened_at,
    numerator,
    denominator,
    excluded_reason

from answers
