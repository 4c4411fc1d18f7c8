-- I16: of the length of road that must be lit, the length that holds at least one lamp
-- in service on the day asked of.
select
    'road_segment' as record_type,
    segment_id as record_key,
    1 as record_count,

    period_type,
    period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    case when has_lamp then length_m else 0 end as numerator,
    length_m as denominator,
    cast(null as varchar) as excluded_reason,
    case when not has_lamp then '未装灯' end as note

from {{ ref('int_segments_to_be_lit') }}
