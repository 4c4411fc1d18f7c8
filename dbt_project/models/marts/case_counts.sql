-- How many cases were reported, and how many complaints were due, by month, town and
-- class: the counts that statistics for citizens are made of.
with

events as (

    select * from {{ ref('case_metric_events') }}

    where
        metric_id in ('registration_rate', 'complaint_closing_rate')
        and excluded_reason is null
        and town_code is not null
        and case_class is not null

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
        sum(
            case when metric_id = 'registration_rate' then denominator else 0 end
        ) as cases,
        sum(
            case when metric_id = 'complaint_closing_rate' then denominator else 0 end
        ) as complaints

    from events

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
    cast(counted.complaints as bigint) as complaints

from counted
left join towns
    on counted.town_code = towns.town_code
left join classes
    on counted.case_class = classes.case_class
