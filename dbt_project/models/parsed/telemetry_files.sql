{{ config(materialized='view') }}
-- The landed telemetry files that the run for D may know: one row per file. As with
-- other files, a first landing counts for all earlier nights.
with

files as (

    select
        path,
        day,
        load_id,
        load_date,
        min(load_date) over (partition by day) as first_load_date

    from {{ source('ops', 'telemetry_files') }}

),

parameters as (

    select * from {{ source('ops', 'parameters') }}

)

select
    files.path,
    files.day,
    files.load_id,
    files.load_date

from files
cross join parameters

where
    files.day <= parameters.as_of_date
    and (
        files.load_date <= parameters.as_of_date
        or files.load_date = files.first_load_date
    )
