-- The records behind each indicator, one row for each question it answers.
create table cases_due as
with done as (
    select *, disposed_at as done_at, 'disposed' as step from cases
    union all by name
    select *, closed_at as done_at, 'closed' as step from cases
),
attributed as (
    select *, if(due_at is null, done_at, least(coalesce(done_at, due_at), due_at)) as attr from done
)
select a.step, a.case_id, a.town_code, a.contractor_code, a.dept_code, m.period_start as month,
    a.is_urban_management, k.indicator_group,
    coalesce(ch.is_citizen, false) as is_citizen, coalesce(c.in_urban_area, false) as is_urban_area,
    case
        when a.status in ('作废', '不予受理') then a.status
        when a.master_case_id is not null then '重复件'
        when a.suspended_at <= m.cutoff_at and coalesce(a.resumed_at > m.cutoff_at, true) then '挂账'
        when a.due_at is null then '无时限'
    end as excluded,
    coalesce(a.done_at <= m.cutoff_at, false) as is_done,
    coalesce(a.done_at <= a.due_at, false) as is_on_time,
    a.stop_due_at is null or coalesce(a.stopped_at <= a.stop_due_at, false) as is_stopped_in_time
from attributed as a
inner join months as m
    on a.attr >= m.period_start and a.attr < m.period_end and a.attr <= getvariable('as_of')
left join seed_channels as ch on a.channel = ch.channel
left join categories as k
    on a.kind = k.kind and a.category_code = k.category_code
    and cast(a.attr as date) >= k.valid_from and cast(a.attr as date) < k.valid_to
left join communities as c
    on a.community_code = c.community_code
    and cast(a.attr as date) >= c.valid_from and cast(a.attr as date) < c.valid_to;

create table cases_closed as
with closed as (
    select c.*, m.period_start as month, m.cutoff_at
    from cases as c
    inner join months as m
        on c.closed_at >= m.period_start and c.closed_at < m.period_end and c.closed_at <= m.cutoff_at
),
ratings as (
    select c.case_id, max_by(b.rating, (b.called_at, b.attempt_no, b.callback_id)) as rating
    from closed as c
    inner join callbacks_checked as b
        on b.verdict = 'accepted' and c.case_id = b.case_id and b.called_at <= c.cutoff_at
    where b.is_reached and b.rating in ('满意', '基本满意', '不满意')
    group by c.case_id
)
select c.case_id, c.town_code, c.contractor_code, c.dept_code, c.month, c.is_urban_management, c.resolution_means,
    coalesce(ch.is_citizen, false) as is_citizen, coalesce(u.in_urban_area, false) as is_urban_area, r.rating,
    case
        when c.status in ('作废', '不予受理') then c.status
        when c.master_case_id is not null then '重复件'
        when c.suspended_at <= c.cutoff_at and coalesce(c.resumed_at > c.cutoff_at, true) then '挂账'
    end as excluded
from closed as c
left join ratings as r on c.case_id = r.case_id
left join seed_channels as ch on c.channel = ch.channel
left join communities as u
    on c.community_code = u.community_code
    and cast(c.closed_at as date) >= u.valid_from and cast(c.closed_at as date) < u.valid_to;

create table segment_days as
with days as (
    select day from calendar
    where day >= (select first_date from first_dates where source = 'sanitation') and day <= getvariable('day')
),
passes as (
    select segment_id, work_date, sum(actual_passes) as done
    from sweeping_checked
    where verdict = 'accepted' and method = '机械' and coverage >= 0.9
    group by all
)
select s.segment_id, d.day, s.contractor_code, s.area_m2, s.required_passes, coalesce(p.done, 0) as done,
    exists (
        from waivers as w
        where w.segment_id = s.segment_id and w.date_from <= d.day and w.date_to >= d.day
            and w.valid_from <= d.day and w.valid_to > d.day
    ) as is_waived,
    cast(date_trunc('month', d.day) as date) as month
from days as d
inner join segments as s
    on s.valid_from <= d.day and s.valid_to > d.day
    and s.road_class in ('主干道', '次干道') and s.required_passes > 0
inner join communities as c
    on s.community_code = c.community_code and c.in_urban_area and c.valid_from <= d.day and c.valid_to > d.day
left join passes as p on s.segment_id = p.segment_id and d.day = p.work_date;

create table supervised as
with items as (
    select month, trimmed(c['事项编号']) as item_no, trimmed(c['牵头单位']) as dept_code, trimmed(c['状态']) as status,
        as_deadline(trimmed(c['期限'])) as due_at, as_time_or_date(trimmed(c['验收时间'])) as verified_at
    from register_items where register = 'supervision_items'
)
select i.month, i.month || '/' || item_no as record_key, dept_code,
    case when status = '已取消' then status when due_at is null then '无时限' end as excluded,
    coalesce(verified_at <= m.cutoff_at, false) as is_done
