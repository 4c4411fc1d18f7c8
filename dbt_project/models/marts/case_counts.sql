-- How many cases were reported, and how many complaints were due, by month, town and
-- class: the counts that statistics for citizens are made of.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

-- Reports are counted whether or not anything is known of their handling.
events as (

    select
        {{ month_start('cases.reported_at') }} as month_start,
        cases.town_code,
        cases.kind || substr(cases.category_code, 1, 2) as case_class,
        1 as cases,
        0 as complaints

    from {{ ref('stg_cases__cases') }} as cases
    cross join parameters

    where
        cases.master_case_id is null
        and cases.reported_at <= parameters.as_of

    union all

    select
        month_start,
        town_code,
        case_class,
        0 as cases,
        1 as complaints

    from {{ ref('case_metric_events') }}

    where
        metric_id = 'complaint_closing_rate'
        and excluded_reason is null

),

towns as (

    select * from {{ ref('int_areas') }}

    where town_code is not null

),

classes as (

    select
        kind || substr(category_code, 1, 2) as case_class,
        kind || '·' || max_by(class_name, valid_from) as class_name

    from {{ ref('stg_reference__case_categories') }}

    group by
        kind,
        substr(category_code, 1, 2)

),

counted as (

    select
        month_start,
        town_code,
        case_class,
        sum(cases) as cases,
        sum(complaints) as complaints

    from events

    where town_code is not null and case_class is not null

    group by
        month_start,
        town_code,
        case_class

)

select
    strftime(counted.month_start, '%Y-%m') as month,
    counted.town_code,
    coalesce(towns.area_name, counted.town_code) as town_name,
    counted.case_class,
    coalesce(classes.class_name, counted.case_class) as class_name,
    cast(counted.cases as bigint) as cases,
    cast(
        case when absent.month_start is null then counted.complaints end as bigint
    ) as complaints

from counted
left join {{ ref('int_absent_metrics') }} as absent
    on
        absent.metric_id = 'complaint_closing_rate'
        and counted.month_start = absent.month_start
left join towns
    on counted.town_code = towns.town_code
left join classes
    on counted.case_class = classes.case_class
