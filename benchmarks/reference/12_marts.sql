-- Waste, lamps, what became of every source's rows.
create table waste_daily as
select ticket_date as date, facility_id, direction, waste_class, is_secondary, origin_type,
    count(*) as tickets, sum(net_kg) as net_kg
from tickets
where not is_void
group by all;

create table waste_balance as
with monthly as (
    select month, facility_id, kind, sum(net_kg) filter (where direction = '进') as weighed_in,
        sum(net_kg) filter (where direction = '出') as weighed_out
    from tickets
    where not is_void
    group by all
)
select strftime(month, '%Y-%m') as month, facility_id, sum(coalesce(weighed_in, 0)) as in_kg,
    sum(coalesce(weighed_out, 0)) as out_kg,
    sum(if(kind is null or kind = '转运站', 0, coalesce(weighed_in, 0) - coalesce(weighed_out, 0))) as treated_kg,
    in_kg - out_kg - treated_kg as gap_kg, if(in_kg > 0, gap_kg / in_kg * 100, null) as gap_pct
from monthly
group by all;

create table lamp_nights as
select night as night_date, town_code, road_class,
    coalesce(sum(record_count) filter (where verdict = '亮'), 0)::bigint as lit,
    coalesce(sum(record_count) filter (where verdict = '不亮'), 0)::bigint as unlit,
    coalesce(sum(record_count) filter (where verdict = '未知'), 0)::bigint as unknown,
    coalesce(sum(record_count) filter (where verdict = '计划停'), 0)::bigint as planned,
    coalesce(sum(record_count) filter (where verdict = 'no_plan'), 0)::bigint as no_plan
from lamp_night_records
group by all;

create table lamp_repairs as
with faults as (
    select *, if(due_at is null, fixed_at, least(coalesce(fixed_at, due_at), due_at)) as attr
    from faults_checked
    where verdict = 'accepted'
),
both_sides as (
    select m.period as month, grade, count(*) as faults, 0 as due, 0 as on_time, null::double as median_hours
    from faults
    inner join (from feed_periods where feed = 'lighting' and period_type = 'M') as m on found_at >= m.period_start and found_at < m.period_end and found_at <= getvariable('as_of')
    group by all
    union all
    select m.period, grade, 0, count(*), count(*) filter (where fixed_at <= due_at),
        median(minutes(found_at, fixed_at) / 60.0) filter (where fixed_at <= m.cutoff_at)
    from faults
    inner join (from feed_periods where feed = 'lighting' and period_type = 'M') as m on attr >= m.period_start and attr < m.period_end and attr <= getvariable('as_of')
    where due_at is not null
    group by all
)
select month, grade, sum(faults)::bigint as faults, sum(due)::bigint as due, sum(on_time)::bigint as on_time,
    max(median_hours) as median_hours
from both_sides
group by all;

-- Every row with its verdict. A record's key lets a later sound version mend it.
create table verdicts as
with records as (
    select 'cases' as source, 'cases' as part, load_id, load_date, updated_at, case_id as key, rule, verdict from cases_checked
    union all
    select 'case_events', 'case_events', load_id, load_date, updated_at, event_id, rule, verdict from case_events_checked
    union all
    select 'callbacks', 'callbacks', load_id, load_date, updated_at, callback_id, rule, verdict from callbacks_checked
    union all
    select 'lighting', 'lamp', load_id, load_date, updated_at, lamp_id, rule, verdict from lamps_checked
    union all
    select 'lighting', 'switch_plan', load_id, load_date, updated_at, circuit_id || '/' || night_date, rule, verdict from plans_checked
    union all
    select 'lighting', 'planned_outage', load_id, load_date, updated_at, outage_id, rule, verdict from outages_checked
    union all
    select 'lighting', 'lamp_fault', load_id, load_date, updated_at, fault_id, rule, verdict from faults_checked
),
rows_of_files as (
    select 'weighbridge' as source, load_id, file, file_date as business_date, rule, verdict from tickets_checked
    union all
    select 'sanitation', load_id, file, file_date, rule, verdict from sweeping_checked
    union all
    select 'inspections', load_id, file, file_date, rule, verdict from sheets_checked
    union all
    select 'inspections', load_id, file, file_date, rule, verdict from deductions_checked
    union all
    select 'registers', load_id, file, file_date, rule, verdict from registers_checked
    union all
    select 'reference', load_id, file, business_date, rule, verdict from reference_rows
    union all
    select source, load_id, file, business_date, rule, verdict from files where verdict = 'quarantined'
)
select source, part, load_id, updated_at, key, null as file, rule, verdict,
    least(coalesce(cast(updated_at as date), load_date), getvariable('day')) as business_date
from records
union all by name
select * from rows_of_files;

create table source_health as
with counts as (
    select source, business_date, count(*) filter (where verdict = 'accepted') as accepted,
        count(*) filter (where verdict = 'quarantined') as quarantined,
        count(*) filter (where verdict = 'superseded') as superseded
    from verdicts
    group by all
    union all
    select 'lighting', business_date, accepted, quarantined, 0 from poll_days
)
select source, business_date, (sum(accepted) + sum(quarantined) + sum(superseded))::bigint as received,
    sum(accepted)::bigint as accepted, sum(quarantined)::bigint as quarantined, sum(superseded)::bigint as superseded
from counts
group by all;

create table quarantine_summary as
with broken as (
    select *, case
            when part is not null then exists (
                from verdicts as s
                where s.part = b.part and s.key = b.key and s.rule is null
                    and (s.updated_at > b.updated_at
                        or (s.load_id > b.load_id and coalesce(b.updated_at <= s.updated_at, true)))
            )
            else exists (
                from files as f
                where f.source = b.source and f.file = b.file and f.load_id > b.load_id and f.rule is null
            )
        end as is_mended
    from verdicts as b
    where rule is not null
)
select source, rule, strftime(business_date, '%Y-%m') as month, count(*) as rows_quarantined,
    count(*) filter (where not is_mended) as open, count(*) filter (where is_mended) as resubmitted
from (
    select source, rule, business_date, is_mended from broken
    union all
    select 'lighting', rule, business_date, false from poll_rules
)
group by all;
