-- The nights that are over by D 24:00, from the first poll on: each is the date of its
-- sunset. Of the nights before nobody knows whether a lamp was lit.
{{ config(materialized='view') }}
with

first_poll as (

    select first_date from {{ ref('int_first_dates') }}

    where source = 'lighting'

)

select calendar.day as night_date

from {{ source('ops', 'calendar') }} as calendar
cross join {{ source('ops', 'parameters') }} as parameters
cross join first_poll

where
    calendar.day >= first_poll.first_date
    and calendar.day < parameters.as_of_date
