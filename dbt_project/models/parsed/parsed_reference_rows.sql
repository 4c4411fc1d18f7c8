-- Each landed row of a reference table, judged cell by cell against the table's columns
-- (seed reference_columns): its key, the codes of other tables that it names, and every
-- cell that is not as it should be.
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
        reference_columns.is_required,
        reference_columns.choices,
        reference_columns.refers_to,
        {{ trimmed('landed.cells[reference_columns.column_name]') }} as cell

    from landed
    inner join reference_columns
        on landed.owner = reference_columns.table_name

),

judged_cells as (

    select
        *,
        column_name || '=' || coalesce(left(cell, 60), '') as written,
        case
            when kind = 'choice'
                then
                    case
                        when cell is null then is_required
                        else instr('|' || choices || '|', '|' || cell || '|') = 0
                    end
            else false
        end as is_unknown_choice,
        case
            when kind = 'yes_no' then coalesce(cell, '') not in ('是', '否')
            when cell is null then false
            when kind = 'date' then {{ as_date('cell') }} is null
            when kind = 'count' then coalesce({{ as_integer('cell') }}, -1) < 0
            when kind = 'number' then coalesce({{ as_number('cell') }}, -1) < 0
            else false
        end as is_wrong_value,
        case kind
            when 'yes_no' then '是或否'
            when 'date' then '日期，如 2025-06-03'
            when 'count' then '不小于 0 的整数'
            else '不小于 0 的数'
        end as expected

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
        max(
            case when column_name in ('name', 'road_name') then cell end
        ) as item_name,
        string_agg(coalesce(cell, ''), '|' order by position) as content,
        list(
            'F02 取值不在约定内：' || written
            || '（应为 ' || replace(choices, '|', '、') || '）'
            order by position
        ) filter (where is_unknown_choice) as unknown_choices,
        list(
            'F03 取值类型不符：' || written || '（应为' || expected || '）'
            order by position
        ) filter (where is_wrong_value) as wrong_values,
        list(
            struct_pack(
                column_name := column_name, refers_to := refers_to, code := cell
            )
            order by position
        ) filter (where refers_to is not null and cell is not null) as named_codes

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
    landed.defect is not null
    or coalesce(judged_rows.lacks_key, true) as lacks_key,
    case when landed.defect is null then judged_rows.item_key end as item_key,
    judged_rows.item_name,
    judged_rows.content,
    judged_rows.named_codes,

    -- what is no record, what cannot be read
    {{ odd_row('landed.raw', 'landed.defect', 'landed.cells') }} as odd_row,
    judged_rows.unknown_choices,
    judged_rows.wrong_values

from landed
left join judged_rows
    on landed.row_id = judged_rows.row_id
