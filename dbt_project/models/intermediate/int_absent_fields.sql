-- Fields that are absent in a month, as against empty in some records of it: of cases,
-- one that none of at least thirty cases reported, registered, disposed of or closed in
-- the month fills, or that no case has ever filled; of call-backs, one that none has ever
-- filled; of a register, a column that no row of the month fills. What needs such a field
-- has no figure for the month: nought would be an accusation, a hundred a lie.
{% set fields = needed_fields() %}
with

months as (

    select period_start as month_start from {{ ref('int_periods') }}

    where period_type = 'M'

),

dispatches as (

    select
        case_id,
        min(event_at) as dispatched_at

    from {{ ref('stg_cases__case_events') }}

    where event_type = 'dispatched'

    group by case_id

),

cases as (

    select
        cases.*,
        coalesce(cases.dispatched_at, dispatches.dispatched_at) as dispatch_at

    from {{ ref('stg_cases__cases') }} as cases
    left join dispatches
        on cases.case_id = dispatches.case_id

),

steps as (

    select
        case_id,
        unnest([reported_at, registered_at, disposed_at, closed_at]) as step_at

    from cases

),

populations as (

    select distinct
        case_id,
        {{ month_start('step_at') }} as month_start

    from steps

    where step_at is not null

),

filled as (

    select
        populations.month_start,
        count(*) as population,
    {% for field in fields['cases'] %}
        count(cases.{{ field }}) as {{ field }}
        {{- ',' if not loop.last }}
    {% endfor %}

    from populations
    inner join cases
        on populations.case_id = cases.case_id

    group by populations.month_start

),

cases_ever_filled as (

    select
    {% for field in fields['cases'] %}
            count({{ field }}) as {{ field }}
            {{- ',' if not loop.last }}
    {% endfor %}

    from cases

),

callbacks_ever_filled as (

    select
    {% for field in fields['callbacks'] %}
            count({{ field }}) as {{ field }}
            {{- ',' if not loop.last }}
    {% endfor %}

    from {{ ref('stg_cases__callbacks') }}

)

{% for field in fields['cases'] %}
    select
        'cases' as feed,
        '{{ field }}' as field,
        months.month_start

    from months
    cross join cases_ever_filled
    left join filled
        on months.month_start = filled.month_start

    where
        cases_ever_filled.{{ field }} = 0
        or (filled.population >= 30 and filled.{{ field }} = 0)

    union all
{% endfor %}

{% for field in fields['callbacks'] %}
    select
        'callbacks' as feed,
        '{{ field }}' as field,
        months.month_start

    from months
    cross join callbacks_ever_filled

    where callbacks_ever_filled.{{ field }} = 0

    union all
{% endfor %}

{% for feed, columns in fields.items() if feed.startswith('register:') %}
    {% set is_last_feed = loop.last %}
    {% for column in columns %}
        select
            '{{ feed }}' as feed,
            '{{ column }}' as field,
            register_month as month_start

        from {{ ref('stg_registers__' ~ feed.split(':')[1]) }}

        group by register_month

        having count({{ column }}) = 0

        {{ 'union all' if not (is_last_feed and loop.last) }}
    {% endfor %}
{% endfor %}
