-- The fields of each landed case version; the reporter's name, telephone and words stay
-- in the landed text and are only looked at for their type.
{% set times = [
    'reported_at', 'accepted_at', 'registered_at', 'dispatched_at',
    'due_at_original', 'due_at', 'stop_due_at', 'stopped_at',
    'disposed_at', 'checked_at', 'closed_at', 'suspended_at', 'resumed_at',
    'updated_at',
] %}
{% set required_texts = [
    'case_id', 'kind', 'category_code', 'channel', 'town_code', 'community_code',
    'status',
] %}
{% set optional_texts = [
    'grid_code', 'dept_code', 'contractor_code', 'reporter_name', 'reporter_phone',
    'description', 'master_case_id', 'resolution_means',
] %}
{% set numbers = ['lon', 'lat'] %}
{% set counts = ['rework_count', 'extension_count'] %}
{% set booleans = ['is_urban_management'] %}

with

landed as (

    select
        *,
        {{ json_record(
            'raw',
            times + required_texts + optional_texts + numbers + counts + booleans
        ) }} as record

    from {{ source('landed', 'cases') }}

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
        {{ json_text('case_id') }} as case_id,
        {{ json_text('category_code') }} as category_code,
        {{ json_text('town_code') }} as town_code,
        {{ json_text('community_code') }} as community_code,
        {{ json_text('grid_code') }} as grid_code,
        {{ json_text('dept_code') }} as dept_code,
        {{ json_text('contractor_code') }} as contractor_code,
        {{ json_text('master_case_id') }} as master_case_id,

        -- categories
        {{ json_text('kind') }} as kind,
        {{ json_text('channel') }} as channel,
        {{ json_text('status') }} as status,
        {{ json_text('resolution_means') }} as resolution_means,
        {{ json_boolean('is_urban_management') }} as is_urban_management,

        -- measures
        {{ json_number('lon') }} as lon,
        {{ json_number('lat') }} as lat,
        {{ json_integer('rework_count') }} as rework_count,
        {{ json_integer('extension_count') }} as extension_count,

        -- times
        {{ json_time('reported_at') }} as reported_at,
        {{ json_time('accepted_at') }} as accepted_at,
        {{ json_time('registered_at') }} as registered_at,
        {{ json_time('dispatched_at') }} as dispatched_at,
        {{ json_time('due_at_original') }} as due_at_original,
        {{ json_time('due_at') }} as due_at,
        {{ json_time('stop_due_at') }} as stop_due_at,
        {{ json_time('stopped_at') }} as stopped_at,
        {{ json_time('disposed_at') }} as disposed_at,
        {{ json_time('checked_at') }} as checked_at,
        {{ json_time('closed_at') }} as closed_at,
        {{ json_time('suspended_at') }} as suspended_at,
        {{ json_time('resumed_at') }} as resumed_at,
        {{ json_time('updated_at') }} as updated_at

    from landed

)

select
    {{ all_columns_but('record') }},

    -- what cannot be read
    nullif(trim(case_id), '') is null as lacks_key,
    nullif(trim({{ json_text('updated_at') }}), '') is null as lacks_version,
    {{ unreadable_times('A03', times) }} as unreadable_times,
    {{ wrong_types(
        'A07',
        required_texts=required_texts,
        texts=optional_texts,
        numbers=numbers,
        counts=counts,
        booleans=booleans,
        patterns={
            'category_code': ['[0-9]{4}', '4 位数字'],
            'grid_code': ['[0-9]{14,15}', '14 或 15 位数字'],
        },
        hidden=['reporter_name', 'reporter_phone', 'description']
    ) }} as wrong_types

from typed
