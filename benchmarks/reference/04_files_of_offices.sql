-- Weighbridges, contractors, inspections, registers: each row judged in its file version.
create table tickets_checked as
with cells as (
    select *, case when defect is null then cells_of(raw) end as c from landed_tickets
),
typed as (
    select load_id, load_date, landed_at, owner, file, file_date, line, defect,
        trimmed(c['磅单号']) as ticket_id, trimmed(c['方向']) as direction,
        trimmed(c['运输单位']) as haulier_code, trimmed(c['垃圾类别']) as waste_class,
        trimmed(c['是否二次']) as is_secondary, trimmed(c['来源类型']) as origin_type,
        trimmed(c['来源编码']) as origin_code, trimmed(c['去向设施']) as destination,
        as_weight(trimmed(c['毛重kg'])) as gross_kg, as_weight(trimmed(c['皮重kg'])) as tare_kg,
        as_weight(trimmed(c['净重kg'])) as net_kg, as_time(trimmed(c['毛重时间'])) as gross_at,
        as_time(trimmed(c['皮重时间'])) as tare_at, trimmed(c['状态']) as ticket_status,
        trimmed(c['更正磅单号']) as corrects_ticket_id
    from cells
),
known as (
    select list(item_key) filter (where table_name = 'facilities') as facilities,
        list(item_key) filter (where table_name = 'towns') as towns
    from reference_keys
),
judged as (
    select t.*, f.verdict = 'accepted' as is_in_force, case
        when t.defect is not null then 'B08'
        when ticket_id is null then 'B01'
        when gross_kg is null or tare_kg is null or net_kg is null or net_kg <= 0 then 'B02'
        when abs(gross_kg - tare_kg - net_kg) > 20 then 'B03'
        when coalesce(direction, '') not in ('进', '出')
            or coalesce(waste_class, '') not in ('其他垃圾', '厨余垃圾', '有害垃圾', '可回收物', '建筑垃圾',
                '大件垃圾', '园林垃圾', '粪便', '残渣', '炉渣', '飞灰', '渗滤液')
            or coalesce(is_secondary, '') not in ('是', '否')
            or coalesce(origin_type, '') not in ('城区环卫', '乡镇', '单位', '设施')
            or coalesce(ticket_status, '') not in ('有效', '作废', '补录', '更正') then 'B04'
        when gross_at is null or tare_at is null or abs(minutes(tare_at, gross_at)) > 720 then 'B05'
        when not list_contains(facilities, t.owner)
            or not list_contains(facilities, coalesce(destination, t.owner))
            or not list_contains(if(origin_type = '设施', facilities, towns), coalesce(origin_code, '')) then 'B06'
        when row_number() over (partition by t.load_id, t.file, ticket_id order by line) > 1 then 'B07'
        end as rule
    from typed as t
    inner join file_verdicts as f on f.source = 'weighbridge' and t.load_id = f.load_id and t.file = f.file
    cross join known
)
select *, verdict_of(rule, if(is_in_force, row_number() over (
        partition by owner, ticket_id, rule is null and is_in_force
        order by file_date desc, load_id desc, line desc
    ), 2)) as verdict
from judged;

create table tickets as
with sound as (
    select * from tickets_checked where verdict = 'accepted'
),
unreplaced as (
    select * from sound as t
    where not exists (
        from sound as c
        where c.ticket_status = '更正' and c.corrects_ticket_id != c.ticket_id
            and c.owner = t.owner and c.corrects_ticket_id = t.ticket_id
    )
)
select u.owner as facility_id, u.ticket_id, u.haulier_code, u.direction, u.waste_class,
    u.is_secondary = '是' as is_secondary, u.origin_type, u.net_kg,
    u.ticket_status = '作废' as is_void, f.kind,
    case
        when u.origin_type in ('城区环卫', '单位') then 'urban'
        when u.origin_type = '乡镇' then 'rural'
        when o.serves = '城区' then 'urban'
        when o.serves = '乡镇' then 'rural'
    end as scope,
    u.direction = '进' and u.is_secondary = '否' and u.waste_class in ('其他垃圾', '厨余垃圾', '有害垃圾') as is_household,
    is_household and u.origin_type != '设施' as is_collected,
    is_household and coalesce(f.is_harmless, false) as is_treated,
    u.direction = '进' and u.is_secondary = '否' and f.kind = '分拣中心' and u.waste_class = '可回收物'
        and u.origin_type != '设施' as is_recycled,
    u.direction = '进' and u.is_secondary = '否' and f.kind = '厨余处理' and u.waste_class = '厨余垃圾' as is_kitchen_input,
    u.direction = '出' and f.kind = '厨余处理' and u.waste_class = '残渣' as is_kitchen_residue,
    cast(u.gross_at as date) as ticket_date, cast(date_trunc('month', u.gross_at) as date) as month
