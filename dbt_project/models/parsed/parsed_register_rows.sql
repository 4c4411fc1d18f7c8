-- Each landed register row, judged cell by cell against the register's columns (seed
-- register_columns): its key, its town, and every cell that is not as it should be. The
-- cells that go on are as the contract writes them: numbers in plain digits.
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
        register_columns.unit,
        {{ trimmed('landed.cells[register_columns.column_name]') }} as written,
        contains(
            '；' || coalesce(landed.cells['_unreadable'], ''),
            '；' || register_columns.column_name || '='
        ) as is_unreadable

    from landed
    inner join register_columns
        on landed.owner = register_columns.register

),

read_cells as (

    select
        *,
        case
            when kind in ('count', 'quantity', 'score', 'points', 'year')
                then {{ register_number('written', 'unit') }}
            else written
        end as cell

    from row_cells

),

judged_cells as (

    select
        *,
        case
            when is_unreadable
                then
                    '单元格读不出来：' || column_name || '=' || coalesce(written, '')
            when is_wrong_value
                then
                    '取值类型不符或超出范围：' || column_name || '='
                    || coalesce(left(written, 60), '') || '（应为' || expected || '）'
        end as wrong_value,
        case
            when is_unknown_choice
                then
                    '取值不在约定内：' || column_name || '='
                    || coalesce(left(written, 60), '')
                    || '（应为 ' || replace(choices, '|', '、') || '）'
        end as unknown_choice

    from (
        select
            *,
            case
                when is_key and cell is null then false
                when kind in ('town', 'choice') then false
                when cell is null then is_required
                when kind = 'yes_no' then cell not in ('是', '否')
                when kind = 'date' then {{ as_date('cell') }} is null
                when kind = 'time' then {{ as_start('cell') }} is null
                when kind = 'count' then coalesce({{ as_integer('cell') }}, -1) < 0
                when kind = 'quantity' then coalesce({{ as_number('cell') }}, -1) < 0
                when kind = 'score'
                    then coalesce({{ as_number('cell') }}, -1) not between 0 and 100
                when kind = 'points'
                    then coalesce({{ as_number('cell') }}, 99) not between -5 and 5
                when kind = 'year'
                    then
                        coalesce({{ as_integer('cell') }}, 0)
                        not between 1900 and 2100
                else false
            end as is_wrong_value,
            case
                when kind != 'choice' or is_unreadable then false
                when cell is null then is_required
                else instr('|' || choices || '|', '|' || cell || '|') = 0
            end as is_unknown_choice,
            case kind
                when 'yes_no' then '是或否'
                when 'date' then '日期，如 2025-06-03'
                when 'time' then '时间，如 2025-06-03 08:15'
                when 'count' then '不小于 0 的整数'
                when 'quantity' then '不小于 0 的数'
                when 'score' then ' 0 到 100 的数'
                when 'points' then ' -5 到 5 的数'
                when 'year' then '年份'
                else '非空文字'
            end || coalesce('，单位 ' || split_part(unit, '|', 1), '') as expected

        from read_cells
    )

),

judged_rows as (

    select
        row_id,
        map_from_entries(
            list(row(column_name, cell) order by position)
        ) as cells,
        bool_or(is_key) as has_key,
        max(case when is_key then cell end) as item_key,
        bool_or(kind = 'town') as has_town,
        max(case when kind = 'town' and not is_unreadable then cell end) as town_code,
        list('E02 ' || wrong_value order by position) filter (
            where wrong_value is not null
        ) as wrong_values,
        list('E03 ' || unknown_choice order by position) filter (
            where unknown_choice is not null
        ) as unknown_choices

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
    landed.defect,
    judged_rows.cells,

    -- ids
    coalesce(judged_rows.has_key, false) as has_key,
    judged_rows.item_key,
    coalesce(judged_rows.has_town, false) as has_town,
    judged_rows.town_code,

    -- what is no record, what cannot be read
    {{ odd_row('landed.raw', 'landed.defect', 'landed.cells') }} as odd_row,
    judged_rows.wrong_values,
    judged_rows.unknown_choices

from landed
left join judged_rows
    on landed.row_id = judged_rows.row_id
