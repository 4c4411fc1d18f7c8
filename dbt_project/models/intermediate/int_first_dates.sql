-- A source's days count from the first business date it ever gave us. The lamp
-- register and the switching plans reach back and forward at will; what starts the
-- street-light source is its first poll.
with

verdicts as (

    select * from {{ ref('verdicts') }}

),

telemetry_files as (

    select * from {{ ref('telemetry_files') }}

),

files as (

    select
        source,
        file_date as business_date

    from {{ ref('checked_files') }}

    where verdict != 'quarantined' and source not in ('reference')

),

rows_and_files as (

    select
        source,
        business_date

    from verdicts

    where
        verdict != 'quarantined'
        and source not in ('lighting', 'reference')

    union all

    select
        source,
        business_date

    from files

    union all

    select
        'lighting' as source,
        day as business_date

    from telemetry_files

)

select
    source,
    min(business_date) as first_date

from rows_and_files

group by source
