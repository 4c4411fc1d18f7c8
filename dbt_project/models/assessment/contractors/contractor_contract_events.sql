-- Penalties and bonuses of the contract, in the month they occurred. A register may
-- list a month's events or all events so far: the newest register that has one says
-- it last.
with

events as (

    select
        *,
        {{ month_start('coalesce(occurred_date, register_month)') }} as month_start

    from {{ ref('stg_registers__contract_events') }}

),

newest as (

    select * from events

    qualify
        row_number() over (
            partition by month_start, event_no
            order by register_month desc
        ) = 1

)

select
    -- ids
    contractor_months.contractor_code,
    contractor_months.month,
    contractor_months.month_start,
    newest.event_no,

    -- categories
    newest.event_type,
    scheme_events.event_text,
    scheme_events.forced_grade,
    newest.basis,

    -- measures
    scheme_events.points,
    scheme_events.fee_pct,

    -- times
    newest.occurred_date

from newest
inner join {{ ref('contractor_months') }} as contractor_months
    on
        newest.contractor_code = contractor_months.contractor_code
        and newest.month_start = contractor_months.month_start
inner join {{ source('ops', 'scheme_events') }} as scheme_events
    on
        contractor_months.scheme_key = scheme_events.scheme_key
        and newest.event_type = scheme_events.event_type
