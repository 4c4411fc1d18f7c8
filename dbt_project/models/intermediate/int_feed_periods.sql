-- The periods of each feed: from the month of its first business date on, a register's
-- from the first month of it that was received. What stands on a feed has no period
-- before it: a month in which nothing could have come is not a month without events.
with

feeds as (

    select
        source as feed,
        first_date

    from {{ ref('int_first_dates') }}

    union all

    select
        'register:' || owner as feed,
        min(file_date) as first_date

    from {{ ref('checked_files') }}

    where source = 'registers'

    group by owner

)

select
    feeds.feed,
    periods.*,
    -- Days that are over and that something could have come for.
    date_diff(
        'day',
        greatest(periods.period_start, feeds.first_date),
        least(
            periods.period_end, {{ add_days('periods.as_of_date', 1) }}
        )
    ) as elapsed_days

from feeds
inner join {{ ref('int_periods') }} as periods
    on feeds.first_date < periods.period_end
