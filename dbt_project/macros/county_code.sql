{# The area code of the county's own row: cityledger/county.py has the same. #}
{% macro county_code() -%}
    '420323000000'
{%- endmacro %}
