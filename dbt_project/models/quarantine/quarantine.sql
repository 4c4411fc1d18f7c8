-- Every received unit that broke a rule, with the row as it came, for its owner: open
-- until a sound version of the same record or file arrives, or until it is waived.
{% set texts = [
    'cases',
    'case_events',
    'callbacks',
    'tickets',
    'sweeping',
    'inspection_sheets',
    'inspection_deductions',
    'register_rows',
    'reference_rows',
] %}
{% set typed = ['lamp', 'switch_plan', 'planned_outage', 'lamp_fault'] %}

with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

verdicts as (

    select * from {{ ref('verdicts') }}

),

refused as (

    select * from verdicts

    where verdict = 'quarantined'

),

-- What came in the refused rows, and in those alone: the landed tables are large.
received as (

    {% for table in texts %}
        select
            landed.row_id,
            landed.raw

        from {{ source('landed', table) }} as landed
        inner join refused
            on landed.row_id = refused.row_id

        union all

    {% endfor %}
    {% for table in typed %}
        select
            landed.row_id,
            {{ row_as_json('landed') }} as raw

        from {{ source('landed', table) }} as landed
        inner join refused
            on landed.row_id = refused.row_id

        {{ 'union all' if not loop.last }}
    {% endfor %}

),

broken_rows as (

    select
        refused.row_id,
        refused.source,
        refused.source_table,
        refused.load_id,
        refused.load_date,
        refused.owner,
        refused.file,
        refused.sheet,
        refused.line,
        refused.record_key,
        refused.business_date,
        refused.version_at,
        refused.rule,
        refused.message,
        refused.faults,
        received.raw

    from refused
    left join received
        on refused.row_id = received.row_id

    union all

    select
        row_id,
        source,
        source_table,
        load_id,
        load_date,
        owner,
        file,
        sheet,
        line,
        record_key,
        business_date,
        version_at,
        rule,
        message,
        faults,
        cast(raw as varchar) as raw

    from {{ ref('checked_lamp_telemetry') }}

),

-- A record is mended by a later sound version of it, a file by a later readable one.
sound_versions as (

    select
        source,
        source_table,
        record_key,
        load_id,
        load_date,
        business_date,
        version_at

    from verdicts

    where
        source in ('cases', 'case_events', 'callbacks', 'lighting')
        and verdict != 'quarantined'

),

sound_files as (

    select * from {{ ref('checked_files') }}

    where verdict != 'quarantined'

),

mended as (

    select
        broken_rows.row_id,
        min(
            greatest(sound_versions.load_date, sound_versions.business_date)
        ) as resolved_as_of

    from broken_rows
    inner join sound_versions
        on
            broken_rows.source = sound_versions.source
            and broken_rows.source_table = sound_versions.source_table
            and broken_rows.record_key = sound_versions.record_key
            and (
                broken_rows.version_at < sound_versions.version_at
                or (
                    broken_rows.load_id < sound_versions.load_id
                    and coalesce(
                        broken_rows.version_at <= sound_versions.version_at, true
                    )
                )
            )

    group by broken_rows.row_id

    union all

    select
        broken_rows.row_id,
        min(
            greatest(sound_files.load_date, sound_files.business_date)
        ) as resolved_as_of

    from broken_rows
    inner join sound_files
        on
            broken_rows.source = sound_files.source
            and broken_rows.file = sound_files.file
            and broken_rows.load_id < sound_files.load_id

    group by broken_rows.row_id

),

identified as (

    select
        broken_rows.*,
        md5(broken_rows.source || '|' || broken_rows.row_id) as quarantine_id,
        mended.resolved_as_of as mended_as_of

    from broken_rows
    left join mended
        on broken_rows.row_id = mended.row_id

),

waivers as (

    select
        quarantine_id,
        min(waived_as_of) as waived_as_of

    from {{ source('ops', 'waivers') }}

    group by quarantine_id

)

select
    -- ids
    identified.quarantine_id,
    identified.source,
    identified.source_table,
    identified.row_id,
    identified.load_id,

    -- why, and where it is
    identified.rule,
    identified.message,
    identified.faults,
    identified.owner,
    identified.file,
    identified.sheet,
    -- A file's owner looks for the line, a platform's for the record.
    case
        when identified.source in ('cases', 'case_events', 'callbacks')
            then coalesce(identified.record_key, cast(identified.line as varchar))
        else coalesce(cast(identified.line as varchar), identified.record_key)
    end as line_or_key,
    identified.record_key,
    identified.raw,

    -- status
    case
        when identified.mended_as_of is not null then 'resubmitted'
        when waivers.waived_as_of <= parameters.as_of_date then 'waived'
        else 'open'
    end as status,

    -- times
    identified.business_date,
    least(
        greatest(identified.load_date, identified.business_date),
        parameters.as_of_date
    ) as first_seen_as_of,
    case
        when identified.mended_as_of is not null
            then least(identified.mended_as_of, parameters.as_of_date)
        when waivers.waived_as_of <= parameters.as_of_date then waivers.waived_as_of
    end as resolved_as_of

from identified
cross join parameters
left join waivers
    on identified.quarantine_id = waivers.quarantine_id
