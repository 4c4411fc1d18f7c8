{#
  What a landed text says: text, numbers, dates, times, JSON fields. Every macro answers
  null for what it cannot read; nothing here guesses. Where DuckDB and Spark write this
  differently, the difference lives in this file.
#}

{# ---------------------------------------------------------------- landed rows #}

{# Landing is append-only: an incremental run reads the loads it has not parsed yet. #}
{% macro only_new_loads() -%}
    {%- if is_incremental() -%}
    where load_id not in (select known.load_id from {{ this }} as known)
    {%- endif -%}
{%- endmacro %}

{# The cells of a CSV or XLSX row by column header. #}
{% macro cells_of(raw) -%}
    try_cast(try_cast({{ raw }} as json) as map(varchar, varchar))
{%- endmacro %}

{# One cell without the blanks around it (also full-width ones); empty is null. #}
{% macro cell(header) -%}
    {{ trimmed("cells['" ~ header ~ "']") }}
{%- endmacro %}

{% macro trimmed(text) -%}
    nullif(
        trim(
            {{ text }},
            ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)
        ),
        ''
    )
{%- endmacro %}

{% macro all_columns_but(column) -%}
    * exclude ({{ column }})
{%- endmacro %}

{# A typed row of a database as one JSON object, without what landing added to it. #}
{% macro row_as_json(relation) -%}
    cast(
        json_merge_patch(
            to_json({{ relation }}),
            '{"row_id": null, "load_id": null, "load_date": null, "landed_at": null}'
        ) as varchar
    )
{%- endmacro %}

{% macro one_row_per_item(items) -%}
    unnest({{ items }})
{%- endmacro %}

{# Items of a list written with commas, blanks around them removed. #}
{% macro listed_items(text) -%}
    list_transform(split({{ text }}, ','), lambda item: trim(item))
{%- endmacro %}

{# -------------------------------------------------------------------- numbers #}

{% macro as_number(text) -%}
    case
        when
            regexp_full_match(
                {{ text }},
                '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?'
            )
            then try_cast({{ text }} as double)
    end
{%- endmacro %}

{% macro as_integer(text) -%}
    case
        when regexp_full_match({{ text }}, '[+-]?[0-9]+([.]0*)?')
            then try_cast({{ text }} as bigint)
    end
{%- endmacro %}

{#
  A weight as weighbridges print it: full-width digits, comma and point are read as
  their half-width selves; a comma is a thousands separator only where one belongs.
#}
{% macro as_weight(text) -%}
    case
        when
            regexp_full_match(
                {{ half_width(text) }},
                '[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]*)?'
            )
            then try_cast(replace({{ half_width(text) }}, ',', '') as double)
    end
{%- endmacro %}

{% macro half_width(text) -%}
    translate({{ text }}, '０１２３４５６７８９，．＋－', '0123456789,.+-')
{%- endmacro %}

{# -------------------------------------------------------------- dates and times #}

{# 2025-06-03, also as a spreadsheet's midnight. #}
{% macro as_date(text) -%}
    case
        when
            regexp_full_match(
                {{ text }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00(:00([.]0+)?)?)?'
            )
            then try_cast(substr({{ text }}, 1, 10) as date)
    end
{%- endmacro %}

{# 2025-06-03 08:15:00, the seconds may be left out. #}
{% macro as_local_time(text) -%}
    case
        when
            regexp_full_match(
                {{ text }},
                '[0-9]{4}-[0-9]{2}-[0-9]{2} ([01][0-9]|2[0-3]):[0-9]{2}'
                || '(:[0-9]{2}([.][0-9]+)?)?'
            )
            then try_cast({{ text }} as timestamp)
    end
{%- endmacro %}

{# Spreadsheets write a midnight as a bare date. #}
{% macro as_local_time_or_date(text) -%}
    coalesce({{ as_local_time(text) }}, cast({{ as_date(text) }} as timestamp))
{%- endmacro %}

{# A deadline that is a bare date ends with that day. #}
{% macro as_deadline(text) -%}
    case
        when length({{ text }}) = 10
            then cast({{ as_date(text) }} as timestamp) + interval 1 day
        else {{ as_local_time(text) }}
    end
{%- endmacro %}

{#
  ISO 8601 with its offset, as county time: eight hours east of UTC all year round, so
  plain arithmetic will do and no time zone database or session setting is asked.
#}
{% macro as_county_time(text) -%}
    case
        when
            regexp_full_match(
                {{ text }},
                '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-9]{2}'
                || '(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)'
            )
            then
                make_timestamp(
                    epoch_us(try_cast({{ text }} as timestamptz))
                    + cast(8 * 3600 as bigint) * 1000000
                )
    end
{%- endmacro %}

{# ----------------------------------------------------------------- JSON records #}

{# The named fields of a JSON object, each still JSON, in one pass over the text. #}
{% macro json_record(raw, names) -%}
    json_transform(
        try_cast({{ raw }} as json),
        '{ {%- for name in names %}"{{ name }}": "JSON"{{ ', ' if not loop.last }}
        {%- endfor -%} }'
    )
{%- endmacro %}

{# A field as text, whatever its JSON type. #}
{% macro json_text(name) -%}
    (struct_extract(record, '{{ name }}') ->> '$')
{%- endmacro %}

{# A time is a JSON string; a bare number is no time. #}
{% macro json_time(name) -%}
    case
        when json_type(struct_extract(record, '{{ name }}')) = 'VARCHAR'
            then {{ as_county_time(json_text(name)) }}
    end
{%- endmacro %}

{% macro json_boolean(name) -%}
    try_cast({{ json_text(name) }} as boolean)
{%- endmacro %}

{% macro json_number(name) -%}
    try_cast({{ json_text(name) }} as double)
{%- endmacro %}

{% macro json_integer(name) -%}
    try_cast({{ json_text(name) }} as bigint)
{%- endmacro %}

{# First of the named times that is given but cannot be read, with what was given. #}
{% macro first_unreadable_time(names) -%}
    case
        {%- for name in names %}
        when struct_extract(record, '{{ name }}') is not null and {{ name }} is null
            then '{{ name }}=' || {{ json_text(name) }}
        {%- endfor %}
    end
{%- endmacro %}

{#
  Name of the first field whose JSON type is not the contract's. `texts` may be null,
  `required_texts` may not; numbers may be null, counts and booleans may not.
#}
{% macro first_wrong_type(
    texts=[], required_texts=[], numbers=[], counts=[], booleans=[]
) -%}
    case
        {%- for name in required_texts %}
        when coalesce(json_type(struct_extract(record, '{{ name }}')), '') != 'VARCHAR'
            then '{{ name }}'
        {%- endfor %}
        {%- for name in texts %}
        when json_type(struct_extract(record, '{{ name }}')) != 'VARCHAR' then '{{ name }}'
        {%- endfor %}
        {%- for name in booleans %}
        when coalesce(json_type(struct_extract(record, '{{ name }}')), '') != 'BOOLEAN'
            then '{{ name }}'
        {%- endfor %}
        {%- for name in counts %}
        when coalesce(json_type(struct_extract(record, '{{ name }}')), '') != 'UBIGINT'
            then '{{ name }}'
        {%- endfor %}
        {%- for name in numbers %}
        when json_type(struct_extract(record, '{{ name }}')) not in ('UBIGINT', 'BIGINT', 'DOUBLE')
            then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}

{# Name of the first of some times that lies after a limit. #}
{% macro first_time_after(limit, times) -%}
    case
        {%- for time in times %}
        when {{ time }} > {{ limit }} then '{{ time.split('.')[-1] }}'
        {%- endfor %}
    end
{%- endmacro %}
