select
    night_date,
    town_code,
    road_class,
    cast(coalesce(sum(record_count) filter (where verdict = '亮'), 0) as bigint)
        as lit,
    cast(coalesce(sum(record_count) filter (where verdict = '不亮'), 0) as bigint)
        as unlit,
    cast(coalesce(sum(record_count) filter (where verdict = '未知'), 0) as bigint)
        as unknown,
    cast(coalesce(sum(record_count) filter (where verdict = '计划停'), 0) as bigint)
        as planned,
    cast(
        coalesce(sum(record_count) filter (where verdict = 'no_plan'), 0) as bigint
    ) as no_plan

from {{ ref('int_lamp_night_records') }}

group by
    night_date,
    town_code,
    road_class
