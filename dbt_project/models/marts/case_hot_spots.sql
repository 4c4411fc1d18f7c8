-- Where problems are reported: cases by community and month, the most first.
with

communities as (

    select
        community_code,
        max_by(name, valid_from) as community_name

    from {{ ref('stg_reference__communities') }}

    group by community_code

),

areas as (

    select * from {{ ref('int_areas') }}

),

cases as (

    select
        cases.*,
        {{ month_start('cases.reported_at') }} as month_start,
        coalesce(channels.is_citizen, false) as is_complaint

    from {{ ref('stg_cases__cases') }} as cases
    left join {{ ref('channels') }} as channels
        on cases.channel = channels.channel

    where
        cases.is_urban_management
        and cases.status not in ('作废', '不予受理')
        and cases.master_case_id is null
        and cases.reported_at is not null

),

counted as (

    select
        month_start,
        town_code,
        community_code,
        count(*) as cases,
        count(*) filter (where is_complaint) as complaints,
        count(*) filter (where closed_at is null) as still_open

    from cases

    group by
        month_start,
        town_code,
        community_code

)

select
    {{ period_label("'M'", 'counted.month_start') }} as month,
    coalesce(counted.town_code, '') as town_code,
    coalesce(areas.area_name, counted.town_code, '未知乡镇') as town_name,
    coalesce(counted.community_code, '') as community_code,
    coalesce(communities.community_name, counted.community_code, '未知社区')
        as community_name,
    counted.cases,
    counted.complaints,
    counted.still_open,
    cast(
        row_number() over (
            partition by counted.month_start
            order by
                counted.complaints desc,
                counted.cases desc,
                counted.community_code asc nulls last,
                counted.town_code asc nulls last
        ) as integer
    ) as position

from counted
left join communities
    on counted.community_code = communities.community_code
left join areas
    on counted.town_code = areas.town_code
