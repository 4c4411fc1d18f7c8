-- I01: the area of urban trunk and secondary roads swept by machine as often as
-- required, against the area that had to be, by segment and day. More passes than
-- required do not make up for another day.
select
    'segment_day' as record_type,
    cast(work_date as varchar) || '/' || segment_id as record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    cast(null as varchar) as town_code,
    contractor_code,
    cast(null as varchar) as dept_code,

    area_m2 * least(done_passes, required_passes) / required_passes as numerator,
    area_m2 as denominator,
    case when is_waived then '作业豁免' end as excluded_reason,
    case
        when done_passes = 0 then '未作业'
        when done_passes < required_passes then '趟次不足'
    end as note

from {{ ref('int_segment_days') }}
