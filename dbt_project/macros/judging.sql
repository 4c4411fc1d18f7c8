{#
  How a checked model judges a row. A fault is a rule's code, the predicate that finds it
  and the words that say what was found and what was expected. All faults of a row are
  listed, in code order; the row counts under the first.
#}

{% macro fault(rule, when, says) -%}
    {{ return({'rule': rule, 'when': when, 'says': says}) }}
{%- endmacro %}

{# Faults that an earlier model has already put into a list. #}
{% macro faults_in(column) -%}
    {{ return({'column': column}) }}
{%- endmacro %}

{# Every fault of a row as `RULE words`; null for a sound row. #}
{% macro judge(rules) -%}
    case
        when
            {%- for rule in rules %}
            {{ 'or ' if not loop.first -}}
            {{ 'len(' ~ rule.column ~ ') > 0' if rule.column else '(' ~ rule.when ~ ')' }}
            {%- endfor %}
            then
                list_filter(
                    {%- for rule in rules %}
                    {{ '|| ' if not loop.first -}}
                    {%- if rule.column -%}
                    coalesce({{ rule.column }}, cast([] as varchar []))
                    {%- else -%}
                    [case when {{ rule.when }} then '{{ rule.rule }} ' || {{ rule.says }} end]
                    {%- endif -%}
                    {%- endfor %},
                    lambda fault: fault is not null
                )
    end
{%- endmacro %}

{#
  Verdict, rule and message of a row that has been judged. `odd_row` is `total` for a line
  that sums others up, which is no record whatever it holds, and `note` for one that says
  who filled the sheet in, which is no record where it breaks a rule.
#}
{% macro verdict(in_force='true', has_odd_rows=false) -%}
    {%- set ignored = "(odd_row = 'total' or (odd_row = 'note' and faults is not null))" -%}
    case
        {%- if has_odd_rows %}
        when {{ ignored }} then 'ignored'
        {%- endif %}
        when faults is not null then 'quarantined'
        when not ({{ in_force }}) then 'superseded'
        else 'accepted'
    end as verdict,
    {%- if has_odd_rows %}
    case
        when coalesce({{ ignored }}, false) then null
        else left(faults[1], 3)
    end as rule,
    case
        when odd_row = 'total' then '合计、小计、平均等汇总行，不是记录'
        when {{ ignored }} then '制表、审核、备注等说明行，不是记录'
        else substr(array_to_string(faults, '；另 '), 5)
    end as message
    {%- else %}
    left(faults[1], 3) as rule,
    substr(array_to_string(faults, '；另 '), 5) as message
    {%- endif %}
{%- endmacro %}

{# A value as it is quoted to its owner, not longer than a line. #}
{% macro quoted(column, label=none) -%}
    '{{ label or column.split('.')[-1] }}='
    || left(coalesce(cast({{ column }} as varchar), ''), 60)
{%- endmacro %}

{% macro one_of(rule, column, values, label=none, may_be_empty=false) -%}
    {%- set listed = "'" ~ values | join("', '") ~ "'" -%}
    {%- set asked = column if may_be_empty else "coalesce(" ~ column ~ ", '')" -%}
    {{ return(fault(
        rule,
        asked ~ ' not in (' ~ listed ~ ')',
        "'取值不在约定内：' || " ~ quoted(column, label)
        ~ " || '（应为 " ~ values | join('、') ~ "）'"
    )) }}
{%- endmacro %}

{% macro must_not_precede(rule, later, earlier) -%}
    {{ return(fault(
        rule,
        later ~ ' < ' ~ earlier,
        "'时间先后颠倒：' || " ~ quoted(later) ~ " || ' 早于 ' || " ~ quoted(earlier)
    )) }}
{%- endmacro %}

{# A day that systems write where they mean that there is none. #}
{% macro stands_for_none(time) -%}
    left(cast({{ time }} as varchar), 10) in (
        '0001-01-01', '1753-01-01', '1899-12-30', '1970-01-01', '9999-12-31'
    )
{%- endmacro %}

{# A time before the county's history, or of the next century, cannot be read. #}
{% macro within_history(rule, columns) -%}
    {%- set faults = [] -%}
    {%- for column in columns -%}
        {%- set says -%}
            '时间无法采用：' || {{ quoted(column) }}
            || case
                when {{ stands_for_none(column) }}
                    then '（像是表示“没有”的日期，没有时请留空）'
                when {{ column }} < history_from
                    then '（早于本县记录的起点 ' || history_from || '）'
                else '（晚于 2100 年）'
            end
        {%- endset -%}
        {%- do faults.append(fault(
            rule, column ~ ' < history_from or ' ~ column ~ " >= '2101-01-01'", says
        )) -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{# A time that is later than the version that tells it, five minutes allowed. #}
{% macro not_after_version(rule, columns) -%}
    {%- set faults = [] -%}
    {%- for column in columns -%}
        {%- do faults.append(fault(
            rule,
            column ~ ' > updated_at + interval 5 minute',
            quoted(column) ~ " || ' 晚于 updated_at 5 分钟以上（' || "
            ~ quoted('updated_at') ~ " || '）'"
        )) -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{# Why a line of a file has no cells that could be trusted. #}
{% macro defect_says(column) -%}
    case {{ column }}
        when 'nul_bytes' then '行内含有空字符（NUL）'
        when 'cell_too_long' then '单元格超过 32767 个字符'
        else '字段数与表头不符'
    end
{%- endmacro %}

{# A rule that only asks lines whose cells can be told apart. #}
{% macro of_a_line(rule) -%}
    {{ return(fault(rule.rule, 'defect is null and ' ~ rule.when, rule.says)) }}
{%- endmacro %}

{# Whether a cell of the contract is an error, those with a rule of their own left out. #}
{% macro unreadable_but(columns) -%}
    len(
        list_filter(
            split(unreadable, '；'),
            lambda cell: split_part(cell, '=', 1) not in (
                '{{ columns | join("', '") }}'
            )
        )
    ) > 0
{%- endmacro %}

{# Only starts and ends of works, service and plans may be "for ever". #}
{% macro finite_time(rule, column) -%}
    {{ return(fault(
        rule, 'isinf(' ~ column ~ ')', "'不能是无限期：' || " ~ quoted(column)
    )) }}
{%- endmacro %}

{% macro not_negative(rule, column) -%}
    {{ return(fault(
        rule,
        column ~ ' < 0 or not isfinite(' ~ column ~ ')',
        "'应为不小于 0 的数：' || " ~ quoted(column)
    )) }}
{%- endmacro %}
