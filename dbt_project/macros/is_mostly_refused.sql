{#
  Whether most of what a feed gave was refused: such a feed is never called normal. A
  handful of rows of one day says nothing yet.
#}
{% macro is_mostly_refused(quarantined, received) -%}
    coalesce({{ quarantined }} > 0.5 * {{ received }} and {{ received }} >= 10, false)
{%- endmacro %}
