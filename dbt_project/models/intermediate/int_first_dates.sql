-- A source's days count from the first business date it ever gave us: the first event
-- of the case platform's sound records, the day in the name of a file (one refused whole
-- has been sent all the same), the first sound poll of the street lights, whose register
-- and plans reach back and forward at will.
with

dates as (

    select
        'cases' as source,
        -- Where no report is noted the case shows itself by its next step.
        cast(
            coalesce(
                reported_at,
                least(
                    accepted_at, registered_at, dispatched_at, disposed_at, closed_at
                ),
                updated_at
            ) as date
        ) as business_date

    from {{ ref('checked_cases') }}

    where verdict != 'quarantined'

    union all

    select
        'case_events' as source,
        cast(coalesce(event_at, updated_at) as date) as business_date

    from {{ ref('checked_case_events') }}

    where verdict != 'quarantined'

    union all

    select
        'callbacks' as source,
        cast(coalesce(called_at, updated_at) as date) as business_date

    from {{ ref('checked_callbacks') }}

    where verdict != 'quarantined'

    union all

    select
        source,
        file_date as business_date

    from {{ ref('checked_files') }}

    where source != 'reference'

    union all

    select
        'lighting' as source,
        business_date

    from {{ ref('checked_lamp_telemetry_counts') }}

    where accepted > 0

)

select
    source,
    min(business_date) as first_date

from dates

group by source
