{# Stars of a public toilet (domain.md 5.2), without dividing what is compared. #}
{% macro toilet_stars(points, parts) -%}
    case
        when {{ points }} >= 95 * {{ parts }} then 5
        when {{ points }} >= 90 * {{ parts }} then 4
        when {{ points }} >= 85 * {{ parts }} then 3
        when {{ points }} >= 80 * {{ parts }} then 2
        when {{ points }} >= 70 * {{ parts }} then 1
        else 0
    end
{%- endmacro %}
