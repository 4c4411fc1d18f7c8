{# A number as people write it: 14, not 14.0. #}
{% macro plain_number(number) -%}
    regexp_replace(cast({{ number }} as varchar), '\.0$', '')
{%- endmacro %}
