-- What the warehouse itself knows of a contractor's work, record by record: roads
-- swept by machine (I01), cases disposed of in time (F1), weigh tickets complete, and
-- what citizens said of the cases closed (F6). A month whose cases lack a field that a
-- rate needs gives no records to it.
with

-- A ticket may break a rule and still have been received: the share of complete
-- tickets is the one figure that asks for the rows in quarantine too. Rows of
-- replaced files say nothing any more.
tickets as (

    select
        tickets.file || ':' || cast(tickets.line as varchar) as place,
        tickets.facility_id,
        tickets.ticket_id,
        tickets.haulier_code,
        tickets.ticket_status,
        tickets.verdict,
        tickets.rule,
        coalesce(cast(tickets.gross_at as date), tickets.file_date) as ticket_date

    from {{ ref('checked_tickets') }} as tickets
    inner join {{ ref('checked_files') }} as files
        on
            tickets.load_id = files.load_id
            and tickets.file = files.file
            and files.verdict = 'accepted'

    where
        tickets.haulier_code is not null
        and tickets.verdict in ('accepted', 'quarantined')

),

swept as (

    select
        contractor_code,
        period_start as month_start,
        'SWEEPING' as metric_id,
        record_type,
        record_key,
        numerator,
        denominator,
        excluded_reason,
        note

    from {{ ref('i01_mechanised_sweeping') }}

    where contractor_code is not null

),

absent as (

    select * from {{ ref('int_absent_metrics') }}

),

disposed as (

    select
        cases.contractor_code,
        cases.month_start,
        'DISPOSAL' as metric_id,
        'case' as record_type,
        cases.case_id as record_key,
        cast(cases.is_on_time as integer) as numerator,
        1 as denominator,
        cases.excluded_reason,
        case when not cases.is_on_time then '未按期处置' end as note

    from {{ ref('int_cases_due_for_disposal') }} as cases
    left join absent
        on
            absent.metric_id = 'on_time_disposal_rate'
            and cases.month_start = absent.month_start

    where
        cases.contractor_code is not null
        and cases.is_urban_management
        and absent.month_start is null

),

weighed as (

    select
        haulier_code as contractor_code,
        {{ month_start('ticket_date') }} as month_start,
        'TICKETS' as metric_id,
        'ticket' as record_type,
        -- A ticket in quarantine may lack its number or repeat another's: its file and
        -- line name it, which are the same whichever load brought them.
        case
            when verdict = 'accepted' then facility_id || '/' || ticket_id
            else place
        end as record_key,
        cast(
            verdict = 'accepted' and ticket_status != '补录' as integer
        ) as numerator,
        1 as denominator,
        case when ticket_status = '作废' then '作废' end as excluded_reason,
        case
            when verdict = 'quarantined' then '隔离 ' || rule
            when ticket_status = '补录' then '补录'
        end as note

    from tickets

),

rated as (

    select
        cases.contractor_code,
        cases.month_start,
        'RATING' as metric_id,
        'case' as record_type,
        cases.case_id as record_key,
        cast(cases.rating in ('满意', '基本满意') as integer) as numerator,
        1 as denominator,
        cases.excluded_reason,
        cases.rating as note

    from {{ ref('int_cases_closed') }} as cases
    left join absent
        on
            absent.metric_id = 'complaint_satisfaction_rate'
            and cases.month_start = absent.month_start

    where
        cases.contractor_code is not null
        and cases.is_urban_management
        and cases.rating is not null
        and absent.month_start is null

),

records as (

    select * from swept

    union all

    select * from disposed

    union all

    select * from weighed

    union all

    select * from rated

)

select
    -- ids
    contractor_months.contractor_code,
    contractor_months.month,
    contractor_months.month_start,
    records.metric_id,
    records.record_type,
    records.record_key,

    -- measures
    records.numerator,
    records.denominator,

    -- categories
    records.excluded_reason,
    records.note

from records
inner join {{ ref('contractor_months') }} as contractor_months
    on
        records.contractor_code = contractor_months.contractor_code
        and records.month_start = contractor_months.month_start
