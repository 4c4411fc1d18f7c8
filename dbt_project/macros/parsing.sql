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

{#
  What a row of a file is that may be no record at all: `total` where its first cell says
  that it sums others up, `note` where it begins the words of who filled the sheet in.
#}
{% macro odd_row(raw='raw', defect='defect', cells='cells') -%}
    {%- set first_cell -%}
        list_filter(
            list_transform(
                case
                    when {{ defect }} is null then map_values({{ cells }})
                    else cast(json_extract(try_cast({{ raw }} as json), '$._fields') as varchar [])
                end,
                lambda written: {{ trimmed('written') }}
            ),
            lambda written: written is not null
        )[1]
    {%- endset -%}
    case
        -- Most rows hold none of these words: reading their cells again is saved.
        when
            not regexp_matches(
                {{ raw }}, '合计|小计|总计|累计|平均|制表|填表|审核|备注|说明'
            )
            then null
        when
            regexp_full_match({{ first_cell }}, '(合计|小计|总计|累计|平均)[ 　]*[:：]?')
            then 'total'
        when regexp_matches({{ first_cell }}, '^(制表|填表|审核|备注|说明)') then 'note'
    end
{%- endmacro %}

{# Cells of the contract that nobody can read (an error, a formula without a result). #}
{% macro unreadable_cells() -%}
    cells['_unreadable']
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
            and isfinite(try_cast({{ text }} as double))
            then try_cast({{ text }} as double)
    end
{%- endmacro %}

{# A share between 0 and 1, which may also be written in percent. #}
{% macro as_share(text) -%}
    case
        when regexp_full_match({{ half_width(text) }}, '[0-9]+([.][0-9]*)? *%')
            then try_cast(rtrim({{ half_width(text) }}, ' %') as double) / 100
        else {{ as_number(text) }}
    end
{%- endmacro %}

{#
  A number as an office writes it into a register, as plain digits: with separators of
  thousands, in full-width digits, followed by the unit of its column (`unit` lists the
  ways to write it, with bars between). What is no such number stays as it is.
#}
{% macro register_number(text, unit) -%}
    case
        when
            regexp_full_match(
                {{ without_unit(text, unit) }},
                '[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?'
            )
            then replace({{ without_unit(text, unit) }}, ',', '')
        else {{ without_unit(text, unit) }}
    end
{%- endmacro %}

{% macro without_unit(text, unit) -%}
    regexp_replace(
        {{ half_width(text) }}, ' *(' || coalesce({{ unit }}, '$') || ')$', '', 'i'
    )
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
    translate({{ text }}, '０１２３４５６７８９，．＋－％', '0123456789,.+-%')
{%- endmacro %}

{# -------------------------------------------------------------- dates and times #}

{#
  2025-06-03, 2025-6-3 or 2025/06/03, from 1900 to 2100: what lies outside is no date of
  a county but a cell that cannot be read.
#}
{% macro date_pattern() -%}
    (19[0-9]{2}|20[0-9]{2}|2100)[-/][0-9]{1,2}[-/][0-9]{1,2}
{%- endmacro %}

{% macro as_bare_date(text) -%}
    case
        when regexp_full_match({{ text }}, '{{ date_pattern() }}')
            then try_cast({{ text }} as date)
    end
{%- endmacro %}

{# Also as a spreadsheet's midnight. #}
{% macro as_date(text) -%}
    case
        when
            regexp_full_match(
                {{ text }}, '{{ date_pattern() }}( 0?0:00(:00([.]0+)?)?)?'
            )
            then try_cast(split_part({{ text }}, ' ', 1) as date)
    end
{%- endmacro %}

{# 2025-06-03 08:15:00; the seconds and leading zeros may be left out. #}
{% macro as_local_time(text) -%}
    case
        when
            regexp_full_match(
                {{ text }},
                '{{ date_pattern() }} ([01]?[0-9]|2[0-3]):[0-9]{2}'
                || '(:[0-9]{2}([.][0-9]+)?)?'
            )
            then try_cast({{ text }} as timestamp)
    end
{%- endmacro %}

{# A bare date is where its day begins. #}
{% macro as_start(text) -%}
    coalesce({{ as_local_time(text) }}, cast({{ as_bare_date(text) }} as timestamp))
{%- endmacro %}

{# A deadline that is a bare date ends with that day. #}
{% macro as_deadline(text) -%}
    coalesce(
        {{ as_local_time(text) }},
        cast({{ as_bare_date(text) }} as timestamp) + interval 1 day
    )
{%- endmacro %}

{#
  ISO 8601 with its offset, as county time: eight hours east of UTC all year round, so
  plain arithmetic will do and no time zone database or session setting is asked. Years
  outside 1900 to 2100 are no time of a county.
#}
{% macro as_county_time(text) -%}
    case
        when
            regexp_full_match(
                {{ text }},
                '(19[0-9]{2}|20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}'
                || '[T ]([01][0-9]|2[0-3]):[0-9]{2}'
                || '(:[0-9]{2}([.][0-9]+)?)?'
                || '(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)'
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

{# A field as text, whatever its JSON type; an empty text says as little as null. #}
{% macro json_text(name) -%}
    nullif(struct_extract(record, '{{ name }}') ->> '$', '')
{%- endmacro %}

{# A time is a JSON string; a bare number is no time. #}
{% macro json_time(name) -%}
    case
        when {{ json_kind(name) }} = 'VARCHAR'
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

{% macro json_kind(name) -%}
    json_type(struct_extract(record, '{{ name }}'))
{%- endmacro %}

{# What a field holds, for its owner; `hidden` where it may be about a person. #}
{% macro json_quoted(name, hidden=false) -%}
    {%- if hidden -%}
    '{{ name }}（内容不显示）'
    {%- else -%}
    '{{ name }}=' || left(coalesce({{ json_text(name) }}, '空'), 60)
    {%- endif -%}
{%- endmacro %}

{# The times that are given but cannot be read, all of them. #}
{% macro unreadable_times(rule, names) -%}
    {%- set faults = [] -%}
    {%- for name in names -%}
        {%- do faults.append(fault(
            rule,
            json_text(name) ~ ' is not null and ' ~ name ~ ' is null',
            "'时间无法识别：' || " ~ json_quoted(name) ~ ' || case when '
            ~ stands_for_none(json_text(name))
            ~ " then '（像是表示“没有”的日期，没有时请留空）'"
            ~ " else '（应为带时区的 ISO 8601 时间，如 2025-06-03T08:15:00+08:00）' end"
        )) -%}
    {%- endfor -%}
    {{ return(judge(faults)) }}
{%- endmacro %}

{#
  The fields whose JSON type is not the contract's, all of them. `texts` may be empty,
  `required_texts` and `required_times` may not; numbers may, counts and booleans may
  not. `patterns` maps texts to a form and its words; `hidden` are about persons.
#}
{% macro wrong_types(
    rule, texts=[], required_texts=[], required_times=[], numbers=[], counts=[],
    booleans=[], patterns={}, hidden=[]
) -%}
    {%- set faults = [] -%}
    {%- for name in required_texts + texts + booleans + counts + numbers + required_times -%}
        {%- set given = json_text(name) ~ ' is not null' -%}
        {%- set kind = json_kind(name) -%}
        {%- if name in required_texts -%}
            {%- set wrong = json_text(name) ~ ' is null or ' ~ kind ~ " != 'VARCHAR'" -%}
            {%- set expected = '应为非空文字' -%}
        {%- elif name in texts -%}
            {%- set wrong = given ~ ' and ' ~ kind ~ " != 'VARCHAR'" -%}
            {%- set expected = '应为文字' -%}
        {%- elif name in booleans -%}
            {%- set wrong = 'coalesce(' ~ kind ~ ", '') != 'BOOLEAN'" -%}
            {%- set expected = '应为 true 或 false' -%}
        {%- elif name in counts -%}
            {%- set wrong = 'coalesce(' ~ kind ~ ", '') != 'UBIGINT'" -%}
            {%- set expected = '应为不小于 0 的整数' -%}
        {%- elif name in numbers -%}
            {%- set wrong = given ~ ' and ' ~ kind
                ~ " not in ('UBIGINT', 'BIGINT', 'DOUBLE')" -%}
            {%- set expected = '应为数字' -%}
        {%- else -%}
            {%- set wrong = json_text(name) ~ ' is null' -%}
            {%- set expected = '不能为空' -%}
        {%- endif -%}
        {%- do faults.append(fault(
            rule,
            wrong,
            "'字段类型不符：' || " ~ json_quoted(name, name in hidden)
            ~ " || '（" ~ expected ~ "）'"
        )) -%}
    {%- endfor -%}
    {%- for name, pattern in patterns.items() -%}
        {%- do faults.append(fault(
            rule,
            'not regexp_full_match(' ~ json_text(name) ~ ", '" ~ pattern[0] ~ "')",
            "'字段类型不符：' || " ~ json_quoted(name) ~ " || '（应为 " ~ pattern[1] ~ "）'"
        )) -%}
    {%- endfor -%}
    {{ return(judge(faults)) }}
{%- endmacro %}
