{# What decides about points and money is rounded half up, on exact decimals. #}

{#
  A score to two decimals. Nine decimals first: a sum of doubles that should be 91.535
  may lie a hair below it.
#}
{% macro half_up(value) -%}
    round(cast(round({{ value }}, 9) as decimal(18, 9)), 2)
{%- endmacro %}

{# A share of an amount of money, to the cent; both are decimals. #}
{% macro percent_of(amount, percent) -%}
    cast(
        round(
            {{ amount }}
            * cast({{ percent }} as decimal(12, 6))
            * cast(0.01 as decimal(3, 2)),
            2
        ) as decimal(14, 2)
    )
{%- endmacro %}

{# Double sums depend on their order in the last digit; these do not. #}
{% macro exact_sum(value) -%}
    sum(cast({{ value }} as decimal(38, 15)))
{%- endmacro %}

{# The texts of a group as a list, in order. #}
{% macro listed(text, position) -%}
    list({{ text }} order by {{ position }}, {{ text }})
{%- endmacro %}
