-- E. Registers: the verdict on every row of every register in every visible file
-- version. What a column may hold is written in the seed register_columns.
with

files as (

    select * from {{ ref('checked_files') }}

    where source = 'registers'

),

register_rows as (

    select
        parsed.*,
        files.verdict = 'accepted' as is_in_force,
        row_number() over (
            partition by parsed.load_id, parsed.file, parsed.item_key
            order by parsed.line
        ) as key_occurrence

    from {{ ref('parsed_register_rows') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file

),

towns as (

    select item_key as town_code from {{ ref('reference_keys') }}

    where table_name = 'towns'

),

-- A table that never came cannot convict anyone.
known_tables as (

    select count(*) > 0 as has_towns from towns

),

facts as (

    select
        register_rows.*,
        known_tables.has_towns
        and register_rows.has_town
        and towns.town_code is null as is_unknown_town

    from register_rows
    cross join known_tables
    left join towns
        on register_rows.town_code = towns.town_code

),

judged as (

    select
        *,
        case
            when has_key and item_key is null then 'E01'
            when has_key and key_occurrence > 1 then 'E01'
            when wrong_value is not null then 'E02'
            when unknown_choice is not null then 'E03'
            when is_unknown_town then 'E04'
        end as rule,
        case
            when has_key and item_key is null then '缺少主键'
            when has_key and key_occurrence > 1 then '主键重复：' || item_key
            when wrong_value is not null
                then '取值类型不符或超出范围：' || wrong_value
            when unknown_choice is not null then '取值不在约定内：' || unknown_choice
            when is_unknown_town
                then '乡镇不在参照表：乡镇编码=' || coalesce(town_code, '')
        end as message

    from facts

)

select
    -- the row
    row_id,
    'registers' as source,
    'rows' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    owner || '/' || coalesce(item_key, cast(line as varchar)) as record_key,

    -- times
    file_date as business_date,
    landed_at as version_at,
    cast(null as timestamp) as recorded_at,

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
    owner as register,
    file_date as register_month,
    cells

from judged
