-- The fields of each landed call-back.
{% set times = ['called_at', 'updated_at'] %}
{% set required_texts = ['callback_id', 'case_id'] %}
{% set optional_texts = ['rating'] %}
{% set counts = ['attempt_no'] %}
{% set booleans = ['reached'] %}

with

landed as (

    select
        *,
        {{ json_record(
            'raw', times + required_texts + optional_texts + counts + booleans
        ) }} as record

    from {{ source('landed', 'callbacks') }}

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
        {{ json_text('callback_id') }} as callback_id,
        {{ json_text('case_id') }} as case_id,

        -- categories
        {{ json_boolean('reached') }} as is_reached,
        {{ json_text('rating') }} as rating,

        -- measures
        {{ json_integer('attempt_no') }} as attempt_no,

        -- times
        {{ json_time('called_at') }} as called_at,
        {{ json_time('updated_at') }} as updated_at

    from landed

)

select
    {{ all_columns_but('record') }},

    -- what cannot be read
    nullif(trim(callback_id), '') is null as lacks_key,
    nullif(trim({{ json_text('updated_at') }}), '') is null as lacks_version,
    {{ unreadable_times('A03', times) }} as unreadable_times,
    {{ wrong_types(
        'A07',
        required_texts=required_texts,
        texts=optional_texts,
        counts=counts,
        booleans=booleans,
        required_times=['called_at']
    ) }} as wrong_types

from typed