from items as i
inner join months as m on i.month = m.period_start
where if(due_at is null, verified_at, least(coalesce(verified_at, due_at), due_at)) >= m.period_start
    and if(due_at is null, verified_at, least(coalesce(verified_at, due_at), due_at)) < m.period_end
    and if(due_at is null, verified_at, least(coalesce(verified_at, due_at), due_at)) <= getvariable('as_of');

create table surveys as
select y.period_start, cast(trimmed(r.c['年度']) as integer) as survey_year, r.c,
    if(survey_year < year(y.period_start), 'carried_forward', null) as note
from periods as y
inner join register_items as r
    on y.period_type = 'Y' and r.register = 'green_survey'
    and cast(trimmed(r.c['年度']) as integer) <= year(y.period_start)
qualify row_number() over (partition by y.period_start order by survey_year desc, r.month desc) = 1;

create table segments_to_be_lit as
with asked as (
    select period_type, period_start, last_elapsed_day as day from periods
),
lit as (
    select distinct a.day, l.segment_id
    from (select distinct day from asked) as a
    inner join lamps as l
        on coalesce(l.in_service_from, a.day) <= a.day and coalesce(l.in_service_to, a.day) >= a.day
)
select a.period_type, a.period_start, s.segment_id, s.length_m, l.segment_id is not null as has_lamp
from asked as a
inner join segments as s on s.is_lamp_required and s.valid_from <= a.day and s.valid_to > a.day
left join lit as l on a.day = l.day and s.segment_id = l.segment_id;

create table events as
-- cases: due, closed, registered, reported
select 'I03' as indicator_id, 'M' as period_type, month as period_start, true as rolls_up, 'case' as record_type,
    case_id as record_key, 1::bigint as record_count, town_code, contractor_code, dept_code,
    is_done::integer::double as numerator, 1::double as denominator, excluded, null::varchar as note
from cases_due where step = 'disposed' and is_urban_management and indicator_group = '违法广告'
union all
select 'I04', 'M', month, true, 'case', case_id, 1, town_code, contractor_code, dept_code,
    (is_on_time and is_stopped_in_time)::integer, 1, excluded, null
from cases_due where step = 'disposed' and is_urban_management and indicator_group = '违法建设'
union all
select 'I05', 'M', month, true, 'case', case_id, 1, town_code, contractor_code, dept_code, is_on_time::integer, 1, excluded, null
from cases_due where step = 'disposed' and is_urban_management and indicator_group = '违法占道'
union all
select 'I18', 'M', month, true, 'case', case_id, 1, town_code, contractor_code, dept_code, is_done::integer, 1, excluded, null
from cases_due where step = 'closed' and is_urban_management and is_citizen and is_urban_area
union all
select 'X06c', 'M', month, true, 'case', case_id, 1, null, contractor_code, dept_code, is_on_time::integer, 1, excluded, null
from cases_due where step = 'closed' and is_urban_management
union all
select unnest(['I19', 'X06d']), 'M', month, true, 'case', case_id, 1, unnest([town_code, null]), contractor_code, dept_code,
    (rating in ('满意', '基本满意'))::integer, 1, excluded, null
from cases_closed
where is_urban_management and is_citizen and is_urban_area and (rating is not null or excluded is not null)
union all
select unnest(['X04a', 'X04b', 'X04c']), 'M', month, true, 'case', case_id, 1, null, contractor_code, dept_code,
    (resolution_means = unnest(['服务', '管理', '执法']))::integer, 1, null, null
from cases_closed where resolution_means is not null
union all
select unnest(['X06a', 'X06b']), 'M', m.period_start, true, 'case', case_id, 1, null, contractor_code, dept_code,
    unnest([1, coalesce(minutes(accepted_at, registered_at) <= 30, false)::integer]), unnest([null, 1]),
    if(status = '作废', status, null), null
from cases
inner join months as m on registered_at >= m.period_start and registered_at < m.period_end and registered_at <= getvariable('as_of')
union all
select 'X10', 'M', m.period_start, true, 'case', case_id, 1, null, contractor_code, dept_code, 1, null,
    case when status = '作废' then status when master_case_id is not null then '重复件' end, null
from cases
inner join months as m on reported_at >= m.period_start and reported_at < m.period_end and reported_at <= getvariable('as_of')
inner join categories as k
    on cases.kind = k.kind and cases.category_code = k.category_code and k.indicator_group = '违法建设'
    and cast(reported_at as date) >= k.valid_from and cast(reported_at as date) < k.valid_to
