-- File versions, and reference tables edition by edition.
create table files as
with visible as (
    select *,
        case when source = 'reference' then load_date end as edition,
        case
            when defect is null then null
            when source = 'weighbridge' then 'B10'
            when source in ('sanitation', 'inspections') then 'C10'
            when source = 'registers' then 'E10'
            else 'F10'
        end as rule
    from (
        select *, min(load_id) over (partition by source, file) as first_load_id
        from landed_files
    )
    where
        coalesce(file_date, getvariable('day')) <= getvariable('day')
        and (load_date <= getvariable('day') or load_id = first_load_id)
)
select source, owner, file, file_date, load_id, load_date, landed_at, rule,
    least(coalesce(file_date, load_date), getvariable('day')) as business_date,
    verdict_of(rule, row_number() over (
        partition by source, file, edition, rule is null order by load_id desc
    )) as verdict
from visible;

-- Without their rule: beside a row, `rule` must mean the row's own.
create view file_verdicts as select source, load_id, file, verdict from files;

create table editions as
select load_id, file,
    case when lag(load_date) over by_date is null then date '1900-01-01' else load_date end as valid_from,
    coalesce(lead(load_date) over by_date, date '9999-12-31') as valid_to
from files
where source = 'reference' and verdict = 'accepted'
window by_date as (partition by file order by load_date);

create table reference_rows as
with columns as (
    select table_name, list(c order by c.position) as specs
    from (select table_name, {position: position, name: column_name, kind: kind, is_key: is_key} as c from seed_reference_columns)
    group by table_name
),
cells as (
    select r.*, specs, case when defect is null then cells_of(raw) end as cells
    from landed_reference_rows as r
    left join columns on owner = table_name
),
keyed as (
    select * exclude (specs), list_transform(
            list_filter(specs, lambda c: c.is_key), lambda c: trimmed(cells[c.name])
        ) as keys,
        len(list_filter(specs, lambda c: case
            when c.kind = 'yes_no' then coalesce(trimmed(cells[c.name]), '') not in ('是', '否')
            when trimmed(cells[c.name]) is null then false
            when c.kind = 'date' then as_date(trimmed(cells[c.name])) is null
            when c.kind = 'count' then coalesce(as_integer(trimmed(cells[c.name])), -1) < 0
            when c.kind = 'number' then coalesce(as_number(trimmed(cells[c.name])), -1) < 0
            else false
        end)) > 0 as has_wrong_value
    from cells
),
judged as (
    select k.*, f.business_date, f.verdict as file_verdict, valid_from, valid_to,
        array_to_string(keys, '/') as item_key,
        case
            when keys is null or list_contains(list_transform(keys, lambda k: k is null), true) then 'F01'
            when row_number() over (partition by k.load_id, k.file, array_to_string(keys, '/') order by line) > 1 then 'F01'
            when has_wrong_value then 'F02'
        end as rule
    from keyed as k
    inner join files as f on f.source = 'reference' and k.load_id = f.load_id and k.file = f.file
    left join editions as e on f.load_id = e.load_id and f.file = e.file
)
select owner, file, load_id, load_date, landed_at, business_date, item_key, cells, valid_from, valid_to, rule,
    verdict_of(rule, if(file_verdict = 'accepted', 1, 2)) as verdict
from judged;

create table reference_keys as
select distinct owner as table_name, item_key from reference_rows where verdict = 'accepted';

create view reference_in_force as select * from reference_rows where verdict = 'accepted';

create table towns as
select trimmed(cells['town_code']) as town_code, trimmed(cells['name']) as name,
    trimmed(cells['is_urban']) = '是' as is_urban, valid_from, valid_to
from reference_in_force where owner = 'towns';

create table communities as
select trimmed(cells['community_code']) as community_code, trimmed(cells['town_code']) as town_code,
    trimmed(cells['in_urban_area']) = '是' as in_urban_area, valid_from, valid_to
from reference_in_force where owner = 'communities';

create table contractors as
select trimmed(cells['contractor_code']) as contractor_code,
    as_date(trimmed(cells['contract_from'])) as contract_from,
    as_date(trimmed(cells['contract_to'])) as contract_to, valid_from, valid_to
from reference_in_force where owner = 'contractors';

create table facilities as
select trimmed(cells['facility_id']) as facility_id, trimmed(cells['kind']) as kind,
    trimmed(cells['serves']) as serves, trimmed(cells['harmless']) = '是' as is_harmless, valid_from, valid_to
from reference_in_force where owner = 'facilities';

create table segments as
select trimmed(cells['segment_id']) as segment_id, trimmed(cells['road_class']) as road_class,
    trimmed(cells['community_code']) as community_code, trimmed(cells['contractor_code']) as contractor_code,
    as_number(trimmed(cells['length_m'])) as length_m, as_number(trimmed(cells['area_m2'])) as area_m2,
    as_integer(trimmed(cells['required_passes'])) as required_passes,
    trimmed(cells['lamp_required']) = '是' as is_lamp_required, valid_from, valid_to
from reference_in_force where owner = 'road_segments';

create table categories as
select trimmed(cells['kind']) as kind, trimmed(cells['category_code']) as category_code,
    trimmed(cells['indicator_group']) as indicator_group, valid_from, valid_to
from reference_in_force where owner = 'case_categories';

create table waivers as
select trimmed(cells['segment_id']) as segment_id, as_date(trimmed(cells['date_from'])) as date_from,
    as_date(trimmed(cells['date_to'])) as date_to, valid_from, valid_to
from reference_in_force where owner = 'ops_waivers';
