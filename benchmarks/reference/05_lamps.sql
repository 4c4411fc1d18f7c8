-- Street lights: the small tables judged, newest version in force.
create table lamps_checked as
select *, case
        when lamp_id is null then 'D01'
        when control not in ('单灯', '回路', '时钟') then 'D02'
        when power_w < 0 then 'D04'
    end as rule,
    verdict_of(rule, row_number() over (
        partition by lamp_id, rule is null order by updated_at desc nulls last, load_id desc, row_id desc
    )) as verdict
from landed_lamp
where updated_at is null or updated_at <= getvariable('as_of');

create table lamps as select * exclude (rule, verdict) from lamps_checked where verdict = 'accepted';
create table circuits as select distinct circuit_id from lamps where circuit_id is not null;

create table plans_checked as
select p.*, case
        when c.circuit_id is null then 'D01'
        when off_at <= on_at then 'D03'
    end as rule,
    verdict_of(rule, row_number() over (
        partition by p.circuit_id, night_date, rule is null
        order by updated_at desc nulls last, load_id desc, row_id desc
    )) as verdict
from landed_switch_plan as p
left join circuits as c on p.circuit_id = c.circuit_id
where updated_at is null or updated_at <= getvariable('as_of');

create table outages_checked as
select o.*, case
        when c.circuit_id is null then 'D01'
        when ends_at <= starts_at then 'D03'
    end as rule,
    verdict_of(rule, row_number() over (
        partition by outage_id, rule is null order by updated_at desc nulls last, load_id desc, row_id desc
    )) as verdict
from landed_planned_outage as o
left join circuits as c on o.circuit_id = c.circuit_id
where updated_at is null or updated_at <= getvariable('as_of');

create table faults_checked as
select f.*, case
        when l.lamp_id is null then 'D01'
        when coalesce(found_by, '') not in ('遥测', '夜巡', '投诉', '案卷')
            or coalesce(grade, '') not in ('一般', '严重', '危急') then 'D02'
        when fixed_at < found_at then 'D03'
    end as rule,
    verdict_of(rule, row_number() over (
        partition by fault_id, rule is null order by f.updated_at desc nulls last, f.load_id desc, f.row_id desc
    )) as verdict
from landed_lamp_fault as f
left join lamps as l on f.lamp_id = l.lamp_id
where f.updated_at is null or f.updated_at <= getvariable('as_of');