-- roads
union all
select 'I01', 'M', month, true, 'segment_day', day || '/' || segment_id, 1, null, contractor_code, null,
    area_m2 * least(done, required_passes) / required_passes, area_m2, if(is_waived, '作业豁免', null),
    case when done = 0 then '未作业' when done < required_passes then '趟次不足' end
from segment_days
-- waste
union all
select 'I07', 'M', month, true, 'weigh_ticket', facility_id || '/' || ticket_id, 1, null, haulier_code, null,
    if(is_treated and kind in ('焚烧', '卫生填埋', '厨余处理', '危废暂存'), net_kg, null), if(is_collected, net_kg, null),
    if(is_void, '作废', null), null
from tickets where scope = 'urban' and (is_collected or is_treated)
union all
select 'I09', 'M', month, true, 'weigh_ticket', facility_id || '/' || ticket_id, 1, null, haulier_code, null,
    if(is_treated and kind = '焚烧', net_kg, null), if(is_collected, net_kg, null), if(is_void, '作废', null), null
from tickets where is_collected or (is_treated and kind = '焚烧')
union all
select unnest(['I11', 'I11b']), 'M', month, true, 'weigh_ticket', facility_id || '/' || ticket_id, 1, null, haulier_code, null,
    case when is_recycled or is_kitchen_input then net_kg when is_kitchen_residue then -net_kg end,
    unnest([if(is_collected or is_recycled, net_kg, null), if(is_collected, net_kg, null)]), if(is_void, '作废', null), null
from tickets where is_collected or is_recycled or is_kitchen_input or is_kitchen_residue
union all
select 'I12', 'M', month, true, 'weigh_ticket', facility_id || '/' || ticket_id, 1, null, haulier_code, null,
    net_kg, null, if(is_void, '作废', null), null
from tickets
where direction = '进' and kind in ('消纳场', '资源化厂') and waste_class = '建筑垃圾' and not is_secondary
    and origin_type in ('城区环卫', '单位')
union all
select 'I12', 'M', r.month, true, 'construction_project', r.month || '/' || trimmed(r.c['项目编号']), 1,
    null, null, null, as_number(trimmed(r.c['就地利用量kg'])), as_number(trimmed(r.c['产生量kg'])), null, null
from register_items as r
inner join towns as t
    on t.is_urban and trimmed(r.c['乡镇编码']) = t.town_code and last_day(r.month) >= t.valid_from and last_day(r.month) < t.valid_to
where r.register = 'construction_waste'
-- registers
union all
select 'I02', p.period_type, p.period_start, false, 'ad_facility', trimmed(c['设施编号']), 1, trimmed(c['乡镇编码']), null, null,
    coalesce(
        as_date(trimmed(c['许可起'])) <= p.asked_date and as_date(trimmed(c['许可止'])) >= p.asked_date
        and trimmed(c['符合规划']) = '是' and trimmed(c['最近检查结果']) = '合格'
        and as_date(trimmed(c['最近检查日期'])) <= p.asked_date
        and as_date(trimmed(c['最近检查日期'])) > p.asked_date - interval 12 month, false)::integer,
    1, null, null
from register_items as r
inner join register_periods as p on r.register = 'ad_facilities' and p.register = r.register and p.month = r.month
where trimmed(c['类型']) is distinct from '招牌' and coalesce(as_date(trimmed(c['拆除日期'])) > p.last_day, true)
union all
select 'I06', p.period_type, p.period_start, false, 'frontage_unit', trimmed(c['单位编号']), 1, trimmed(c['乡镇编码']), null, null,
    coalesce(
        as_date(trimmed(c['责任书签订日期'])) <= p.asked_date and as_date(trimmed(c['最近检查日期'])) >= p.period_start
        and as_date(trimmed(c['最近检查日期'])) <= p.asked_date and trimmed(c['最近检查结果']) = '合格', false)::integer,
    1, null, null
from register_items as r
inner join register_periods as p on r.register = 'frontage_units' and p.register = r.register and p.month = r.month
where trimmed(c['类型']) != '空置' and coalesce(as_date(trimmed(c['注销日期'])) > p.asked_date, true)
union all
select 'I08', p.period_type, p.period_start, false, 'residential_compound', trimmed(c['小区编号']), 1, trimmed(c['乡镇编码']), null, null,
    (trimmed(c['容器到位']) = '是' and trimmed(c['公示到位']) = '是' and as_integer(trimmed(c['本月分类收运次数'])) >= 1)::integer,
    1, null, null
