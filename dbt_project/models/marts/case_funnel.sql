-- How far cases got: of those reported in a month, how many reached each stage; null
-- where nobody notes the stage.
with

cases as (

    select
        cases.*,
        {{ month_start('cases.reported_at') }} as month_start

    from {{ ref('stg_cases__cases') }} as cases

    where
        cases.is_urban_management
        and cases.status not in ('作废', '不予受理')
        and cases.master_case_id is null
        and cases.reported_at is not null

),

absent as (

    select
        month_start,
        list(field) as fields

    from {{ ref('int_absent_fields') }}

    where feed = 'cases'

    group by month_start

),

counted as (

    select
        areas.area_code,
        cases.month_start,
        count(*) as reported,
        count(cases.accepted_at) as accepted,
        count(cases.registered_at) as registered,
        count(cases.dispatched_at) as dispatched,
        count(cases.disposed_at) as disposed,
        count(cases.closed_at) as closed

    from cases
    inner join {{ ref('int_areas') }} as areas
        on areas.town_code is null or cases.town_code = areas.town_code

    group by
        areas.area_code,
        cases.month_start

)

select
    counted.area_code,
    {{ period_label("'M'", 'counted.month_start') }} as month,
    counted.reported,
    {% for stage in ['accepted', 'registered', 'dispatched', 'disposed', 'closed'] %}
        case
            when coalesce(list_contains(absent.fields, '{{ stage }}_at'), false)
                then null
            else counted.{{ stage }}
        end as {{ stage }}
        {{- ',' if not loop.last }}
    {% endfor %}

from counted
left join absent
    on counted.month_start = absent.month_start
