-- F. Reference tables: the verdict on every visible row, edition by edition. An edition
-- holds from its own day until the next one; the first holds for all earlier days. Where
-- an edition brings a row that is refused, the last sound one of that key goes on.
with

files as (

    select * from {{ ref('checked_files') }}

    where source = 'reference'

),

editions as (

    select
        load_id,
        file,
        load_date,
        row_number() over (partition by file order by load_date) as edition_number

    from files

    where verdict = 'accepted'

),

reference_rows as (

    select
        parsed.*,
        files.business_date,
        files.verdict = 'accepted' as is_in_force,
        editions.edition_number,
        editions.load_date as edition_date,
        row_number() over same_key as key_occurrence,
        first_value(parsed.content) over same_key as first_content,
        first_value(parsed.item_name) over same_key as first_name

    from {{ ref('parsed_reference_rows') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file
    left join editions
        on
            files.load_id = editions.load_id
            and files.file = editions.file

    window
        same_key as (
            partition by parsed.load_id, parsed.file, parsed.item_key
            order by parsed.line
        )

),

-- What a code may name: the keys of any edition that is visible.
known_keys as (

    select
        owner as table_name,
        item_key

    from reference_rows

    where
        not lacks_key
        and odd_row is null
        and unknown_choices is null
        and wrong_values is null

    group by
        owner,
        item_key

),

named as (

    select
        row_id,
        {{ one_row_per_item('named_codes') }} as code

    from reference_rows

),

named_codes as (

    select
        row_id,
        struct_extract(code, 'refers_to') as refers_to,
        struct_extract(code, 'column_name') as column_name,
        struct_extract(code, 'code') as code

    from named

),

known_tables as (

    select distinct table_name from known_keys

),

-- A table that never came cannot convict anyone.
unknown_codes as (

    select
        named_codes.row_id,
        list(
            'F04 编码不在参照表 ' || named_codes.refers_to || '：'
            || named_codes.column_name || '=' || left(named_codes.code, 60)
            order by named_codes.column_name
        ) as unknown_codes

    from named_codes
    inner join known_tables
        on named_codes.refers_to = known_tables.table_name
    left join known_keys
        on
            named_codes.refers_to = known_keys.table_name
            and named_codes.code = known_keys.item_key

    where known_keys.item_key is null

    group by named_codes.row_id

),

facts as (

    select
        reference_rows.*,
        unknown_codes.unknown_codes,
        reference_rows.key_occurrence > 1
        and coalesce(reference_rows.content, '')
        = coalesce(reference_rows.first_content, '') as is_repetition

    from reference_rows
    left join unknown_codes
        on reference_rows.row_id = unknown_codes.row_id

),

judged as (

    select
        *,
        {{ judge([
            fault('F01', 'lacks_key and defect is null', "'缺少主键'"),
            fault(
                'F01', 'defect is not null', "'读不出主键：' || " ~ defect_says('defect')
            ),
            fault(
                'F01', 'not lacks_key and key_occurrence > 1 and not is_repetition',
                "'主键重复：' || left(item_key, 60) || '（' "
                ~ "|| coalesce(left(first_name, 40), '无名称') || '；' "
                ~ "|| coalesce(left(item_name, 40), '无名称') || '）'"
            ),
            faults_in('unknown_choices'),
            faults_in('wrong_values'),
            faults_in('unknown_codes'),
        ]) }} as faults

    from facts

),

key_states as (

    select
        file,
        item_key,
        edition_number,
        bool_or(faults is null) as is_sound

    from judged

    where edition_number is not null and item_key is not null and odd_row is null

    group by
        file,
        item_key,
        edition_number

),

-- The edition with which a key's row ends: the next one, unless that only has a refused
-- row of the key.
next_states as (

    select
        file,
        item_key,
        edition_number,
        case
            when
                lead(edition_number) over in_order = edition_number + 1
                and not lead(is_sound) over in_order
                then null
            else edition_number + 1
        end as ends_with

    from key_states

    window in_order as (partition by file, item_key order by edition_number)

),

endings as (

    select
        file,
        item_key,
        edition_number,
        first_value(ends_with ignore nulls) over (
            partition by file, item_key
            order by edition_number
            rows between current row and unbounded following
        ) as ends_with

    from next_states

)

select
    -- the row
    judged.row_id,
    'reference' as source,
    'rows' as source_table,
    judged.load_id,
    judged.load_date,
    judged.landed_at,
    judged.owner,
    judged.file,
    judged.sheet,
    judged.line,
    judged.owner || '/' || judged.item_key as record_key,

    -- times
    judged.business_date,
    judged.landed_at as version_at,
    cast(null as timestamp) as recorded_at,

    -- the verdict
    {{ verdict(in_force='is_in_force and not is_repetition', has_odd_rows=true) }},
    cast(null as varchar) as warning,
    judged.faults,

    -- fields
    judged.item_key,
    case
        when judged.faults is not null then null
        when judged.edition_number = 1 then cast('1900-01-01' as date)
        else judged.edition_date
    end as valid_from,
    case
        when judged.edition_number is not null and judged.faults is null
            then coalesce(next_editions.load_date, cast('9999-12-31' as date))
    end as valid_to,
    judged.cells

from judged
left join endings
    on
        judged.file = endings.file
        and judged.item_key = endings.item_key
        and judged.edition_number = endings.edition_number
left join editions as next_editions
    on
        endings.file = next_editions.file
        and endings.ends_with = next_editions.edition_number