from unreplaced as u
left join facilities as f
    on u.owner = f.facility_id and cast(u.gross_at as date) >= f.valid_from and cast(u.gross_at as date) < f.valid_to
left join facilities as o
    on u.origin_type = '设施' and u.origin_code = o.facility_id
    and cast(u.gross_at as date) >= o.valid_from and cast(u.gross_at as date) < o.valid_to;

create table sweeping_checked as
with typed as (
    select load_id, load_date, landed_at, owner, file, file_date, line,
        trimmed(c['路段编码']) as segment_id, trimmed(c['作业方式']) as method,
        as_integer(trimmed(c['应作业趟次'])) as required_passes,
        as_integer(trimmed(c['实际趟次'])) as actual_passes,
        as_number(trimmed(c['覆盖率'])) as coverage, as_date(trimmed(c['日期'])) as work_date
    from (select *, cells_of(raw) as c from landed_sweeping)
),
judged as (
    select t.*, case
            when coalesce(s.contractor_code, '') != t.owner
                and exists (from reference_in_force where owner = 'road_segments') then 'C01'
            when coalesce(required_passes_reported, -1) < 0 or coalesce(actual_passes, -1) < 0
                or coalesce(coverage, -1) not between 0 and 1 then 'C02'
            when work_date is null or work_date != t.file_date then 'C03'
            when coalesce(method, '') not in ('机械', '人工') then 'C04'
        end as rule,
        f.verdict as file_verdict
    from (select * rename (required_passes as required_passes_reported) from typed) as t
    inner join file_verdicts as f on f.source = 'sanitation' and t.load_id = f.load_id and t.file = f.file
    left join segments as s
        on t.segment_id = s.segment_id and coalesce(t.work_date, t.file_date) >= s.valid_from
        and coalesce(t.work_date, t.file_date) < s.valid_to
)
select * exclude (file_verdict), verdict_of(rule, if(file_verdict = 'accepted', 1, 2)) as verdict
from judged;

create table sheets_checked as
with typed as (
    select load_id, load_date, landed_at, file, file_date, line,
        trimmed(c['检查表编号']) as sheet_id, trimmed(c['合同单位']) as contractor_code,
        trimmed(c['类型']) as sheet_type, trimmed(c['状态']) as sheet_status,
        list_transform(split(trimmed(c['检查模块']), ','), lambda m: trim(m)) as modules,
        as_time_or_date(trimmed(c['检查时间'])) as inspected_at
    from (select *, cells_of(raw) as c from landed_inspection_sheets)
),
known as (
    select (select list(item_key) from reference_keys where table_name = 'contractors') as contractors,
        (select list(module_id) from seed_scheme_modules) as modules
),
judged as (
    select t.*, case
            when coalesce(sheet_type, '') not in ('DAILY', 'JOINT')
                or coalesce(sheet_status, '') not in ('已确认', '申诉中', '已撤销') then 'C04'
            when not list_contains(k.contractors, coalesce(contractor_code, '')) then 'C21'
            when t.modules is null or not list_has_all(k.modules, t.modules) then 'C22'
            when sheet_id is null
                or row_number() over (partition by t.load_id, t.file, sheet_id order by line) > 1 then 'C25'
            when inspected_at is null then 'C26'
        end as rule,
        f.verdict as file_verdict
    from typed as t
    inner join file_verdicts as f on f.source = 'inspections' and t.load_id = f.load_id and t.file = f.file
    cross join known as k
)
select * exclude (file_verdict), verdict_of(rule, if(file_verdict = 'accepted', 1, 2)) as verdict
from judged;

