-- The cells of each landed inspection sheet.
with

landed as (

    select
        *,
        {{ cells_of('raw') }} as cells

    from {{ source('landed', 'inspection_sheets') }}

    {{ only_new_loads() }}

)

select
    -- the landed row
    row_id,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    file_date,
    sheet,
    line,
    defect,

    -- ids
    {{ cell('检查表编号') }} as sheet_id,
    {{ cell('合同单位') }} as contractor_code,
    {{ cell('乡镇编码') }} as town_code,

    -- categories
    {{ cell('类型') }} as sheet_type,
    {{ cell('状态') }} as sheet_status,
    {{ listed_items(cell('检查模块')) }} as modules,
    {{ cell('地点') }} as place,

    -- times
    {{ as_start(cell('检查时间')) }} as inspected_at,
    {{ cell('检查时间') }} as inspected_at_text,

    -- what is no record, what cannot be read
    {{ odd_row() }} as odd_row,
    {{ unreadable_cells() }} as unreadable

from landed
