-- What each source gave for each of its days: registers and inspections have a day a
-- month, reference tables one per edition. Days before a source's first are listed only
-- where something of them was received.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

calendar as (

    select * from {{ source('ops', 'calendar') }}

),

first_dates as (

    select * from {{ ref('int_first_dates') }}

),

verdicts as (

    select * from {{ ref('verdicts') }}

),

files as (

    select * from {{ ref('checked_files') }}

),

loads as (

    select * from {{ source('ops', 'loads') }}

    where outcome = 'ok'

),

counts as (

    select
        source,
        business_date,
        count(*) filter (where verdict = 'accepted') as accepted,
        count(*) filter (where verdict = 'quarantined') as quarantined,
        count(*) filter (where verdict = 'superseded') as superseded,
        count(*) filter (where verdict = 'ignored') as ignored,
        max(recorded_at) as last_record_at,
        max(landed_at) as landed_at

    from verdicts

    group by
        source,
        business_date

    union all

    select
        'lighting' as source,
        business_date,
        accepted,
        quarantined,
        superseded,
        0 as ignored,
        last_record_at,
        cast(null as timestamp) as landed_at

    from {{ ref('checked_lamp_telemetry_counts') }}

    union all

    -- A readable file without a row is no unit, but its day was received.
    select
        source,
        business_date,
        0 as accepted,
        0 as quarantined,
        0 as superseded,
        0 as ignored,
        cast(null as timestamp) as last_record_at,
        max(landed_at) as landed_at

    from files

    where verdict != 'quarantined'

    group by
        source,
        business_date

),

received as (

    select
        source,
        business_date,
        sum(accepted) + sum(quarantined) + sum(superseded) + sum(ignored) as received,
        sum(accepted) as accepted,
        sum(quarantined) as quarantined,
        sum(superseded) as superseded,
        sum(ignored) as ignored,
        max(last_record_at) as last_record_at,
        max(landed_at) as landed_at

    from counts

    group by
        source,
        business_date

),

first_loads as (

    select
        source,
        min(load_date) as load_date

    from loads

    group by source

),

-- A month's register and its inspections are due when the month has ended. Nothing can
-- be late for days before the first load of all.
due_days as (

    select
        first_dates.source,
        calendar.day as business_date,
        first_dates.source not in ('registers', 'inspections')
        or {{ add_months('calendar.day', 1) }}
        <= {{ add_days('parameters.as_of_date', 1) }} as is_due,
        case
            when first_dates.source not in ('registers', 'inspections')
                then
                    {{ add_days(
                        'greatest(calendar.day, first_loads.load_date)', 1
                    ) }}
        end as in_time_until

    from first_dates
    cross join parameters
    inner join calendar
        on
            first_dates.first_date <= calendar.day
            and parameters.as_of_date >= calendar.day
            and (
                first_dates.source not in ('registers', 'inspections')
                or day(calendar.day) = 1
            )
    left join first_loads
        on first_dates.source = first_loads.source

),

source_days as (

    select
        coalesce(due_days.source, received.source) as source,
        coalesce(due_days.business_date, received.business_date) as business_date,
        coalesce(due_days.is_due, false) as is_due,
        due_days.in_time_until,
        coalesce(received.received, 0) as received,
        coalesce(received.accepted, 0) as accepted,
        coalesce(received.quarantined, 0) as quarantined,
        coalesce(received.superseded, 0) as superseded,
        coalesce(received.ignored, 0) as ignored,
        -- A day most of whose rows were refused did not come as it should.
        {{ is_mostly_refused('received.quarantined', 'received.received') }}
            as is_mostly_refused,
        received.last_record_at,
        received.landed_at

    from due_days
    full outer join received
        on
            due_days.source = received.source
            and due_days.business_date = received.business_date

),

-- Weighbridges and contractors: who should send a file each day.
senders as (

    select
        'weighbridge' as source,
        facility_id as owner,
        valid_from,
        valid_to,
        cast(null as date) as contract_from,
        cast(null as date) as contract_to

    from {{ ref('stg_reference__facilities') }}

    union all

    select
        'sanitation' as source,
        contractor_code as owner,
        valid_from,
        valid_to,
        contract_from,
        contract_to

    from {{ ref('stg_reference__contractors') }}

),

-- Registers: which are due each month; optional ones never are.
register_feeds as (

    select * from {{ ref('register_feeds') }}

    where not is_optional

),

