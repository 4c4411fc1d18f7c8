-- Every day of every urban trunk or secondary road segment that must be swept (F5,
-- I01), with what was done by machine that day. A day nobody reported is a day nothing
-- was done.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

first_date as (

    select min(first_date) as first_date from {{ ref('int_first_dates') }}

    where source = 'sanitation'

),

days as (

    select calendar.day

    from {{ source('ops', 'calendar') }} as calendar
    cross join parameters
    cross join first_date

    where
        calendar.day >= first_date.first_date
        and calendar.day <= parameters.as_of_date

),

segments as (

    select * from {{ ref('stg_reference__road_segments') }}

    where
        road_class in ('主干道', '次干道')
        and required_passes > 0

),

communities as (

    select * from {{ ref('stg_reference__communities') }}

    where in_urban_area

),

waivers as (

    select * from {{ ref('stg_reference__ops_waivers') }}

),

machine_passes as (

    select
        segment_id,
        work_date,
        sum(actual_passes) as done_passes

    from {{ ref('stg_sanitation__sweeping') }}

    where
        method = '机械'
        and coverage >= 0.9

    group by
        segment_id,
        work_date

),

waived as (

    select distinct
        waivers.segment_id,
        days.day

    from waivers
    inner join days
        on
            waivers.date_from <= days.day
            and waivers.date_to >= days.day
            and waivers.valid_from <= days.day
            and waivers.valid_to > days.day

)

select
    -- ids
    segments.segment_id,
    segments.contractor_code,
    communities.town_code,

    -- categories
    segments.road_class,
    waived.segment_id is not null as is_waived,

    -- measures
    segments.area_m2,
    segments.required_passes,
    coalesce(machine_passes.done_passes, 0) as done_passes,

    -- times
    days.day as work_date,
    {{ month_start('days.day') }} as month_start

from days
inner join segments
    on
        segments.valid_from <= days.day
        and segments.valid_to > days.day
inner join communities
    on
        segments.community_code = communities.community_code
        and communities.valid_from <= days.day
        and communities.valid_to > days.day
left join machine_passes
    on
        segments.segment_id = machine_passes.segment_id
        and days.day = machine_passes.work_date
left join waived
    on
        segments.segment_id = waived.segment_id
        and days.day = waived.day
