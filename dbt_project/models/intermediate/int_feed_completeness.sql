-- How much of what each feed should have given over the elapsed days of a period was
-- received (indicators.md, completeness). Nothing expected is complete. A feed is the
-- county's; only polls are also told apart by town, for a lamp hangs in one.
with

periods as (

    select
        *,
        least({{ add_days('period_end', -1) }}, as_of_date) as last_elapsed_day

    from {{ ref('int_periods') }}

),

calendar as (

    select * from {{ source('ops', 'calendar') }}

),

first_dates as (

    select * from {{ ref('int_first_dates') }}

),

last_loads as (

    select
        loads.source,
        max(loads.load_date) as last_load_date

    from {{ source('ops', 'loads') }} as loads
    cross join {{ source('ops', 'parameters') }} as parameters

    where
        loads.outcome = 'ok'
        and loads.load_date <= parameters.as_of_date

    group by loads.source

),

-- API sources: the days up to the last load that succeeded.
queried_sources as (

    select unnest(['cases', 'case_events', 'callbacks', 'lighting']) as source

),

queried as (

    select
        queried_sources.source as feed,
        periods.period_type,
        periods.period_start,
        cast(null as varchar) as town_code,
        greatest(
            date_diff(
                'day',
                greatest(
                    periods.period_start,
                    coalesce(first_dates.first_date, periods.period_start)
                ),
                periods.last_elapsed_day
            ) + 1, 0
        ) as expected,
        greatest(
            date_diff(
                'day',
                greatest(
                    periods.period_start,
                    coalesce(first_dates.first_date, periods.period_start)
                ),
                least(
                    periods.last_elapsed_day,
                    coalesce(last_loads.last_load_date, cast('1900-01-01' as date))
                )
            ) + 1, 0
        ) as received

    from queried_sources
    cross join periods
    left join first_dates
        on queried_sources.source = first_dates.source
    left join last_loads
        on queried_sources.source = last_loads.source

),

-- Weighbridges: a file for each facility and day.
facility_days as (

    select
        calendar.day,
        facilities.facility_id,
        files.facility_id is not null as is_received

    from calendar
    inner join {{ ref('stg_reference__facilities') }} as facilities
        on
            facilities.valid_from <= calendar.day
            and facilities.valid_to > calendar.day
    left join {{ ref('stg_weighbridge__files') }} as files
        on
            facilities.facility_id = files.facility_id
            and calendar.day = files.file_date

),

weighed as (

    select
        'weighbridge' as feed,
        periods.period_type,
        periods.period_start,
        cast(null as varchar) as town_code,
        count(facility_days.facility_id) as expected,
        count(*) filter (where facility_days.is_received) as received

    from periods
    left join first_dates
        on first_dates.source = 'weighbridge'
    left join facility_days
        on
            facility_days.day >= periods.period_start
            and facility_days.day <= periods.last_elapsed_day
            and facility_days.day
            >= coalesce(first_dates.first_date, periods.period_start)

    group by
        periods.period_type,
        periods.period_start

),

-- Roads: a file for each contractor under contract and day.
contractor_days as (

    select
        calendar.day,
        contractors.contractor_code,
        files.contractor_code is not null as is_received

    from calendar
    inner join {{ ref('stg_reference__contractors') }} as contractors
        on
            contractors.valid_from <= calendar.day
            and contractors.valid_to > calendar.day
            and (
                contractors.contract_from is null
                or contractors.contract_from <= calendar.day
            )
            and (
                contractors.contract_to is null
                or contractors.contract_to >= calendar.day
            )
    left join {{ ref('stg_sanitation__files') }} as files
        on
            contractors.contractor_code = files.contractor_code
            and calendar.day = files.file_date

),

swept as (

    select
        'roads' as feed,
        periods.period_type,
        periods.period_start,
        cast(null as varchar) as town_code,
        count(contractor_days.contractor_code) as expected,
        count(*) filter (where contractor_days.is_received) as received

    from periods
    left join first_dates
        on first_dates.source = 'sanitation'
    left join contractor_days
        on
            contractor_days.day >= periods.period_start
            and contractor_days.day <= periods.last_elapsed_day
            and contractor_days.day
            >= coalesce(first_dates.first_date, periods.period_start)

    group by
        periods.period_type,
        periods.period_start

),

-- Lamps: thirty polls for each lamp-night up to D - 1, from the first poll on.
nightly_polls as (

    select
        night_date,
        town_code,
        sum(record_count) * 30 as expected,
        sum(polled_count) as received

    from {{ ref('int_lamp_night_records') }}

    group by
        night_date,
        town_code

),

polled as (

    select
        'polls' as feed,
        periods.period_type,
        periods.period_start,
        areas.town_code,
        coalesce(sum(nightly_polls.expected), 0) as expected,
        coalesce(sum(nightly_polls.received), 0) as received

    from periods
    cross join {{ ref('int_areas') }} as areas
    left join nightly_polls
        on
            nightly_polls.night_date >= periods.period_start
            and nightly_polls.night_date < periods.period_end
            and (
                areas.town_code is null
                or areas.town_code = nightly_polls.town_code
            )

    group by
        periods.period_type,
        periods.period_start,
        areas.town_code

),

registered as (

    select
        'register:' || register as feed,
        period_type,
        period_start,
        cast(null as varchar) as town_code,
        owed_count as expected,
        owed_present_count as received

    from {{ ref('int_register_periods') }}

),

-- The survey of a year comes after it; until then the last one speaks for it.
surveyed as (

    select
        'survey' as feed,
        period_type,
        period_start,
        cast(null as varchar) as town_code,
        0 as expected,
        0 as received

    from periods

),

feeds as (

    select * from queried

    union all

    select * from weighed

    union all

    select * from swept

    union all

    select * from polled

    union all

    select * from registered

    union all

    select * from surveyed

)

select
    feed,
    period_type,
    period_start,
    town_code,
    cast(expected as bigint) as expected,
    cast(received as bigint) as received,
    case
        when expected = 0 then 1.0
        else cast(received as double) / cast(expected as double)
    end as completeness

from feeds
