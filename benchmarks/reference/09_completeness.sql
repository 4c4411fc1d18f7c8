-- How much of what each feed should have given was received.
create table completeness as
with queried as (
    select s.source as feed, p.period_type, p.period_start,
        greatest(date_diff('day', greatest(p.period_start, coalesce(first_date, p.period_start)), last_elapsed_day) + 1, 0) as expected,
        greatest(date_diff('day', greatest(p.period_start, coalesce(first_date, p.period_start)),
            least(last_elapsed_day, coalesce(last_load, date '1900-01-01'))) + 1, 0) as received
    from (values ('cases'), ('case_events'), ('callbacks'), ('lighting')) as s (source)
    cross join periods as p
    left join first_dates as f on f.source = s.source
    left join (
        select source, max(load_date) as last_load from loads
        where outcome = 'ok' and load_date <= getvariable('day') group by source
    ) as l on l.source = s.source
),
owed as (
    select 'weighbridge' as feed, 'weighbridge' as source, facility_id as owner, valid_from as since, valid_to - 1 as until
    from facilities
    union all
    select 'roads', 'sanitation', contractor_code, greatest(valid_from, coalesce(contract_from, valid_from)),
        least(valid_to - 1, coalesce(contract_to, valid_to - 1))
    from contractors
),
days as (
    select o.feed, c.day, count(*) as expected, count(f.owner) as received
    from owed as o
    inner join calendar as c on c.day between o.since and o.until
    left join first_dates as d on d.source = o.source
    left join files as f
        on f.source = o.source and f.owner = o.owner and f.file_date = c.day and f.verdict = 'accepted'
    where c.day >= coalesce(d.first_date, c.day)
    group by all
),
handed_in as (
    select feeds.feed, p.period_type, p.period_start,
        coalesce(sum(d.expected), 0) as expected, coalesce(sum(d.received), 0) as received
    from (values ('weighbridge'), ('roads')) as feeds (feed)
    cross join periods as p
    left join days as d on d.feed = feeds.feed and d.day between p.period_start and p.last_elapsed_day
    group by all
),
nights as (
    select r.night, r.town_code, sum(record_count) * 30 as expected, sum(polled) as received
    from lamp_night_records as r
    group by r.night, r.town_code
),
polled as (
    select 'polls' as feed, p.period_type, p.period_start, a.town_code,
        coalesce(sum(expected), 0) as expected,
        coalesce(sum(received), 0) as received
    from periods as p
    cross join areas as a
    left join nights as n
        on n.night >= p.period_start and n.night < p.period_end
        and (a.town_code is null or a.town_code = n.town_code)
    group by all
),
feeds as (
    select * from polled
    union all by name select * from queried
    union all by name select * from handed_in
    union all by name select 'register:' || register as feed, period_type, period_start,
        ended_count as expected, ended_present_count as received from register_periods
    union all by name select 'survey' as feed, period_type, period_start, 0 as expected, 0 as received from periods
)
select feed, period_type, period_start, town_code, if(expected = 0, 1.0, received::double / expected::double) as completeness
from feeds;
