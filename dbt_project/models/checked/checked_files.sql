-- The verdict on every visible version of every file: refused whole (B10, C10, E10,
-- F10), replaced by a newer readable version, or in force. A file dated D or earlier is
-- visible from the night it was landed; its first landing counts for all nights before.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

files as (

    select
        *,
        min(load_id) over (partition by source, file) as first_load_id

    from {{ source('landed', 'files') }}

),

visible as (

    select
        files.*,
        parameters.as_of_date,
        -- Each night's edition of a reference table stays in force for its own time.
        case when files.source = 'reference' then files.load_date end as edition

    from files
    cross join parameters

    where
        coalesce(files.file_date, parameters.as_of_date) <= parameters.as_of_date
        and (
            files.load_date <= parameters.as_of_date
            or files.load_id = files.first_load_id
        )

),

judged as (

    select
        *,
        case
            when defect is null then cast(null as varchar)
            when source = 'weighbridge' then 'B10'
            when source in ('sanitation', 'inspections') then 'C10'
            when source = 'registers' then 'E10'
            else 'F10'
        end as rule

    from visible

),

ranked as (

    select
        *,
        row_number() over (
            partition by source, file, edition, rule is null
            order by load_id desc
        ) as version_rank

    from judged

)

select
    -- the unit
    row_id,
    source,
    'files' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    cast(null as varchar) as sheet,
    cast(null as bigint) as line,
    file as record_key,

    -- times
    least(coalesce(file_date, load_date), as_of_date) as business_date,
    landed_at as version_at,
    cast(null as timestamp) as recorded_at,

    -- the verdict
    case
        when rule is not null then 'quarantined'
        when version_rank > 1 then 'superseded'
        else 'accepted'
    end as verdict,
    rule,
    case when rule is not null then '整个文件被拒收：' || defect end as message,
    cast(null as varchar) as warning,
    case
        when rule is not null then [rule || ' 整个文件被拒收：' || defect]
    end as faults,

    -- fields
    file_date,
    file_hash,
    bytes,
    row_count

from ranked
