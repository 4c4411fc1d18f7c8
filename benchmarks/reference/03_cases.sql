-- The case platform: cases, events, call-backs; each version judged, the newest in force.
create table cases_checked as
with records as (
    select load_id, load_date, landed_at, line, json_transform(try_cast(raw as json), '{
        "case_id": "JSON", "kind": "JSON", "category_code": "JSON", "channel": "JSON",
        "is_urban_management": "JSON", "town_code": "JSON", "community_code": "JSON",
        "grid_code": "JSON", "lon": "JSON", "lat": "JSON", "dept_code": "JSON",
        "contractor_code": "JSON", "reporter_name": "JSON", "reporter_phone": "JSON",
        "description": "JSON", "reported_at": "JSON", "accepted_at": "JSON",
        "registered_at": "JSON", "dispatched_at": "JSON", "due_at_original": "JSON",
        "due_at": "JSON", "stop_due_at": "JSON", "stopped_at": "JSON",
        "disposed_at": "JSON", "checked_at": "JSON", "closed_at": "JSON", "status": "JSON",
        "suspended_at": "JSON", "resumed_at": "JSON", "master_case_id": "JSON",
        "rework_count": "JSON", "extension_count": "JSON", "resolution_means": "JSON",
        "updated_at": "JSON"}') as r
    from landed_cases
),
typed as (
    select load_id, load_date, landed_at, line, r,
        r.case_id ->> '$' as case_id, r.kind ->> '$' as kind,
        r.category_code ->> '$' as category_code, r.channel ->> '$' as channel,
        try_cast(r.is_urban_management ->> '$' as boolean) as is_urban_management,
        r.town_code ->> '$' as town_code, r.community_code ->> '$' as community_code,
        r.dept_code ->> '$' as dept_code, r.contractor_code ->> '$' as contractor_code,
        r.status ->> '$' as status, r.master_case_id ->> '$' as master_case_id,
        r.resolution_means ->> '$' as resolution_means,
        as_county_time(r.reported_at) as reported_at, as_county_time(r.accepted_at) as accepted_at,
        as_county_time(r.registered_at) as registered_at, as_county_time(r.dispatched_at) as dispatched_at,
        as_county_time(r.due_at_original) as due_at_original,
        as_county_time(r.due_at) as due_at, as_county_time(r.stop_due_at) as stop_due_at,
        as_county_time(r.stopped_at) as stopped_at, as_county_time(r.disposed_at) as disposed_at,
        as_county_time(r.checked_at) as checked_at, as_county_time(r.closed_at) as closed_at,
        as_county_time(r.suspended_at) as suspended_at, as_county_time(r.resumed_at) as resumed_at,
        as_county_time(r.updated_at) as updated_at
    from records
),
judged as (
    select typed.*, case
        when is_blank(r.case_id) or is_blank(r.updated_at) then 'A01'
        when coalesce(kind, '') not in ('事件', '部件')
            or coalesce(channel, '') not in ('监督员', '视频', '12345', '12319', '信访', '网络留言', '微信', '媒体', '上级转办')
            or coalesce(status, '') not in ('待受理', '不予受理', '已立案', '已派遣', '处置中', '待核查', '已结案', '挂账', '作废')
            or coalesce(resolution_means, '服务') not in ('服务', '管理', '执法') then 'A02'
        when (r.reported_at is not null and reported_at is null)
            or (r.accepted_at is not null and accepted_at is null)
            or (r.registered_at is not null and registered_at is null)
            or (r.dispatched_at is not null and dispatched_at is null)
            or (r.due_at_original is not null and due_at_original is null)
            or (r.due_at is not null and due_at is null)
            or (r.stop_due_at is not null and stop_due_at is null)
            or (r.stopped_at is not null and stopped_at is null)
            or (r.disposed_at is not null and disposed_at is null)
            or (r.checked_at is not null and checked_at is null)
            or (r.closed_at is not null and closed_at is null)
            or (r.suspended_at is not null and suspended_at is null)
            or (r.resumed_at is not null and resumed_at is null)
            or (r.updated_at is not null and updated_at is null) then 'A03'
        when registered_at < reported_at or disposed_at < dispatched_at
            or closed_at < registered_at or resumed_at < suspended_at then 'A04'
        when greatest(reported_at, accepted_at, registered_at, dispatched_at, stopped_at,
            disposed_at, checked_at, closed_at, suspended_at, resumed_at)
            > updated_at + interval 5 minute then 'A05'
        when (t.item_key is null and exists (from reference_keys where table_name = 'towns'))
            or (c.item_key is null and exists (from reference_keys where table_name = 'communities')) then 'A06'
        when is_no_text(r.case_id) or is_no_text(r.kind) or is_no_text(r.category_code)
            or is_no_text(r.channel) or is_no_text(r.town_code) or is_no_text(r.community_code)
            or is_no_text(r.status) or is_odd_text(r.grid_code) or is_odd_text(r.dept_code)
            or is_odd_text(r.contractor_code) or is_odd_text(r.reporter_name)
            or is_odd_text(r.reporter_phone) or is_odd_text(r.description)
            or is_odd_text(r.master_case_id) or is_odd_text(r.resolution_means)
            or is_no_flag(r.is_urban_management) or is_no_count(r.rework_count)
            or is_no_count(r.extension_count) or is_odd_number(r.lon) or is_odd_number(r.lat)
            or not regexp_full_match(category_code, '[0-9]{4}')
            or not regexp_full_match(coalesce(r.grid_code ->> '$', '00000000000000'), '[0-9]{14,15}') then 'A07'
        end as rule
    from typed
    left join reference_keys as t on t.table_name = 'towns' and typed.town_code = t.item_key
    left join reference_keys as c on c.table_name = 'communities' and typed.community_code = c.item_key
    where updated_at is null or updated_at <= getvariable('as_of')
)
select * exclude (r),
    verdict_of(rule, row_number() over (
        partition by case_id, rule is null order by updated_at desc nulls last, load_id desc, line desc
    )) as verdict
