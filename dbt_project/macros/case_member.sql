{# The member of a dimension that a case answer speaks of. #}
{% macro case_member(events) -%}
    case dimensions.dimension
        when 'county' then {{ county_code() }}
        when 'town' then {{ events }}.town_code
        when 'department' then {{ events }}.dept_code
        when 'role' then {{ events }}.actor_role
        else {{ events }}.case_class
    end
{%- endmacro %}
