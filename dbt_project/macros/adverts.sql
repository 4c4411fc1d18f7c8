{# What outdoor advertising must have on a day: a permit that is valid, #}
{% macro is_licensed(advert, day) -%}
    {{ advert }}.permit_from <= {{ day }}
    and {{ advert }}.permit_to >= {{ day }}
{%- endmacro %}

{# and an inspection passed in the twelve months before. #}
{% macro passed_inspection(advert, day) -%}
    {{ advert }}.last_inspection_result = '合格'
    and {{ advert }}.last_inspected_date <= {{ day }}
    and {{ advert }}.last_inspected_date > {{ add_months(day, -12) }}
{%- endmacro %}
