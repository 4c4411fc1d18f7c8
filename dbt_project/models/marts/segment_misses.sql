-- Road segments by month, contractor and community: days that had to be swept and days
-- that were not swept as often as required. Passes beyond a day's requirement do not make
-- up for another day's.
with

segments as (

    select
        segment_id,
        max_by(road_name, valid_from) as road_name,
        max_by(community_code, valid_from) as community_code,
        max_by(length_m, valid_from) as length_m

    from {{ ref('stg_reference__road_segments') }}

    group by segment_id

),

communities as (

    select
        community_code,
        max_by(name, valid_from) as community_name

    from {{ ref('stg_reference__communities') }}

    group by community_code

),

counted as (

    select
        month_start,
        contractor_code,
        segment_id,
        town_code,
        road_class,
        count(*) as days,
        count(*) filter (
            where coalesce(done_passes, 0) < required_passes
        ) as days_missed,
        sum(required_passes) as required_passes,
        sum(least(coalesce(done_passes, 0), required_passes)) as done_passes,
        max(work_date) filter (
            where coalesce(done_passes, 0) < required_passes
        ) as last_missed_on

    from {{ ref('int_segment_days') }}

    where not is_waived

    group by
        month_start,
        contractor_code,
        segment_id,
        town_code,
        road_class

)

select
    {{ period_label("'M'", 'counted.month_start') }} as month,
    counted.contractor_code,
    counted.segment_id,
    coalesce(segments.road_name, counted.segment_id) as road_name,
    counted.road_class,
    coalesce(areas.area_name, counted.town_code, '未知乡镇') as town_name,
    coalesce(communities.community_name, segments.community_code, '未知社区')
        as community_name,
    counted.days,
    counted.days_missed,
    100.0 * cast(counted.days_missed as double) / counted.days as missed_pct,
    segments.length_m,
    cast(counted.required_passes as double) as required_passes,
    cast(counted.done_passes as double) as done_passes,
    100.0
    * cast(counted.done_passes as double)
    / nullif(cast(counted.required_passes as double), 0) as done_pct,
    counted.last_missed_on

from counted
left join segments
    on counted.segment_id = segments.segment_id
left join communities
    on segments.community_code = communities.community_code
left join {{ ref('int_areas') }} as areas
    on counted.town_code = areas.town_code
