-- Lamp-nights as records to be counted: each that was not simply lit, one by one, and
-- the lit ones together by night, town and road class. A year has millions of
-- lamp-nights: only those are judged again whose polls, plan, outages or lamps differ
-- from what they were when they were judged.
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='night_date'
    )
}}
with

inputs as (

    select * from {{ ref('int_lamp_night_inputs') }}

),

lamp_nights as (

    select
        lamp_nights.*,
        inputs.input_hash

    from {{ ref('int_lamp_nights') }} as lamp_nights
    inner join inputs
        on lamp_nights.night_date = inputs.night_date

    where {{ is_among('lamp_nights.night_date', changed_nights(this)) }}

)

select
    'lamp_night' as record_type,
    cast(night_date as varchar) || '/' || lamp_id as record_key,
    cast(1 as bigint) as record_count,
    night_date,
    {{ month_start('night_date') }} as month_start,
    town_code,
    road_class,
    verdict,
    cast(polled as bigint) as polled_count,
    input_hash

from lamp_nights

where verdict != '亮'

union all

select
    'lit_lamps' as record_type,
    cast(night_date as varchar)
    || '/' || coalesce(town_code, '-')
    || '/' || coalesce(road_class, '-') as record_key,
    count(*) as record_count,
    night_date,
    {{ month_start('night_date') }} as month_start,
    town_code,
    road_class,
    '亮' as verdict,
    cast(sum(polled) as bigint) as polled_count,
    input_hash

from lamp_nights

where verdict = '亮'

group by
    night_date,
    town_code,
    road_class,
    input_hash
