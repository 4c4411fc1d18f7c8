-- Every contractor under contract and every month since contractors first reported or
-- were inspected: its fee, by which version of the scheme it is scored, and until when
-- the figures may move. A frozen month keeps the version it was frozen by; any other
-- takes the newest that is valid by then.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

months as (

    select distinct
        period,
        period_start,
        period_end,
        cutoff_at,
        as_of_date,
        as_of

    from {{ ref('int_feed_periods') }}

    where
        feed in ('sanitation', 'inspections', 'register:contract_events')
        and period_type = 'M'

),

-- The contract as it stood on the month's last day, as far as it is known.
contracts as (

    select
        contractors.contractor_code,
        contractors.name as contractor_name,
        contractors.monthly_fee_yuan,
        contractors.contract_from,
        contractors.contract_to,
        months.period as month,
        months.period_start as month_start,
        months.period_end,
        months.cutoff_at,
        months.as_of

    from months
    inner join {{ ref('stg_reference__contractors') }} as contractors
        on
            contractors.valid_from < months.period_end
            and contractors.valid_from <= months.as_of_date
            and contractors.valid_to > months.period_start

    qualify
        row_number() over (
            partition by contractors.contractor_code, months.period_start
            order by contractors.valid_from desc
        ) = 1

),

frozen as (

    select
        score_ledger.contractor_code,
        score_ledger.month,
        score_ledger.scheme_key

    from {{ source('ops', 'score_ledger') }} as score_ledger
    inner join parameters
        on score_ledger.frozen_on <= parameters.as_of_date

),

versions as (

    select * from {{ source('ops', 'scheme_versions') }}

),

current_versions as (

    select
        months.period as month,
        versions.scheme_key

    from months
    inner join versions
        on
            versions.is_current
            and versions.valid_from <= months.period_start

    qualify
        row_number() over (
            partition by months.period
            order by versions.valid_from desc
        ) = 1

),

-- Appeals are filed and decided within so many working days of the month's end.
appeal_days as (

    select
        months.period as month,
        calendar.day,
        row_number() over (
            partition by months.period
            order by calendar.day
        ) as workday_number

    from months
    inner join {{ source('ops', 'calendar') }} as calendar
        on
            months.period_end <= calendar.day
            and {{ add_days('months.period_end', 90) }} > calendar.day

    where calendar.is_workday

),

scored_by as (

    select
        contracts.*,
        frozen.month is not null as is_frozen,
        coalesce(frozen.scheme_key, current_versions.scheme_key) as scheme_key

    from contracts
    left join frozen
        on
            contracts.contractor_code = frozen.contractor_code
            and contracts.month = frozen.month
    left join current_versions
        on contracts.month = current_versions.month

    -- Both ends of a contract are days of it.
    where
        coalesce(contracts.contract_from < contracts.period_end, true)
        and coalesce(contracts.contract_to >= contracts.month_start, true)

)

select
    -- ids
    scored_by.contractor_code,
    scored_by.contractor_name,
    scored_by.month,
    scored_by.month_start,
    scored_by.scheme_key,
    versions.scheme_version,

    -- measures
    cast(scored_by.monthly_fee_yuan as decimal(14, 2)) as fee_yuan,

    -- judgements
    coalesce(scored_by.contract_from > scored_by.month_start, false)
    or coalesce(
        scored_by.contract_to < {{ add_days('scored_by.period_end', -1) }}, false
    ) as is_part_of_month,
    scored_by.is_frozen,
    case
        when
            scored_by.as_of < {{ midnight(
                "coalesce(" ~ add_days('appeal_days.day', 1) ~ ", scored_by.period_end)"
            ) }}
            then '初报'
        else '终报'
    end as stage,

    -- times
    scored_by.cutoff_at,
    scored_by.as_of

from scored_by
inner join versions
    on scored_by.scheme_key = versions.scheme_key
left join appeal_days
    on
        scored_by.month = appeal_days.month
        and versions.appeal_workdays = appeal_days.workday_number
