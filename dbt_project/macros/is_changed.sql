{# Two figures differ by more than the last digits of a floating-point number. #}
{% macro is_changed(new, old) -%}
    (
        ({{ new }} is null) != ({{ old }} is null)
        or abs({{ new }} - {{ old }}) > 1e-9 * greatest(1.0, abs({{ old }}))
    )
{%- endmacro %}
