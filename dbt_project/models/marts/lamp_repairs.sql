-- Faults by the month they were found; repairs by the month they were made or fell due,
-- like every other due rate (F1).
with

faults as (

    select
        *,
        case
            when due_at is null then fixed_at
            else least(coalesce(fixed_at, due_at), due_at)
        end as attributed_at

    from {{ ref('stg_lighting__lamp_faults') }}

),

months as (

    select * from {{ ref('int_feed_periods') }}

    where feed = 'lighting' and period_type = 'M'

),

found as (

    select
        months.period as month,
        faults.grade,
        count(*) as faults,
        0 as due,
        0 as on_time,
        0 as open_overdue,
        cast(null as double) as median_hours

    from faults
    inner join months
        on
            faults.found_at >= {{ midnight('months.period_start') }}
            and faults.found_at < {{ midnight('months.period_end') }}
            and faults.found_at <= months.as_of

    group by
        months.period,
        faults.grade

),

settled as (

    select
        months.period as month,
        faults.grade,
        0 as faults,
        count(*) as due,
        count(*) filter (where faults.fixed_at <= faults.due_at) as on_time,
        count(*) filter (
            where faults.fixed_at is null or faults.fixed_at > months.cutoff_at
        ) as open_overdue,
        median(
            {{ minutes_between('faults.found_at', 'faults.fixed_at') }} / 60.0
        ) filter (
            where faults.fixed_at <= months.cutoff_at
        ) as median_hours

    from faults
    inner join months
        on
            faults.attributed_at >= {{ midnight('months.period_start') }}
            and faults.attributed_at < {{ midnight('months.period_end') }}
            and faults.attributed_at <= months.as_of

    where faults.due_at is not null

    group by
        months.period,
        faults.grade

),

found_and_settled as (

    select * from found

    union all

    select * from settled

)

select
    month,
    grade,
    cast(sum(faults) as bigint) as faults,
    cast(sum(due) as bigint) as due,
    cast(sum(on_time) as bigint) as on_time,
    max(median_hours) as median_hours,
    cast(sum(open_overdue) as bigint) as open_overdue,
    case
        when sum(due) > 0
            then cast(sum(on_time) as double) / cast(sum(due) as double) * 100
    end as on_time_rate

from found_and_settled

group by
    month,
    grade
