-- Fields that an indicator cannot do without: one row per indicator, feed and field.
{% set found = [] %}
{% for indicator in plan_indicators() if indicator.needs %}
    {% for feed, fields in indicator.needs.items() %}
        {% for field in fields %}
            {% do found.append((indicator.id, feed, field)) %}
        {% endfor %}
    {% endfor %}
{% endfor %}
{% for indicator_id, feed, field in found %}
    select
        '{{ indicator_id }}' as indicator_id,
        '{{ feed }}' as feed,
        '{{ field }}' as field

    {{ 'union all' if not loop.last }}
{% endfor %}
