-- Every night that was run, and this one, whose end and audit publish writes in.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

past_runs as (

    select * from {{ source('ops', 'runs') }}

),

audits as (

    select * from {{ source('ops', 'audits') }}

),

health as (

    select * from {{ ref('source_health') }}

),

totals as (

    select
        sum(received) as rows_in,
        sum(accepted) as rows_accepted,
        sum(quarantined) as rows_quarantined,
        sum(superseded) as rows_superseded,
        sum(ignored) as rows_ignored

    from health

)

select
    past_runs.run_id,
    past_runs.as_of,
    past_runs.started_at,
    past_runs.finished_at,
    past_runs.outcome,
    past_runs.rows_in,
    past_runs.rows_accepted,
    past_runs.rows_quarantined,
    past_runs.rows_superseded,
    past_runs.rows_ignored,
    past_runs.code_version,
    audits.checks,
    audits.failures,
    audits.warnings

from past_runs
cross join parameters
left join audits
    on past_runs.run_id = audits.run_id

where past_runs.run_id != parameters.run_id

union all

select
    parameters.run_id,
    parameters.as_of_date as as_of,
    parameters.started_at,
    cast(null as timestamp) as finished_at,
    'running' as outcome,
    cast(totals.rows_in as bigint) as rows_in,
    cast(totals.rows_accepted as bigint) as rows_accepted,
    cast(totals.rows_quarantined as bigint) as rows_quarantined,
    cast(totals.rows_superseded as bigint) as rows_superseded,
    cast(totals.rows_ignored as bigint) as rows_ignored,
    parameters.code_version,
    cast(null as integer) as checks,
    cast(null as integer) as failures,
    cast(null as integer) as warnings

from parameters
cross join totals
