-- A source's days count from the first business date it ever gave us, by its sound
-- records: the event for the case platform, the day in the name for files, the first
-- poll for street lights, whose register and plans reach back and forward at will.
with

dates as (

    select
        'cases' as source,
        cast(coalesce(reported_at, updated_at) as date) as business_date

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

    where
        verdict != 'quarantined'
        and source != 'reference'

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
