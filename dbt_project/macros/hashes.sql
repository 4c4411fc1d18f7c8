{# A 64-bit hash of some columns: xor of hashes tells whether a set has changed. #}
{% macro hash_of(columns) -%}
    hash(concat_ws('|', {% for column in columns -%}
        coalesce(cast({{ column }} as varchar), '-'){{ ', ' if not loop.last }}
    {%- endfor %}))
{%- endmacro %}

{# The hash of nothing. #}
{% macro no_hash() -%}
    cast(0 as ubigint)
{%- endmacro %}
