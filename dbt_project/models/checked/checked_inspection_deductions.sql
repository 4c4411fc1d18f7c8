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
        {{ judge([
            fault(
                'C22', 'is_unknown_item',
                "'扣分项不在考核方案：' || " ~ quoted('item_id', '扣分项')
            ),
            fault(
                'C23', 'lacks_sheet',
                "'没有对应的有效检查表：' || " ~ quoted('sheet_id', '检查表编号')
            ),
            fault(
                'C24', 'coalesce(quantity, 0) <= 0',
                "'数量不是大于零的数：' || " ~ quoted('quantity_text', '数量')
            ),
            fault('C25', 'deduction_id is null', "'缺少扣分编号'"),
            fault(
                'C25', 'key_occurrence > 1 and deduction_id is not null',
                "'扣分编号重复：' || " ~ quoted('deduction_id', '扣分编号')
            ),
            faults_in('unreadable_times'),
            fault('C26', 'defect is not null', defect_says('defect')),
            fault(
                'C26',
                unreadable_but(['数量', '发现时间', '整改期限', '整改时间']),
                "'单元格读不出来：' || left(unreadable, 120)"
            ),
        ]) }} as faults

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
    {{ verdict(in_force='is_in_force', has_odd_rows=true) }},
    cast(null as varchar) as warning,
    faults,

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