create table deductions_checked as
with typed as (
    select load_id, load_date, landed_at, file, file_date, line,
        trimmed(c['扣分编号']) as deduction_id, trimmed(c['检查表编号']) as sheet_id,
        trimmed(c['扣分项']) as item_id, as_number(trimmed(c['数量'])) as quantity,
        trimmed(c['发现时间']) is not null and as_time_or_date(trimmed(c['发现时间'])) is null
        or trimmed(c['整改期限']) is not null and as_deadline(trimmed(c['整改期限'])) is null
        or trimmed(c['整改时间']) is not null and as_time_or_date(trimmed(c['整改时间'])) is null as has_bad_time
    from (select *, cells_of(raw) as c from landed_inspection_deductions)
),
judged as (
    select t.*, case
            when t.item_id is null or t.item_id not in (select item_id from seed_scheme_items) then 'C22'
            when not exists (
                from sheets_checked as s
                where s.load_id = t.load_id and s.file = t.file and s.sheet_id = t.sheet_id and s.rule is null
            ) then 'C23'
            when coalesce(quantity, 0) <= 0 then 'C24'
            when deduction_id is null
                or row_number() over (partition by t.load_id, t.file, deduction_id order by line) > 1 then 'C25'
            when has_bad_time then 'C26'
        end as rule,
        f.verdict as file_verdict
    from typed as t
    inner join file_verdicts as f on f.source = 'inspections' and t.load_id = f.load_id and t.file = f.file
)
select * exclude (file_verdict), verdict_of(rule, if(file_verdict = 'accepted', 1, 2)) as verdict
from judged;

create table registers_checked as
with columns as (
    select register, list(c order by c.position) as specs, first(c.name) filter (where c.is_key) as key_name,
        first(c.name) filter (where c.kind = 'town') as town_name
    from (
        select register, {position: position, name: column_name, kind: kind, is_key: is_key,
            is_required: is_required, choices: choices} as c
        from seed_register_columns
    )
    group by register
),
cells as (
    select r.load_id, r.load_date, r.landed_at, r.owner, r.file, r.file_date, r.line, specs,
        f.verdict as file_verdict, cells_of(raw) as c, town_name is not null as has_town,
        trimmed(c[key_name]) as item_key, trimmed(c[town_name]) as town_code, key_name is not null as has_key
    from landed_register_rows as r
    inner join file_verdicts as f on f.source = 'registers' and r.load_id = f.load_id and r.file = f.file
    left join columns on r.owner = register
),
valued as (
    select * exclude (specs), list_transform(specs, lambda s: {spec: s, cell: trimmed(c[s.name])}) as pairs
    from cells
),
judged as (
    select * exclude (pairs), case
        when has_key and item_key is null then 'E01'
        when has_key and row_number() over (partition by load_id, file, item_key order by line) > 1 then 'E01'
        when len(list_filter(pairs, lambda p: case
                when p.spec.is_key and p.cell is null then false
                when p.spec.kind in ('town', 'choice') then false
                when p.cell is null then p.spec.is_required
                when p.spec.kind = 'yes_no' then p.cell not in ('是', '否')
                when p.spec.kind = 'date' then as_date(p.cell) is null
                when p.spec.kind = 'time' then as_time_or_date(p.cell) is null
                when p.spec.kind = 'count' then coalesce(as_integer(p.cell), -1) < 0
                when p.spec.kind = 'quantity' then coalesce(as_number(p.cell), -1) < 0
                when p.spec.kind = 'score' then coalesce(as_number(p.cell), -1) not between 0 and 100
                when p.spec.kind = 'points' then coalesce(as_number(p.cell), 99) not between -5 and 5
                when p.spec.kind = 'year' then coalesce(as_integer(p.cell), 0) not between 1900 and 2999
                else false
            end)) > 0 then 'E02'
        when len(list_filter(pairs, lambda p: p.spec.kind = 'choice' and if(p.cell is null, p.spec.is_required,
                instr('|' || p.spec.choices || '|', '|' || p.cell || '|') = 0))) > 0 then 'E03'
        when has_town and coalesce(town_code, '') not in (select item_key from reference_keys where table_name = 'towns')
            and exists (from reference_keys where table_name = 'towns') then 'E04'
        end as rule
    from valued
)
select *, verdict_of(rule, if(file_verdict = 'accepted', 1, 2)) as verdict
from judged;

create table register_items as
select owner as register, file_date as month, c from registers_checked where verdict = 'accepted';

create table register_months as
select owner as register, file_date as month from files where source = 'registers' and verdict = 'accepted';
