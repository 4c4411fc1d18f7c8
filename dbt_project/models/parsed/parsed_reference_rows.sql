-- Each landed row of a reference table, judged cell by cell against the table's columns
-- (seed reference_columns): its key and the first cell of the wrong type. An empty cell
-- is allowed anywhere but in the key and in a yes or no.
with

landed as (

    select
        *,
        case when defect is null then {{ cells_of('raw') }} end as cells

    from {{ source('landed', 'reference_rows') }}

    {{ only_new_loads() }}

),

reference_columns as (

    select * from {{ ref('reference_columns') }}

),

row_cells as (

    select
        landed.row_id,
        reference_columns.position,
        reference_columns.column_name,
        reference_columns.kind,
        reference_columns.is_key,
        {{ trimmed('landed.cells[reference_columns.column_name]') }} as cell

    from landed
    inner join reference_columns
        on landed.owner = reference_columns.table_name

),

judged_cells as (

    select
        *,
        column_name || '=' || coalesce(cell, '') as written,
        case
            when kind = 'yes_no' then coalesce(cell, '') not in ('是', '否')
            when cell is null then false
            when kind = 'date' then {{ as_date('cell') }} is null
            when kind = 'count' then coalesce({{ as_integer('cell') }}, -1) < 0
            when kind = 'number' then coalesce({{ as_number('cell') }}, -1) < 0
            else false
        end as is_wrong_value

    from row_cells

),

judged_rows as (

    select
        row_id,
        bool_or(is_key and cell is null) as lacks_key,
        max(case when is_key and position = 1 then cell end)
        || coalesce(
            '/' || max(case when is_key and position = 2 then cell end), ''
        ) as item_key,
        min_by(written, position) filter (where is_wrong_value) as wrong_value

    from judged_cells

    group by row_id

)

select
    -- the landed row
    landed.row_id,
    landed.load_id,
    landed.load_date,
    landed.landed_at,
    landed.owner,
    landed.file,
    landed.sheet,
    landed.line,
    landed.defect,
    landed.cells,

    -- ids
    coalesce(judged_rows.lacks_key, true) as lacks_key,
    judged_rows.item_key,

    -- what cannot be read
    judged_rows.wrong_value

from landed
left join judged_rows
    on landed.row_id = judged_rows.row_id
