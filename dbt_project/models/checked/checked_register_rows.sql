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
        {{ judge([
            fault('E01', 'has_key and item_key is null', "'缺少主键'"),
            fault(
                'E01', 'has_key and item_key is not null and key_occurrence > 1',
                "'主键重复：' || left(item_key, 60)"
            ),
            fault('E02', 'defect is not null', defect_says('defect')),
            faults_in('wrong_values'),
            faults_in('unknown_choices'),
            fault(
                'E04', 'is_unknown_town',
                "'乡镇不在参照表：' || " ~ quoted('town_code', '乡镇编码')
            ),
        ]) }} as faults

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
    {{ verdict(in_force='is_in_force', has_odd_rows=true) }},
    cast(null as varchar) as warning,
    faults,

    -- fields
    owner as register,
    file_date as register_month,
    cells

from judged
