-- What each indicator needs: one row per indicator and feed.
{% for indicator in plan_indicators() %}
{% set last_indicator = loop.last %}
{% for feed in indicator.feeds %}
    select
        '{{ indicator.id }}' as indicator_id,
        '{{ feed }}' as feed

    {{ 'union all' if not (loop.last and last_indicator) }}
{% endfor %}
{% endfor %}
