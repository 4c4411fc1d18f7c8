{# The area code of the county's own row. Another county sets CITYLEDGER_COUNTY_CODE. #}
{% macro county_code() -%}
    '{{ env_var('CITYLEDGER_COUNTY_CODE', '420323000000') }}'
{%- endmacro %}
