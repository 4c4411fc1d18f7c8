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
        case
            when coalesce(sheets.sheet_type, '') not in ('DAILY', 'JOINT')
                then '类型=' || coalesce(sheets.sheet_type, '')
            when
                coalesce(sheets.sheet_status, '') not in ('已确认', '申诉中', '已撤销')
                then '状态=' || coalesce(sheets.sheet_status, '')
        end as unknown_value,
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
        case
            when unknown_value is not null then 'C04'
            when is_unknown_contractor then 'C21'
            when unknown_module is not null then 'C22'
            when sheet_id is null then 'C25'
            when key_occurrence > 1 then 'C25'
            when inspected_at is null then 'C26'
        end as rule,
        case
            when unknown_value is not null then '取值不在约定内：' || unknown_value
            when is_unknown_contractor
                then '合同单位不在参照表：' || coalesce(contractor_code, '')
            when unknown_module is not null
                then '检查模块不在考核方案：' || unknown_module
            when sheet_id is null then '缺少检查表编号'
            when key_occurrence > 1 then '检查表编号重复：' || sheet_id
            when inspected_at is null
                then '检查时间无法识别：' || coalesce(inspected_at_text, '')
        end as message

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
    case
        when rule is not null then 'quarantined'
        when not is_in_force then 'superseded'
        else 'accepted'
    end as verdict,
    rule,
    message,
    cast(null as varchar) as warning,

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
