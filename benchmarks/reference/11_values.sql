-- Sums by indicator, period and area, then value, null reason, target and status.
create table indicator_values as
with by_town as (
    select indicator_id, period_type, period_start, rolls_up, town_code,
        sum(numerator) as numerator, sum(denominator) as denominator,
        sum(record_count) filter (where numerator is not null) as numerator_records,
        sum(record_count) filter (where denominator is not null) as denominator_records,
        sum(record_count) filter (where excluded is not null) as excluded, max(note) as note
    from events
    group by all
),
rolled_up as (
    select * exclude (rolls_up) from by_town where not rolls_up
    union all by name
    select b.* exclude (rolls_up, period_type, period_start), t.period_type,
        cast(date_trunc(t.unit, b.period_start) as date) as period_start
    from by_town as b
    cross join (values ('M', 'month'), ('Q', 'quarter'), ('Y', 'year')) as t (period_type, unit)
    where rolls_up
),
totals as (
    select indicator_id, period_type, period_start, area_code, sum(numerator) as numerator,
        sum(denominator) as denominator, coalesce(sum(numerator_records), 0) as numerator_records,
        coalesce(sum(denominator_records), 0) as denominator_records, coalesce(sum(excluded), 0) as excluded,
        max(note) as note
    from (
        select *, getvariable('county') as area_code from rolled_up
        union all
        select *, town_code from rolled_up where town_code is not null
    )
    group by indicator_id, period_type, period_start, area_code
),
complete as (
    select i.indicator_id, c.period_type, c.period_start, c.town_code, min(c.completeness) as completeness
    from (select indicator_id, unnest(split(feeds, ' ')) as feed from indicators) as i
    inner join completeness as c using (feed)
    group by all
),
asked as (
    select i.*, p.*, a.area_code, a.town_code is not null as is_town, coalesce(t.completeness, c.completeness) as completeness,
        case
            when i.register_rule = 'every_month' and r.present_count < r.due_count then 'not_collected'
            when i.register_rule in ('final_month', 'any_month') and r.month is null
                then if(p.has_ended, 'source_late', 'not_due')
            when i.register_rule = 'final_month' and p.has_ended and not r.is_final_month_present then 'source_late'
        end as register_reason
    from indicators as i
    inner join feed_periods as p on i.begins_with = p.feed and contains(i.periods, p.period_type)
    inner join areas as a on a.town_code is null or i.towns
    left join complete as c
        on i.indicator_id = c.indicator_id and p.period_type = c.period_type and p.period_start = c.period_start
        and c.town_code is null
    left join complete as t
        on i.indicator_id = t.indicator_id and p.period_type = t.period_type and p.period_start = t.period_start
        and a.town_code = t.town_code
    left join register_periods as r
        on i.register = r.register and p.period_type = r.period_type and p.period_start = r.period_start
),
summed as (
    select a.*, t.indicator_id is null as is_empty, t.note,
        if(register_reason is null, coalesce(t.numerator, 0), null) as numerator,
        if(register_reason is null and rollup != 'count', coalesce(t.denominator, 0), null) as denominator,
        if(register_reason is null, coalesce(if(rollup = 'count', numerator_records, denominator_records), 0), 0) as n,
        if(register_reason is null, coalesce(t.excluded, 0), 0) as excluded
    from asked as a
    left join totals as t using (indicator_id, period_type, period_start, area_code)
),
valued as (
    select *, case
            when register_reason is not null then register_reason
            when register_rule = 'carried' and is_empty then if(has_ended, 'source_late', 'not_due')
            when rollup = 'count' then null
            when denominator = 0 and completeness = 0 then 'source_late'
            when denominator = 0 then 'no_denominator'
            when is_town and denominator < coalesce(town_min_sample, 0) then 'below_min_sample'
        end as null_reason,
        case
            when null_reason is not null then null
            when rollup = 'count' then numerator
            else numerator / denominator * case unit when '%' then 100 when '‱' then 10000 else 1 end
        end as value
    from summed
)
select indicator_id, period_type, period, area_code,
    if(register_rule = 'carried' and is_empty, null, numerator) as numerator,
    if(register_rule = 'carried' and is_empty, null, denominator) as denominator,
    value, null_reason, excluded::bigint as excluded, n::bigint as n, target, stage, completeness,
    case
        when value is null then '无数据'
        when completeness < 0.95 then '数据不完整'
        when target is null then '描述性'
        when op = 'ge' and value >= target then '达标'
        when op = 'between' and value = target then '达标'
        when value >= easier_target then '口径冲突区间'
        else '未达标'
    end as status,
    getvariable('day') as as_of
from valued;
