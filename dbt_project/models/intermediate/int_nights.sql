-- The nights that are over by D 24:00, from the first period on: each is the date of its
-- sunset.
{{ config(materialized='view') }}
with

first_period as (

    select min(period_start) as first_day from {{ ref('int_periods') }}

    where period_type = 'M'

)

select calendar.day as night_date

from {{ source('ops', 'calendar') }} as calendar
cross join {{ source('ops', 'parameters') }} as parameters
cross join first_period

where
    calendar.day >= first_period.first_day
    and calendar.day < parameters.as_of_date