expected_files as (

    select
        due_days.source,
        due_days.business_date,
        senders.owner

    from due_days
    inner join senders
        on
            due_days.source = senders.source
            and due_days.business_date >= senders.valid_from
            and due_days.business_date < senders.valid_to
            and (
                senders.contract_from is null
                or due_days.business_date >= senders.contract_from
            )
            and (
                senders.contract_to is null
                or due_days.business_date <= senders.contract_to
            )

    union all

    select
        due_days.source,
        due_days.business_date,
        register_feeds.register as owner

    from due_days
    inner join register_feeds
        on
            register_feeds.cadence = 'monthly'
            or (
                register_feeds.cadence = 'quarter_end'
                and month(due_days.business_date) in (3, 6, 9, 12)
            )
            or (
                register_feeds.cadence = 'january'
                and month(due_days.business_date) = 1
            )

    where due_days.source = 'registers'

),

readable_files as (

    select
        source,
        owner,
        business_date,
        min(load_date) as first_load_date

    from files

    where verdict != 'quarantined'

    group by
        source,
        owner,
        business_date

),

missing_files as (

    select
        expected_files.source,
        expected_files.business_date,
        count(*) as missing_count

    from expected_files
    left join readable_files
        on
            expected_files.source = readable_files.source
            and expected_files.business_date = readable_files.business_date
            and expected_files.owner = readable_files.owner

    where readable_files.owner is null

    group by
        expected_files.source,
        expected_files.business_date

),

-- When a day had arrived. The case platform and the street lights are asked what
-- changed: a day is covered by the first load for that day or a later one. A day of
-- files has arrived when the last of them first could be read.
arrivals as (

    select
        due_days.source,
        due_days.business_date,
        min(loads.load_date) as arrived_date,
        min_by(loads.finished_at, loads.load_id) as arrived_at

    from due_days
    inner join loads
        on
            due_days.source = loads.source
            and due_days.business_date <= loads.load_date

    where due_days.source in ('cases', 'case_events', 'callbacks', 'lighting')

    group by
        due_days.source,
        due_days.business_date

    union all

    select
        source,
        business_date,
        max(first_load_date) as arrived_date,
        cast(null as timestamp) as arrived_at

    from readable_files

    group by
        source,
        business_date

),

-- Lamps: thirty polls a day for each lamp with its own controller in service.
expected_polls as (

    select
        due_days.business_date,
        count(*) * 30 as expected

    from due_days
    inner join {{ ref('stg_lighting__lamps') }} as lamps
        on
            lamps.control = '单灯'
            and (
                lamps.in_service_from is null
                or due_days.business_date >= lamps.in_service_from
            )
            and (
                lamps.in_service_to is null
                or due_days.business_date <= lamps.in_service_to
            )

    where due_days.source = 'lighting'

    group by due_days.business_date

),

judged as (

    select
        source_days.*,
        arrivals.arrived_at,
        case
            when source_days.source = 'lighting' then expected_polls.expected
            else
                median(source_days.received) over (
                    partition by source_days.source
                    order by source_days.business_date
                    rows between 28 preceding and 1 preceding
                )
        end as expected,
        case
            when source_days.is_due and arrivals.source is null then '缺失'
            when
                source_days.is_due
                and missing_files.missing_count > 0
                then
                    case
                        when source_days.source = 'registers' then '迟到'
                        else '部分'
                    end
            when
                source_days.is_due
                and arrivals.arrived_date > source_days.in_time_until
                then '迟到'
            when source_days.is_mostly_refused then '部分'
            else '正常'
        end as status

    from source_days
    left join arrivals
        on
            source_days.source = arrivals.source
            and source_days.business_date = arrivals.business_date
    left join missing_files
        on
            source_days.source = missing_files.source
            and source_days.business_date = missing_files.business_date
    left join expected_polls
        on source_days.business_date = expected_polls.business_date

)

select
    source,
    business_date,
    cast(expected as double) as expected,
    cast(received as bigint) as received,
    cast(accepted as bigint) as accepted,
    cast(quarantined as bigint) as quarantined,
    cast(superseded as bigint) as superseded,
    cast(ignored as bigint) as ignored,
    last_record_at,
    coalesce(landed_at, arrived_at) as loaded_at,
    status

from judged
