-- Each landed register row, judged cell by cell against the register's columns (seed
-- register_columns): its key, its town, and the first cell that is not as it should be.
with

landed as (

    select
        *,
        {{ cells_of('raw') }} as cells

    from {{ source('landed', 'register_rows') }}

    {{ only_new_loads() }}

),

register_columns as (

    select * from {{ ref('register_columns') }}

),

row_cells as (

    select
        landed.row_id,
        register_columns.position,
        register_columns.column_name,
        register_columns.kind,
        register_columns.is_key,
        register_columns.is_required,
        register_columns.choices,
        {{ trimmed('landed.cells[register_columns.column_name]') }} as cell

    from landed
    inner join register_columns
        on landed.owner = register_columns.register

),

judged_cells as (

    select
        *,
        column_name || '=' || coalesce(cell, '') as written,
        case
            when is_key and cell is null then false
            when kind in ('town', 'choice') then false
            when cell is null then is_required
            when kind = 'yes_no' then cell not in ('是', '否')
            when kind = 'date' then {{ as_date('cell') }} is null
            when kind = 'time' then {{ as_local_time_or_date('cell') }} is null
            when kind = 'count' then coalesce({{ as_integer('cell') }}, -1) < 0
            when kind = 'quantity' then coalesce({{ as_number('cell') }}, -1) < 0
            when kind = 'score'
                then coalesce({{ as_number('cell') }}, -1) not between 0 and 100
            when kind = 'points'
                then coalesce({{ as_number('cell') }}, 99) not between -5 and 5
            when kind = 'year'
                then coalesce({{ as_integer('cell') }}, 0) not between 1900 and 2999
            else false
        end as is_wrong_value,
        case
            when kind != 'choice' then false
            when cell is null then is_required
            else instr('|' || choices || '|', '|' || cell || '|') = 0
        end as is_unknown_choice

    from row_cells

),

judged_rows as (

    select
        row_id,
        bool_or(is_key) as has_key,
        max(case when is_key then cell end) as item_key,
        bool_or(kind = 'town') as has_town,
        max(case when kind = 'town' then cell end) as town_code,
        min_by(written, position) filter (where is_wrong_value) as wrong_value,
        min_by(written, position) filter (where is_unknown_choice) as unknown_choice

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
    landed.file_date,
    landed.sheet,
    landed.line,
    landed.cells,

    -- ids
    coalesce(judged_rows.has_key, false) as has_key,
    judged_rows.item_key,
    coalesce(judged_rows.has_town, false) as has_town,
    judged_rows.town_code,

    -- what cannot be read
    judged_rows.wrong_value,
    judged_rows.unknown_choice

from landed
left join judged_rows
    on landed.row_id = judged_rows.row_id
