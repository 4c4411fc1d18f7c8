-- C. Inspections: the verdict on every deduction of every visible file version. A
-- deduction stands only beside a sound sheet of the same file. C25 (key missing or
-- repeated) and C26 (time that does not parse) are our own codes.
with

files as (

    select * from {{ ref('checked_files') }}

    where source = 'inspections'

),

deductions as (

    select
        parsed.*,
        files.verdict = 'accepted' as is_in_force,
        row_number() over (
            partition by parsed.load_id, parsed.file, parsed.deduction_id
            order by parsed.line
        ) as key_occurrence

    from {{ ref('parsed_inspection_deductions') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file

),

sound_sheets as (

    select
        load_id,
        file,
        sheet_id

    from {{ ref('checked_inspection_sheets') }}

    where verdict != 'quarantined'

),

facts as (

    select
        deductions.*,
        scheme_items.item_id is null as is_unknown_item,
        sound_sheets.sheet_id is null as lacks_sheet

    from deductions
    left join {{ ref('scheme_items') }} as scheme_items
        on deductions.item_id = scheme_items.item_id
    left join sound_sheets
        on
            deductions.load_id = sound_sheets.load_id
            and deductions.file = sound_sheets.file
            and deductions.sheet_id = sound_sheets.sheet_id

),

judged as (

    select
        *,
        case
            when is_unknown_item then 'C22'
            when lacks_sheet then 'C23'
            when coalesce(quantity, 0) <= 0 then 'C24'
            when deduction_id is null then 'C25'
            when key_occurrence > 1 then 'C25'
            when unreadable_time is not null then 'C26'
        end as rule,
        case
            when is_unknown_item then '扣分项不在考核方案：' || coalesce(item_id, '')
            when lacks_sheet
                then '没有对应的有效检查表：' || coalesce(sheet_id, '')
            when coalesce(quantity, 0) <= 0
                then '数量不是大于零的数：' || coalesce(quantity_text, '')
            when deduction_id is null then '缺少扣分编号'
            when key_occurrence > 1 then '扣分编号重复：' || deduction_id
            when unreadable_time is not null then '时间无法识别：' || unreadable_time
        end as message

    from facts

)

select
    -- the row
    row_id,
    'inspections' as source,
    'deductions' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    deduction_id as record_key,

    -- times
    file_date as business_date,
    landed_at as version_at,
    found_at as recorded_at,

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
    deduction_id,
    sheet_id,
    item_id,
    quantity,
    found_at,
    rectify_due_at,
    rectified_at,
    fact_id,
    file_date as report_month

from judged
