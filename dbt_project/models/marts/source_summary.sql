-- How each of the nine sources stands tonight, also one that has never given anything:
-- what came of the last four weeks, how much of it was refused, since when it is silent.
-- What answers every night and has given nothing for more than three days is silent.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

sources as (

    select * from {{ ref('source_owners') }}

),

health as (

    select * from {{ ref('source_health') }}

),

last_days as (

    select
        source,
        arg_max(status, business_date) as status,
        max(business_date) as business_date,
        max(business_date) filter (where received > 0) as last_received_date,
        max(last_record_at) as last_record_at,
        sum(received) as received_ever

    from health

    group by source

),

recent as (

    select
        health.source,
        sum(health.received) as received,
        sum(health.quarantined) as quarantined

    from health
    cross join parameters

    where health.business_date > {{ add_days('parameters.as_of_date', -28) }}

    group by health.source

),

last_loads as (

    select
        loads.source,
        max(loads.load_date) as last_loaded_for

    from {{ source('ops', 'loads') }} as loads
    cross join parameters

    where loads.outcome = 'ok' and loads.load_date <= parameters.as_of_date

    group by loads.source

),

unread as (

    select
        source,
        count(*) as files

    from {{ ref('unread_files') }}

    group by source

),

stated as (

    select
        sources.source,
        sources.name_zh,
        last_days.business_date,
        last_days.last_received_date,
        last_days.last_record_at,
        coalesce(recent.received, 0) as received,
        coalesce(recent.quarantined, 0) as quarantined,
        last_loads.last_loaded_for,
        coalesce(unread.files, 0) as unread_files,
        parameters.as_of_date,
        case
            when coalesce(last_days.received_ever, 0) = 0 then '从未到数'
            when
                {{ is_mostly_refused('recent.quarantined', 'recent.received') }}
                or recent.quarantined = nullif(recent.received, 0)
                then '多数不合格'
            when
                last_days.status = '正常'
                and sources.source not in ('registers', 'inspections', 'reference')
                and last_days.last_received_date
                < {{ add_days('parameters.as_of_date', -3) }}
                then '静默'
            else last_days.status
        end as status

    from sources
    cross join parameters
    left join last_days
        on sources.source = last_days.source
    left join recent
        on sources.source = recent.source
    left join last_loads
        on sources.source = last_loads.source
    left join unread
        on sources.source = unread.source

)

select
    source,
    name_zh,
    status,
    business_date,
    last_received_date,
    last_record_at,
    -- Registers, inspections and reference tables come when they come.
    case
        when source in ('registers', 'inspections', 'reference') then null
        else cast(date_diff('day', last_received_date, as_of_date) as bigint)
    end as silent_days,
    cast(received as bigint) as received,
    cast(quarantined as bigint) as quarantined,
    case
        when received > 0 then cast(quarantined as double) / received
    end as refused_share,
    cast(unread_files as bigint) as unread_files,
    last_loaded_for

from stated
