-- C. Sanitation: the verdict on every row of every visible sweeping report. Whose road
-- it was is asked of the day of the work, not of today.
with

files as (

    select * from {{ ref('checked_files') }}

    where source = 'sanitation'

),

sweeping as (

    select
        parsed.*,
        files.verdict = 'accepted' as is_in_force

    from {{ ref('parsed_sweeping') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file

),

segments as (

    select
        item_key as segment_id,
        {{ cell('contractor_code') }} as contractor_code,
        valid_from,
        valid_to

    from {{ ref('checked_reference_rows') }}

    where owner = 'road_segments' and verdict = 'accepted'

),

-- A table that never came cannot convict anyone.
known_tables as (

    select count(*) > 0 as has_segments from segments

),

facts as (

    select
        sweeping.*,
        known_tables.has_segments and segments.segment_id is null
            as is_unknown_segment,
        known_tables.has_segments
        and coalesce(segments.contractor_code, '') != sweeping.contractor_code
            as is_foreign_segment,
        case
            when coalesce(sweeping.required_passes_reported, -1) < 0
                then '应作业趟次=' || coalesce(sweeping.required_passes_text, '')
            when coalesce(sweeping.actual_passes, -1) < 0
                then '实际趟次=' || coalesce(sweeping.actual_passes_text, '')
            when coalesce(sweeping.coverage, -1) not between 0 and 1
                then '覆盖率=' || coalesce(sweeping.coverage_text, '')
        end as number_out_of_range

    from sweeping
    cross join known_tables
    left join segments
        on
            sweeping.segment_id = segments.segment_id
            and coalesce(sweeping.work_date, sweeping.file_date)
            >= segments.valid_from
            and coalesce(sweeping.work_date, sweeping.file_date) < segments.valid_to

),

judged as (

    select
        *,
        case
            when is_unknown_segment then 'C01'
            when is_foreign_segment then 'C01'
            when number_out_of_range is not null then 'C02'
            when work_date is null then 'C03'
            when work_date != file_date then 'C03'
            when coalesce(method, '') not in ('机械', '人工') then 'C04'
        end as rule,
        case
            when is_unknown_segment
                then '路段不在参照表：' || coalesce(segment_id, '')
            when is_foreign_segment then '当日不是本单位的路段：' || segment_id
            when number_out_of_range is not null
                then '数值超出范围：' || number_out_of_range
            when work_date is null
                then '日期无法识别：' || coalesce(work_date_text, '')
            when work_date != file_date
                then '日期与文件日期不符：' || cast(work_date as varchar)
            when coalesce(method, '') not in ('机械', '人工')
                then '取值不在约定内：作业方式=' || coalesce(method, '')
        end as message

    from facts

)

select
    -- the row
    row_id,
    'sanitation' as source,
    'sweeping' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    contractor_code || '/' || cast(file_date as varchar) || '/' || segment_id
        as record_key,

    -- times
    file_date as business_date,
    landed_at as version_at,
    cast(work_date as timestamp) as recorded_at,

    -- the verdict
    case
        when rule is not null then 'quarantined'
        when not is_in_force then 'superseded'
        else 'accepted'
    end as verdict,
    rule,
    message,
    cast(null as varchar) as warning,

    -- fields
    contractor_code,
    work_date,
    segment_id,
    method,
    required_passes_reported,
    actual_passes,
    coverage

from judged
