-- The fields of each landed step in the life of a case.
{% set times = ['event_at', 'new_due_at', 'updated_at'] %}
{% set required_texts = ['event_id', 'case_id', 'event_type', 'actor_role'] %}
{% set optional_texts = ['dept_code', 'to_dept_code', 'result'] %}

with

landed as (

    select
        *,
        {{ json_record('raw', times + required_texts + optional_texts) }} as record

    from {{ source('landed', 'case_events') }}

    {{ only_new_loads() }}

),

typed as (

    select
        -- the landed row
        row_id,
        load_id,
        load_date,
        landed_at,
        owner,
        file,
        sheet,
        line,
        record,

        -- ids
        {{ json_text('event_id') }} as event_id,
        {{ json_text('case_id') }} as case_id,
        {{ json_text('dept_code') }} as dept_code,
        {{ json_text('to_dept_code') }} as to_dept_code,

        -- categories
        {{ json_text('event_type') }} as event_type,
        {{ json_text('actor_role') }} as actor_role,
        {{ json_text('result') }} as result,

        -- times
        {{ json_time('event_at') }} as event_at,
        {{ json_time('new_due_at') }} as new_due_at,
        {{ json_time('updated_at') }} as updated_at

    from landed

)

select
    {{ all_columns_but('record') }},

    -- what cannot be read
    nullif(trim(event_id), '') is null as lacks_key,
    nullif(trim({{ json_text('updated_at') }}), '') is null as lacks_version,
    {{ unreadable_times('A03', times) }} as unreadable_times,
    {{ wrong_types(
        'A07',
        required_texts=required_texts,
        texts=optional_texts,
        required_times=['event_at']
    ) }} as wrong_types

from typed