from judged;

create table case_events_checked as
with typed as (
    select load_id, load_date, landed_at, line, r, r.event_id ->> '$' as event_id,
        r.event_type ->> '$' as event_type, r.actor_role ->> '$' as actor_role,
        as_county_time(r.event_at) as event_at, as_county_time(r.new_due_at) as new_due_at,
        as_county_time(r.updated_at) as updated_at
    from (
        select *, json_transform(try_cast(raw as json), '{
            "event_id": "JSON", "case_id": "JSON", "event_type": "JSON", "event_at": "JSON",
            "actor_role": "JSON", "dept_code": "JSON", "to_dept_code": "JSON",
            "result": "JSON", "new_due_at": "JSON", "updated_at": "JSON"}') as r
        from landed_case_events
    )
),
judged as (
    select *, case
        when is_blank(r.event_id) or is_blank(r.updated_at) then 'A01'
        when coalesce(event_type, '') not in ('reported', 'accepted', 'rejected', 'merged',
            'registered', 'voided', 'dispatched', 'dept_returned', 'return_approved',
            'extension_approved', 'suspended', 'resumed', 'disposed', 'checked_pass',
            'checked_fail', 'closed', 'reopened', 'appealed', 'appeal_upheld', 'appeal_rejected')
            or coalesce(actor_role, '') not in ('监督员', '受理员', '值班长', '派遣员', '专业部门', '座席') then 'A02'
        when (r.event_at is not null and event_at is null)
            or (r.new_due_at is not null and new_due_at is null)
            or (r.updated_at is not null and updated_at is null) then 'A03'
        when event_at > updated_at + interval 5 minute then 'A05'
        when is_no_text(r.event_id) or is_no_text(r.case_id) or is_no_text(r.event_type)
            or is_no_text(r.actor_role) or is_odd_text(r.dept_code)
            or is_odd_text(r.to_dept_code) or is_odd_text(r.result) then 'A07'
        end as rule
    from typed
    where updated_at is null or updated_at <= getvariable('as_of')
)
select * exclude (r),
    verdict_of(rule, row_number() over (
        partition by event_id, rule is null order by updated_at desc nulls last, load_id desc, line desc
    )) as verdict
from judged;

create table callbacks_checked as
with typed as (
    select load_id, load_date, landed_at, line, r, r.callback_id ->> '$' as callback_id,
        r.case_id ->> '$' as case_id, try_cast(r.attempt_no ->> '$' as bigint) as attempt_no,
        try_cast(r.reached ->> '$' as boolean) as is_reached, r.rating ->> '$' as rating,
        as_county_time(r.called_at) as called_at, as_county_time(r.updated_at) as updated_at
    from (
        select *, json_transform(try_cast(raw as json), '{
            "callback_id": "JSON", "case_id": "JSON", "attempt_no": "JSON",
            "called_at": "JSON", "reached": "JSON", "rating": "JSON", "updated_at": "JSON"}') as r
        from landed_callbacks
    )
),
judged as (
    select *, case
        when is_blank(r.callback_id) or is_blank(r.updated_at) then 'A01'
        when coalesce(rating, '拒评') not in ('满意', '基本满意', '不满意', '拒评') then 'A02'
        when (r.called_at is not null and called_at is null)
            or (r.updated_at is not null and updated_at is null) then 'A03'
        when called_at > updated_at + interval 5 minute then 'A05'
        when is_no_text(r.callback_id) or is_no_text(r.case_id) or is_odd_text(r.rating)
            or is_no_count(r.attempt_no) or is_no_flag(r.reached) then 'A07'
        end as rule
    from typed
    where updated_at is null or updated_at <= getvariable('as_of')
)
select * exclude (r),
    verdict_of(rule, row_number() over (
        partition by callback_id, rule is null order by updated_at desc nulls last, load_id desc, line desc
    )) as verdict
from judged;

create view cases as select * from cases_checked where verdict = 'accepted';
