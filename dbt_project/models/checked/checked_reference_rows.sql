-- F. Reference tables: the verdict on every visible row, edition by edition. The codes
-- are our own: F01 key missing or repeated, F02 value of the wrong type. An edition
-- holds from its own day until the next one; the first holds for all earlier days.
with

files as (

    select * from {{ ref('checked_files') }}

    where source = 'reference'

),

editions as (

    select
        load_id,
        file,
        case
            when
                row_number() over (partition by file order by load_date) = 1
                then cast('1900-01-01' as date)
            else load_date
        end as valid_from,
        coalesce(
            lead(load_date) over (partition by file order by load_date),
            cast('9999-12-31' as date)
        ) as valid_to

    from files

    where verdict = 'accepted'

),

reference_rows as (

    select
        parsed.*,
        files.business_date,
        files.verdict = 'accepted' as is_in_force,
        editions.valid_from,
        editions.valid_to,
        row_number() over (
            partition by parsed.load_id, parsed.file, parsed.item_key
            order by parsed.line
        ) as key_occurrence

    from {{ ref('parsed_reference_rows') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file
    left join editions
        on
            files.load_id = editions.load_id
            and files.file = editions.file

),

judged as (

    select
        *,
        case
            when lacks_key then 'F01'
            when key_occurrence > 1 then 'F01'
            when wrong_value is not null then 'F02'
        end as rule,
        case
            when defect is not null then '字段数与表头不符，读不出主键'
            when lacks_key then '缺少主键'
            when key_occurrence > 1 then '主键重复：' || item_key
            when wrong_value is not null then '取值类型不符：' || wrong_value
        end as message

    from reference_rows

)

select
    -- the row
    row_id,
    'reference' as source,
    'rows' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    owner || '/' || item_key as record_key,

    -- times
    business_date,
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
    item_key,
    valid_from,
    valid_to,
    cells

from judged
