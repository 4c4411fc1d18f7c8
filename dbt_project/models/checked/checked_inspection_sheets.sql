-- C. Inspections: the verdict on every sheet of every visible file version. C25 (key
-- missing or repeated) and C26 (time that does not parse) are our own codes.
with

files as (

    select * from {{ ref('checked_files') }}

    where source = 'inspections'

),

sheets as (

    select
        parsed.*,
        files.verdict = 'accepted' as is_in_force,
        row_number() over (
            partition by parsed.load_id, parsed.file, parsed.sheet_id
            order by parsed.line
        ) as key_occurrence

    from {{ ref('parsed_inspection_sheets') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file

),

contractors as (

    select item_key as contractor_code from {{ ref('reference_keys') }}

    where table_name = 'contractors'

),

-- A table that never came cannot convict anyone.
known_tables as (

    select count(*) > 0 as has_contractors from contractors

),

sheet_modules as (

    select
        row_id,
        {{ one_row_per_item('modules') }} as module_id

    from sheets

),

unknown_modules as (

    select
        sheet_modules.row_id,
        min(sheet_modules.module_id) as module_id

    from sheet_modules
    left join {{ ref('scheme_modules') }} as scheme_modules
        on sheet_modules.module_id = scheme_modules.module_id

    where scheme_modules.module_id is null

    group by sheet_modules.row_id

),

facts as (

    select
        sheets.*,
        known_tables.has_contractors and contractors.contractor_code is null
            as is_unknown_contractor,
        case
            when sheets.modules is null then ''
            else unknown_modules.module_id
        end as unknown_module

    from sheets
    cross join known_tables
    left join contractors
        on sheets.contractor_code = contractors.contractor_code
    left join unknown_modules
        on sheets.row_id = unknown_modules.row_id

),

judged as (

    select
        *,
        {{ judge([
            one_of('C04', 'sheet_type', ['DAILY', 'JOINT'], '类型'),
            one_of('C04', 'sheet_status', ['已确认', '申诉中', '已撤销'], '状态'),
            fault(
                'C21', 'is_unknown_contractor',
                "'合同单位不在参照表：' || " ~ quoted('contractor_code', '合同单位')
            ),
            fault(
                'C22', 'unknown_module is not null',
                "'检查模块不在考核方案：' || " ~ quoted('unknown_module', '检查模块')
            ),
            fault('C25', 'sheet_id is null', "'缺少检查表编号'"),
            fault(
                'C25', 'key_occurrence > 1 and sheet_id is not null',
                "'检查表编号重复：' || " ~ quoted('sheet_id', '检查表编号')
            ),
            fault(
                'C26', 'inspected_at is null',
                "'检查时间无法识别：' || " ~ quoted('inspected_at_text', '检查时间')
            ),
            fault('C26', 'defect is not null', defect_says('defect')),
            fault(
                'C26', unreadable_but(['检查时间']),
                "'单元格读不出来：' || left(unreadable, 120)"
            ),
        ]) }} as faults

    from facts

)

select
    -- the row
    row_id,
    'inspections' as source,
    'sheets' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    sheet_id as record_key,

    -- times
    file_date as business_date,
    landed_at as version_at,
    inspected_at as recorded_at,

    -- the verdict
    {{ verdict(in_force='is_in_force', has_odd_rows=true) }},
    cast(null as varchar) as warning,
    faults,

    -- fields
    sheet_id,
    contractor_code,
    sheet_type,
    inspected_at,
    place,
    town_code,
    modules,
    sheet_status,
    file_date as report_month

from judged
