-- First dates, months, quarters and years with their freeze, areas.
create table first_dates as
select 'cases' as source, min(cast(coalesce(reported_at, updated_at) as date)) as first_date
from cases_checked where rule is null
union all
select 'case_events', min(cast(coalesce(event_at, updated_at) as date)) from case_events_checked where rule is null
union all
select 'callbacks', min(cast(coalesce(called_at, updated_at) as date)) from callbacks_checked where rule is null
union all
select source, min(file_date) from files where source != 'reference' group by source
union all
select 'lighting', min(business_date) from poll_days where accepted > 0;

delete from first_dates where first_date is null;

create table periods as
with months as (
    select cast(unnest(generate_series(
        date_trunc('month', (select min(first_date) from first_dates)), getvariable('day'), interval 1 month
    )) as date) as month
),
spans as (
    select distinct period_type, cast(date_trunc(unit, month) as date) as period_start,
        cast(date_trunc(unit, month) + length as date) as period_end
    from months
    cross join (values ('M', 'month', interval 1 month), ('Q', 'quarter', interval 3 month),
        ('Y', 'year', interval 12 month)) as types (period_type, unit, length)
),
workdays as (
    select day, lead(day, 4) over (order by day) as fifth from calendar where is_workday
),
frozen as (
    select spans.*, cast(fifth + 1 as timestamp) as freeze_at
    from spans
    asof join workdays on workdays.day >= spans.period_end
)
select period_type, period_start, period_end, freeze_at,
    case period_type
        when 'M' then strftime(period_start, '%Y-%m')
        when 'Q' then year(period_start) || 'Q' || quarter(period_start)
        else cast(year(period_start) as varchar)
    end as period,
    least(getvariable('as_of'), freeze_at) as cutoff_at,
    if(getvariable('as_of') < freeze_at, '初报', '终报') as stage,
    getvariable('as_of') >= cast(period_end as timestamp) as has_ended,
    least(cast(period_end - 1 as date), getvariable('day')) as last_elapsed_day
from frozen;

create view months as select * from periods where period_type = 'M';

-- The first month of what indicators begin with: a source, or one register.
create table feed_periods as
select f.feed, p.* from (
    select source as feed, first_date from first_dates
    union all
    select 'register:' || owner, min(file_date) from files where source = 'registers' group by owner
) as f
inner join periods as p on p.period_end > f.first_date;

create table areas as
select getvariable('county') as area_code, cast(null as varchar) as town_code
union all
select distinct town_code, town_code from towns
where valid_from <= getvariable('day') and valid_to > getvariable('day');

-- Registers: the last month present, the day asked of, and whether those due are there.
create table register_periods as
with due as (
    select f.register, m.period_start as month,
        m.has_ended and m.period_start >= coalesce(d.first_month, m.period_start) as is_expected
    from seed_register_feeds as f
    inner join months as m
        on f.cadence = 'monthly' or (f.cadence = 'quarter_end' and month(m.period_start) in (3, 6, 9, 12))
    left join (
        select feed, min(period_start) as first_month from feed_periods where period_type = 'M' group by feed
    ) as d on d.feed = 'register:' || f.register
),
counted as (
    select due.register, p.period_type, p.period_start, count(*) as due_count, count(r.month) as present_count,
        count(*) filter (where is_expected) as ended_count,
        count(r.month) filter (where is_expected) as ended_present_count
    from due
    inner join periods as p on due.month >= p.period_start and due.month < p.period_end
    left join register_months as r on due.register = r.register and due.month = r.month
    group by all
),
last_present as (
    select r.register, p.period_type, p.period_start, max(r.month) as month
    from register_months as r
    inner join periods as p on r.month >= p.period_start and r.month < p.period_end
    group by all
)
select f.register, p.period_type, p.period_start, cast(p.period_end - 1 as date) as last_day, p.has_ended, l.month,
    least(cast(p.period_end - 1 as date), last_day(l.month)) as asked_date,
    coalesce(last_day(l.month) = p.period_end - 1, false) as is_final_month_present,
    coalesce(c.due_count, 0) as due_count, coalesce(c.present_count, 0) as present_count,
    coalesce(c.ended_count, 0) as ended_count, coalesce(c.ended_present_count, 0) as ended_present_count
from seed_register_feeds as f
cross join periods as p
left join counted as c using (register, period_type, period_start)
left join last_present as l using (register, period_type, period_start);
