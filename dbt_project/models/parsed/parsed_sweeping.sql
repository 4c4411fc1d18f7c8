-- The cells of each landed row of a contractor's daily sweeping report.
with

landed as (

    select
        *,
        {{ cells_of('raw') }} as cells

    from {{ source('landed', 'sweeping') }}

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
        owner as contractor_code,
        {{ cell('路段编码') }} as segment_id,

        -- categories
        {{ cell('作业方式') }} as method,

        -- measures
        {{ as_integer(cell('应作业趟次')) }} as required_passes_reported,
        {{ as_integer(cell('实际趟次')) }} as actual_passes,
        {{ as_share(cell('覆盖率')) }} as coverage,

        -- times
        {{ as_date(cell('日期')) }} as work_date

    from landed

)

select
    {{ all_columns_but('cells, raw') }},

    {{ odd_row() }} as odd_row,
    {{ unreadable_cells() }} as unreadable,

    -- as written, for the message
    {{ cell('应作业趟次') }} as required_passes_text,
    {{ cell('实际趟次') }} as actual_passes_text,
    {{ cell('覆盖率') }} as coverage_text,
    {{ cell('日期') }} as work_date_text

from typed
