-- The registry as a table: how each indicator's numbers are summed and judged.
{% for indicator in plan_indicators() %}
    select
        '{{ indicator.id }}' as indicator_id,
        cast({{ loop.index }} as integer) as plan_order,
        '{{ indicator.unit }}' as unit,
        '{{ indicator.periods }}' as periods,
        '{{ indicator.rollup }}' as rollup,
        '{{ indicator.begins_with }}' as begins_with,
        {{ 'true' if indicator.towns else 'false' }} as has_town_rows,
        cast({{ indicator.town_min_sample or 0 }} as bigint) as town_min_sample,
        cast({{ "'" ~ indicator.register ~ "'" if indicator.register else 'null' }}
            as varchar) as register,
        cast(
            {{ "'" ~ indicator.register_rule ~ "'" if indicator.register else 'null' }}
            as varchar
        ) as register_rule,
        '{{ indicator.formula_version }}' as formula_version,
        cast(
            {{ {'%': 100, '‱': 10000}.get(indicator.unit, 1) }} as double
        ) as unit_scale

    {{ 'union all' if not loop.last }}
{% endfor %}
