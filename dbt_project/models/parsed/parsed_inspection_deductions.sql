-- The cells of each landed deduction.
with

landed as (

    select
        *,
        {{ cells_of('raw') }} as cells

    from {{ source('landed', 'inspection_deductions') }}

    {{ only_new_loads() }}

),

typed as (

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
        raw,
        cells,

        -- ids
        {{ cell('扣分编号') }} as deduction_id,
        {{ cell('检查表编号') }} as sheet_id,
        {{ cell('扣分项') }} as item_id,
        {{ cell('事实编号') }} as fact_id,

        -- measures
        {{ as_number(cell('数量')) }} as quantity,
        {{ cell('数量') }} as quantity_text,

        -- times
        {{ as_start(cell('发现时间')) }} as found_at,
        {{ as_deadline(cell('整改期限')) }} as rectify_due_at,
        {{ as_start(cell('整改时间')) }} as rectified_at

    from landed

)

select
    {{ all_columns_but('cells, raw') }},

    -- what is no record, what cannot be read; any of these times may be empty
    {{ odd_row() }} as odd_row,
    {{ unreadable_cells() }} as unreadable,
    {{ judge([
        fault(
            'C26', 'found_at is null and ' ~ cell('发现时间') ~ ' is not null',
            "'时间无法识别：发现时间=' || left(" ~ cell('发现时间') ~ ", 60)"
        ),
        fault(
            'C26', 'rectify_due_at is null and ' ~ cell('整改期限') ~ ' is not null',
            "'时间无法识别：整改期限=' || left(" ~ cell('整改期限') ~ ", 60)"
        ),
        fault(
            'C26', 'rectified_at is null and ' ~ cell('整改时间') ~ ' is not null',
            "'时间无法识别：整改时间=' || left(" ~ cell('整改时间') ~ ", 60)"
        ),
    ]) }} as unreadable_times

from typed
