{% set claims = [] %}
{% for indicator in plan_indicators() %}
{% for claim in indicator.targets or [] %}
{% do claims.append((indicator, claim)) %}
{% endfor %}
{% endfor %}
{% for indicator, claim in claims %}
    select
        '{{ claim.claim_id }}' as claim_id,
        '{{ indicator.id }}' as indicator_id,
        cast({{ claim.value }} as double) as value,
        '{{ claim.op }}' as op,
        cast({{ claim.value_high if claim.value_high is defined else 'null' }}
            as double) as value_high,
        '{{ claim.unit }}' as unit,
        cast({{ claim.year or 2025 }} as integer) as year,
        cast({{ "'" ~ indicator.nature ~ "'" if indicator.nature else 'null' }}
            as varchar) as nature,
        '{{ claim.status }}' as status,
        '{{ claim.document or "竹山县城市管理“十四五”规划" }}' as document,
        '{{ claim.location }}' as location,
        '{{ claim.quote }}' as quote,
        cast('{{ claim.valid_from or "2021-01-01" }}' as date) as valid_from

    {{ 'union all' if not loop.last }}
{% endfor %}
