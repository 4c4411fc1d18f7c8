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

begun as (

    select
        feed,
        min(period_start) as first_month

    from {{ ref('int_feed_periods') }}

    where period_type = 'M'

    group by feed

),

-- Months in which a register is owed: those that have ended, since its first one; all
-- of them while it never came. The survey of a year comes after its year: nothing is
-- owed inside it.
owed_months as (

    select
        registers.register,
        periods.period_start as register_month

    from registers
    left join begun
        on begun.feed = 'register:' || registers.register
    inner join periods
        on
            periods.period_type = 'M'
            and periods.has_ended
            and coalesce(periods.period_start >= begun.first_month, true)
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
        owed_months.register,
        periods.period_type,
        periods.period_start,
        count(*) as owed_count,
        count(present.register_month) as owed_present_count

    from owed_months
    inner join periods
        on
            owed_months.register_month >= periods.period_start
            and owed_months.register_month < periods.period_end
    left join present
        on
            owed_months.register = present.register
            and owed_months.register_month = present.register_month

    group by
        owed_months.register,
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
    coalesce(counted.owed_count, 0) as owed_count,
    coalesce(counted.owed_present_count, 0) as owed_present_count

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
