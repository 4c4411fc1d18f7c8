{# Two decimals, half up; through a decimal, so that 90.165 is not 90.1649999…. #}
{% macro two_decimals(number) -%}
    cast(round(cast({{ number }} as decimal(18, 8)), 2) as decimal(9, 2))
{%- endmacro %}
