-- Accepted records that lie in no begun period of their feed, and so in no figure: dated
-- before the feed's first business date, dated ahead, or without any date to go by. A
-- figure leaves them out in silence; this is where they are told (the gate warns).
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

months as (

    select * from {{ ref('int_feed_periods') }}

    where period_type = 'M'

),

-- Every day that a record can be counted on.
dated as (

    select
        'cases' as feed,
        case_id as record_key,
        unnest([
            reported_at, registered_at, disposed_at, closed_at, due_at
        ]) as happened_at

    from {{ ref('stg_cases__cases') }}

    union all

    select
        'weighbridge' as feed,
        ticket_key as record_key,
        {{ midnight('ticket_date') }} as happened_at

    from {{ ref('int_waste_tickets') }}

    where excluded_reason is null

    union all

    select
        'lighting' as feed,
        fault_id as record_key,
        unnest([found_at, fixed_at, due_at]) as happened_at

    from {{ ref('stg_lighting__lamp_faults') }}

),

placed as (

    select
        dated.feed,
        dated.record_key,
        count(months.period_start) > 0 as has_period,
        cast(min(dated.happened_at) as date) as first_day

    from dated
    left join months
        on
            dated.feed = months.feed
            and dated.happened_at >= {{ midnight('months.period_start') }}
            and dated.happened_at < {{ midnight('months.period_end') }}

    group by
        dated.feed,
        dated.record_key

)

select
    placed.feed,
    {{ month_start('placed.first_day') }} as month_start,
    case
        when placed.first_day is null then '没有任何可以归入月份的时间'
        when placed.first_day > parameters.as_of_date then '日期晚于本晚'
        else '日期早于该来源的第一天'
    end as reason,
    count(*) as records

from placed
cross join parameters

where not placed.has_period

group by
    placed.feed,
    {{ month_start('placed.first_day') }},
    case
        when placed.first_day is null then '没有任何可以归入月份的时间'
        when placed.first_day > parameters.as_of_date then '日期晚于本晚'
        else '日期早于该来源的第一天'
    end
