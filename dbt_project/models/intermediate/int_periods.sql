-- Every month, quarter and year that has started by D, with its freeze and cut-off
-- (indicators.md, common rules). Periods are half-open: period_end is the next
-- period's first day.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

calendar as (

    select * from {{ source('ops', 'calendar') }}

),

first_month as (

    select
        {{ month_start('min(first_date)') }} as month_start

    from {{ ref('int_first_dates') }}

),

months as (

    select distinct {{ month_start('calendar.day') }} as month_start

    from calendar
    cross join parameters
    cross join first_month

    where
        calendar.day >= first_month.month_start
        and calendar.day <= parameters.as_of_date

),

periods as (

    select distinct
        'M' as period_type,
        month_start as period_start,
        {{ add_months('month_start', 1) }} as period_end

    from months

    union all

    select distinct
        'Q' as period_type,
        {{ period_start_of("'Q'", 'month_start') }} as period_start,
        {{ add_months(period_start_of("'Q'", 'month_start'), 3) }} as period_end

    from months

    union all

    select distinct
        'Y' as period_type,
        {{ period_start_of("'Y'", 'month_start') }} as period_start,
        {{ add_months(period_start_of("'Y'", 'month_start'), 12) }} as period_end

    from months

),

workdays as (

    select
        day,
        row_number() over (order by day) as workday_number

    from calendar

    where is_workday

),

first_workdays as (

    select
        periods.period_type,
        periods.period_start,
        periods.period_end,
        min(workdays.workday_number) as workday_number

    from periods
    inner join workdays on workdays.day >= periods.period_end

    group by
        periods.period_type,
        periods.period_start,
        periods.period_end

),

-- 24:00 of the fifth working day after the period's last day.
frozen as (

    select
        first_workdays.period_type,
        first_workdays.period_start,
        first_workdays.period_end,
        {{ add_days('workdays.day', 1) }} as freeze_date

    from first_workdays
    inner join workdays
        on first_workdays.workday_number + 4 = workdays.workday_number

)

select
    frozen.period_type,
    {{ period_label('frozen.period_type', 'frozen.period_start') }} as period,
    frozen.period_start,
    frozen.period_end,
    {{ midnight('frozen.freeze_date') }} as freeze_at,
    least(parameters.as_of, {{ midnight('frozen.freeze_date') }}) as cutoff_at,
    case
        when parameters.as_of < {{ midnight('frozen.freeze_date') }} then '初报'
        else '终报'
    end as stage,
    parameters.as_of >= {{ midnight('frozen.period_end') }} as has_ended,
    parameters.as_of_date,
    parameters.as_of

from frozen
cross join parameters
