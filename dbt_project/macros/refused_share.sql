{# A feed more of whose rows than this were refused is never called normal. #}
{% macro most_refused_share() -%}
    0.5
{%- endmacro %}
