-- Cases that a contractor is said to have disposed of, against its own daily report: on
-- that day it should show work on a road of that community. Where the contractor holds
-- no road there, its report cannot tell.
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

    where
        contractor_code is not null
        and status not in ('作废', '不予受理')
        and master_case_id is null

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

segments as (

    select * from {{ ref('stg_reference__road_segments') }}

),

reports as (

    select * from {{ ref('stg_sanitation__files') }}

),

sweeping as (

    select * from {{ ref('stg_sanitation__sweeping') }}

),

disposed as (

    select
        cases.case_id,
        cases.contractor_code,
        cases.community_code,
        cast(cases.disposed_at as date) as work_date,
        months.period_start as month_start

    from cases
    inner join months
        on
            cases.disposed_at >= {{ midnight('months.period_start') }}
            and cases.disposed_at < {{ midnight('months.period_end') }}
            and cases.disposed_at <= months.as_of

),

-- The contractor's roads in the community on that day, and how many it reported.
roads as (

    select
        disposed.case_id,
        count(distinct segments.segment_id) as held,
        count(distinct sweeping.segment_id) as reported

    from disposed
    inner join segments
        on
            disposed.contractor_code = segments.contractor_code
            and disposed.community_code = segments.community_code
            and disposed.work_date >= segments.valid_from
            and disposed.work_date < segments.valid_to
    left join sweeping
        on
            disposed.contractor_code = sweeping.contractor_code
            and disposed.work_date = sweeping.work_date
            and segments.segment_id = sweeping.segment_id

    group by disposed.case_id

)

select
    'case_in_report' as check_id,
    disposed.month_start,
    disposed.contractor_code as owner_code,
    'case' as record_type,
    disposed.case_id as record_key,
    case
        when roads.held is null then 'not_comparable'
        when reports.contractor_code is null then 'only_first'
        when roads.reported = 0 then 'only_first'
        else 'both'
    end as outcome,
    case
        when roads.held is null then '该企业当日在该社区没有路段'
        when reports.contractor_code is null
            then cast(disposed.work_date as varchar) || ' 没有作业日报'
        when roads.reported = 0
            then cast(disposed.work_date as varchar) || ' 作业日报没有该社区路段'
    end as note

from disposed
left join roads
    on disposed.case_id = roads.case_id
left join reports
    on
        disposed.contractor_code = reports.contractor_code
        and disposed.work_date = reports.file_date