from register_items as r
inner join register_periods as p on r.register = 'residential_compounds' and p.register = r.register and p.month = r.month
where trimmed(c['纳入范围']) = '是'
union all
select 'I10', p.period_type, p.period_start, false, 'institution', trimmed(c['机构编号']), 1, trimmed(c['乡镇编码']), null, null,
    coalesce(trimmed(c['容器到位']) = '是' and trimmed(c['公示到位']) = '是' and trimmed(c['检查结果']) = '合格', false)::integer,
    1, null, null
from register_items as r
inner join register_periods as p on r.register = 'institutions' and p.register = r.register and p.month = r.month
where trimmed(c['纳入范围']) = '是'
union all
select 'I20', p.period_type, p.period_start, false, 'equipment', trimmed(c['装备名称']), 1, null, null, null,
    least(as_number(trimmed(c['在用合格数量'])), as_number(trimmed(c['标准数量']))), as_number(trimmed(c['标准数量'])), null, null
from register_items as r
inner join register_periods as p on r.register = 'equipment' and p.register = r.register and p.month = r.month
union all
select 'I21', 'M', r.month, true, 'assessment_object', r.month || '/' || trimmed(c['对象编号']), 1, null, null, null,
    coalesce(as_integer(trimmed(c['已评分项数'])) >= 1, false)::integer, 1,
    if(trimmed(c['免考核批准']) is not null, '免考核', null), null
from register_items as r
where r.register = 'assessment_objects' and trimmed(c['应考核']) = '是'
    and r.month in (select period_start from months)
union all
select 'X01', 'M', month, true, 'supervision_item', record_key, 1, null, null, dept_code, is_done::integer, 1, excluded, null
from supervised
union all
select unnest(['X02', 'X03']), p.period_type, p.period_start, false, 'staffing', cast(r.month as varchar), 1, null, null, null,
    unnest([as_integer(trimmed(c['在编执法人员'])), as_integer(trimmed(c['辅助人员']))]),
    unnest([as_number(trimmed(c['城市人口'])), as_integer(trimmed(c['在编执法人员']))]), null, null
from register_items as r
inner join register_periods as p on r.register = 'staffing' and p.register = r.register and p.month = r.month
union all
select 'X05', p.period_type, p.period_start, false, 'parking', cast(r.month as varchar), 1, null, null, null,
    as_integer(trimmed(c['配建车位'])) + as_integer(trimmed(c['路外公共车位'])) + as_integer(trimmed(c['路内泊位'])),
    as_integer(trimmed(c['汽车保有量'])), null, null
from register_items as r
inner join register_periods as p on r.register = 'parking' and p.register = r.register and p.month = r.month
union all
select unnest(['I13', 'I14', 'I15']), 'Y', period_start, false, 'green_survey', cast(survey_year as varchar), 1, null, null, null,
    unnest([as_number(trimmed(c['绿化覆盖面积km2'])), as_number(trimmed(c['绿地面积km2'])), as_number(trimmed(c['公园绿地面积ha'])) * 10000]),
    unnest([as_number(trimmed(c['建成区面积km2'])), as_number(trimmed(c['建成区面积km2'])),
        as_number(trimmed(c['城区人口'])) + as_number(trimmed(c['城区暂住人口']))]), null, note
from surveys
-- lamps
union all
select 'I16', period_type, period_start, false, 'road_segment', segment_id, 1, null, null, null,
    if(has_lamp, length_m, 0), length_m, null, if(has_lamp, null, '未装灯')
from segments_to_be_lit
union all
select 'I17', 'M', cast(date_trunc('month', night) as date), true, record_type, record_key, record_count, town_code, null, null,
    if(verdict = '亮', record_count, 0), record_count, if(verdict in ('计划停', 'no_plan'), verdict, null),
    if(verdict in ('不亮', '未知'), verdict, null)
from lamp_night_records
union all
select 'I17b', 'M', cast(date_trunc('month', night) as date), true, record_type, record_key, record_count, null, null, null,
    if(verdict = '亮', record_count, 0), record_count, if(verdict in ('计划停', 'no_plan'), verdict, null),
    if(verdict = '不亮', verdict, null)
from lamp_night_records where verdict != '未知';

delete from events as e
where not exists (
        from indicators as i
        inner join feed_periods as p on i.begins_with = p.feed
        where i.indicator_id = e.indicator_id and p.period_type = e.period_type and p.period_start = e.period_start
    )
    or (excluded is not null and if(indicator_id in ('X06a', 'X10'), numerator, denominator) is null);
update events set numerator = null, denominator = null where excluded is not null;
