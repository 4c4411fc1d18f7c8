{% for indicator in plan_indicators() %}
    select
        '{{ indicator.id }}' as indicator_id,
        cast({{ loop.index }} as integer) as plan_order,
        '{{ indicator.name_zh }}' as name_zh,
        '{{ indicator.name_en }}' as name_en,
        '{{ indicator.group_zh }}' as group_zh,
        '{{ indicator.unit }}' as unit,
        cast({{ "'" ~ indicator.nature ~ "'" if indicator.nature else 'null' }}
            as varchar) as nature,
        cast({{ "'" ~ indicator.direction ~ "'" if indicator.direction else 'null' }}
            as varchar) as direction,
        '{{ indicator.periods }}' as period_types,
        '{{ indicator.scope_zh }}' as scope_zh,
        '{{ indicator.formula_zh }}' as formula_zh,
        '{{ indicator.formula_version }}' as formula_version,
        '{{ indicator.source_systems }}' as source_systems,
        '{{ indicator.owner_zh }}' as owner_zh,
        cast(
            {{
                "'" ~ indicator.method_note_zh ~ "'"
                if indicator.method_note_zh else 'null'
            }} as varchar
        ) as method_note_zh

    {{ 'union all' if not loop.last }}
{% endfor %}
