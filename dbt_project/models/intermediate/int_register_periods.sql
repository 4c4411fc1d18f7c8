-- For each register and period: the last month whose register is present (M), the day
-- the question is asked of (e), and whether the months that should be there are.
with

registers as (

    select * from {{ ref('register_feeds') }}

),

present as (

    select * from {{ ref('stg_registers__months') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

first_date as (

    select min(first_date) as first_date from {{ ref('int_first_dates') }}

    where source = 'registers'

),

-- Months in which a register is due. The survey of a year comes after its year: nothing
-- is due inside it. Months before the first register ever received are not held
-- against completeness.
due_months as (

    select
        registers.register,
        periods.period_start as register_month,
        periods.has_ended
        and (
            first_date.first_date is null
            or periods.period_end > first_date.first_date
        ) as is_expected

    from registers
    cross join first_date
    inner join periods
        on
            periods.period_type = 'M'
            and (
                registers.cadence = 'monthly'
                or (
                    registers.cadence = 'quarter_end'
                    and month(periods.period_start) in (3, 6, 9, 12)
                )
            )

),

counted as (

    select
        due_months.register,
        periods.period_type,
        periods.period_start,
        count(*) as due_count,
        count(present.register_month) as present_count,
        count(*) filter (where due_months.is_expected) as ended_count,
        count(present.register_month) filter (
            where due_months.is_expected
        ) as ended_present_count

    from due_months
    inner join periods
        on
            due_months.register_month >= periods.period_start
            and due_months.register_month < periods.period_end
    left join present
        on
            due_months.register = present.register
            and due_months.register_month = present.register_month

    group by
        due_months.register,
        periods.period_type,
        periods.period_start

),

last_present as (

    select
        present.register,
        periods.period_type,
        periods.period_start,
        max(present.register_month) as register_month

    from present
    inner join periods
        on
            present.register_month >= periods.period_start
            and present.register_month < periods.period_end

    group by
        present.register,
        periods.period_type,
        periods.period_start

)

select
    registers.register,
    periods.period_type,
    periods.period_start,
    {{ add_days('periods.period_end', -1) }} as period_last_day,
    periods.has_ended,
    last_present.register_month,
    least(
        {{ add_days('periods.period_end', -1) }},
        {{ add_days(add_months('last_present.register_month', 1), -1) }}
    ) as asked_date,
    coalesce(
        last_present.register_month
        = {{ month_start(add_days('periods.period_end', -1)) }},
        false
    ) as is_final_month_present,
    coalesce(counted.due_count, 0) as due_count,
    coalesce(counted.present_count, 0) as present_count,
    coalesce(counted.ended_count, 0) as ended_count,
    coalesce(counted.ended_present_count, 0) as ended_present_count

from registers
cross join periods
left join counted
    on
        registers.register = counted.register
        and periods.period_type = counted.period_type
        and periods.period_start = counted.period_start
left join last_present
    on
        registers.register = last_present.register
        and periods.period_type = last_present.period_type
        and periods.period_start = last_present.period_start
