-- What each facility took in a month against what is claimed that it can take. Claims
-- contradict each other: use is shown against the lowest and the highest, and a facility
-- is over capacity only beyond the highest. Capacity is never an indicator's denominator.
with

tickets as (

    select * from {{ ref('int_waste_tickets') }}

    where excluded_reason is null and direction = '进'

),

months as (

    select * from {{ ref('int_feed_periods') }}

    where feed = 'weighbridge' and period_type = 'M'

),

facilities as (

    select
        facilities_then.facility_id,
        months.period_start as month_start,
        max_by(facilities_then.name, facilities_then.valid_from) as facility_name,
        max_by(facilities_then.kind, facilities_then.valid_from) as facility_kind

    from {{ ref('stg_reference__facilities') }} as facilities_then
    inner join months
        on
            facilities_then.valid_from < months.period_end
            and facilities_then.valid_from <= months.as_of_date
            and facilities_then.valid_to > months.period_start

    group by
        facilities_then.facility_id,
        months.period_start

),

files as (

    select
        files.facility_id,
        months.period_start as month_start,
        count(*) as reported_days

    from {{ ref('stg_weighbridge__files') }} as files
    inner join months
        on
            files.file_date >= months.period_start
            and files.file_date < months.period_end

    group by
        files.facility_id,
        months.period_start

),

daily as (

    select
        facility_id,
        month_start,
        ticket_date,
        cast(sum(cast(net_kg as decimal(28, 3))) as double) / 1000 as tonnes

    from tickets

    group by
        facility_id,
        month_start,
        ticket_date

),

-- What is claimed of a facility by its name, or of its kind.
claims as (

    select
        facilities.facility_id,
        facilities.month_start,
        min(capacities.tonnes_per_day) as capacity_low,
        max(capacities.tonnes_per_day) as capacity_high,
        count(*) as claim_count,
        string_agg(
            capacities.claim_id || '：' || capacities.location
            || '“' || capacities.quote || '”', '；'
            order by capacities.claim_id
        ) as claims_text

    from facilities
    inner join {{ ref('facility_capacities') }} as capacities
        on
            facilities.facility_kind = capacities.facility_kind
            and coalesce(capacities.facility_id, facilities.facility_id)
            = facilities.facility_id

    where capacities.status = 'recorded'

    group by
        facilities.facility_id,
        facilities.month_start

),

judged_days as (

    select
        facilities.month_start,
        facilities.facility_id,
        facilities.facility_name,
        facilities.facility_kind,
        claims.capacity_low,
        claims.capacity_high,
        claims.claim_count,
        claims.claims_text,
        coalesce(files.reported_days, 0) as reported_days,
        daily.ticket_date,
        daily.tonnes

    from facilities
    left join claims
        on
            facilities.facility_id = claims.facility_id
            and facilities.month_start = claims.month_start
    left join files
        on
            facilities.facility_id = files.facility_id
            and facilities.month_start = files.month_start
    left join daily
        on
            facilities.facility_id = daily.facility_id
            and facilities.month_start = daily.month_start

),

monthly as (

    select
        month_start,
        facility_id,
        facility_name,
        facility_kind,
        capacity_low,
        capacity_high,
        claim_count,
        claims_text,
        reported_days,
        coalesce(cast({{ exact_sum('tonnes') }} as double), 0) as tonnes,
        max(tonnes) as peak_tonnes,
        max_by(
            ticket_date, { 'tonnes': tonnes, 'ticket_date': ticket_date }
        ) as peak_date,
        count(*) filter (where tonnes > capacity_low) as days_over_lowest,
        count(*) filter (where tonnes > capacity_high) as days_over_highest,
        min(ticket_date) filter (where tonnes > capacity_high) as first_day_over,
        max(ticket_date) filter (where tonnes > capacity_high) as last_day_over

    from judged_days

    group by
        month_start,
        facility_id,
        facility_name,
        facility_kind,
        capacity_low,
        capacity_high,
        claim_count,
        claims_text,
        reported_days

),

measured as (

    select
        *,
        case when reported_days > 0 then tonnes / reported_days end
            as tonnes_per_day

    from monthly

)

select
    {{ period_label("'M'", 'month_start') }} as month,
    facility_id,
    facility_name,
    facility_kind,
    cast(reported_days as bigint) as reported_days,
    tonnes,
    tonnes_per_day,
    peak_tonnes,
    peak_date,
    capacity_low,
    capacity_high,
    tonnes_per_day / capacity_high * 100 as use_low_pct,
    tonnes_per_day / capacity_low * 100 as use_high_pct,
    days_over_lowest,
    days_over_highest,
    first_day_over,
    last_day_over,
    case
        when capacity_high is null then '无能力依据'
        when tonnes_per_day is null then '无数据'
        when tonnes_per_day > capacity_high then '超负荷'
        when tonnes_per_day > capacity_low then '口径冲突区间'
        else '未超'
    end as status,
    coalesce(claim_count, 0) as claim_count,
    claims_text

from measured
