{#
  Whether most of what a feed gave was refused: such a feed is never called normal. Of a
  handful of rows only all of them say anything.
#}
{% macro is_mostly_refused(quarantined, received) -%}
    coalesce(
        {{ quarantined }} > 0.5 * {{ received }}
        and ({{ received }} >= 10 or {{ quarantined }} = {{ received }}),
        false
    )
{%- endmacro %}
