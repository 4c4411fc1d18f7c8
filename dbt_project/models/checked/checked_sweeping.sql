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
        and segments.segment_id is not null
        and coalesce(segments.contractor_code, '') != sweeping.contractor_code
            as is_foreign_segment

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
        {{ judge([
            fault(
                'C01', 'is_unknown_segment',
                "'路段不在参照表：' || " ~ quoted('segment_id', '路段编码')
            ),
            fault(
                'C01', 'is_foreign_segment',
                "'当日不是本单位的路段：' || " ~ quoted('segment_id', '路段编码')
            ),
            fault(
                'C02', 'coalesce(required_passes_reported, -1) < 0',
                "'数值超出范围：' || " ~ quoted('required_passes_text', '应作业趟次')
                ~ " || '（应为不小于 0 的整数）'"
            ),
            fault(
                'C02', 'coalesce(actual_passes, -1) < 0',
                "'数值超出范围：' || " ~ quoted('actual_passes_text', '实际趟次')
                ~ " || '（应为不小于 0 的整数）'"
            ),
            fault(
                'C02', 'coalesce(coverage, -1) not between 0 and 1',
                "'数值超出范围：' || " ~ quoted('coverage_text', '覆盖率')
                ~ " || '（应为 0 到 1）'"
            ),
            fault('C02', 'defect is not null', defect_says('defect')),
            fault(
                'C02', unreadable_but(['日期', '应作业趟次', '实际趟次', '覆盖率']),
                "'单元格读不出来：' || left(unreadable, 120)"
            ),
            fault(
                'C03', 'work_date is null',
                "'日期无法识别：' || " ~ quoted('work_date_text', '日期')
            ),
            fault(
                'C03', 'work_date != file_date',
                "'日期与文件日期不符：' || " ~ quoted('work_date', '日期')
                ~ " || '（文件日期 ' || file_date || '）'"
            ),
            one_of('C04', 'method', ['机械', '人工'], '作业方式'),
        ]) }} as faults

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
    {{ verdict(in_force='is_in_force', has_odd_rows=true) }},
    cast(null as varchar) as warning,
    faults,

    -- fields
    contractor_code,
    work_date,
    segment_id,
    method,
    required_passes_reported,
    actual_passes,
    coverage

from judged
